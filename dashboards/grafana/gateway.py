"""The one place that speaks to Grafana: folder and dashboards by uid, with retries.

`grafana-api` is old and small: it has no retries and lets the errors of `requests` through. Everything that
must change when it is replaced is in this file. Only uid endpoints are used; numeric ids are on their way out.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import requests
import stamina
from grafana_api.grafana_api import GrafanaClientError, GrafanaException, GrafanaServerError
from grafana_api.grafana_face import GrafanaFace
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from streams.secret_files import SecretsFromFiles

UID_LENGTH_MAX = 40


class GrafanaSettings(SecretsFromFiles):
    """Where Grafana is and how to log in, from `KETENWACHT_GRAFANA_URL` and `..._TOKEN`.

    Attributes:
        url: address, with a path if Grafana lives below one.
        token: service account token with the role Editor; never printed.
        token_file: file that holds it, instead.
        timeout_s: how long to wait for an answer, seconds.
        attempts: how often to try, in all.
    """

    model_config = SettingsConfigDict(
        env_prefix="KETENWACHT_GRAFANA_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    url: str = Field(default="http://127.0.0.1:3000", pattern=r"^https?://[^\s/]+(/[^\s]*)?$")
    token: SecretStr
    token_file: Path | None = None
    timeout_s: float = Field(default=10, gt=0, le=120)
    attempts: int = Field(default=5, ge=1, le=20)


class GrafanaError(RuntimeError):
    """Grafana refused or could not be reached; the message says what and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A dashboard as Grafana holds it: the document, its folder, and whether a file owns it."""

    document: Mapping[str, Any]
    folder_uid: str
    provisioned: bool


class GrafanaGateway:
    """Folder and dashboards by uid. Use it as a context manager; it keeps one connection.

    Each method raises `GrafanaError`. What can pass by itself (no connection, 429, 5xx) is tried again.
    """

    def __init__(self, settings: GrafanaSettings) -> None:
        where = urlsplit(settings.url)
        prefix = f"{where.path.strip('/')}/" if where.path.strip("/") else ""
        self._attempts = settings.attempts
        self._face = GrafanaFace(
            auth=settings.token.get_secret_value(),
            host=where.hostname,
            port=where.port,
            protocol=where.scheme,
            url_path_prefix=prefix,
            timeout=settings.timeout_s,
        )

    def ensure_folder(self, uid: str, title: str) -> bool:
        """Make the folder if it is not there; return whether it was made. A title that differs stays."""
        if self._found(lambda: self._face.folder.get_folder(uid)) is not None:
            return False
        try:
            self._call(lambda: self._face.folder.create_folder(title, uid), f"create folder {uid}")
        except GrafanaConflict:
            return False  # somebody else was first, or an earlier attempt did arrive
        return True

    def dashboard(self, uid: str) -> Stored | None:
        """Return a dashboard, or None where there is none."""
        found = self._found(lambda: self._face.dashboard.get_dashboard(uid))
        if found is None:
            return None
        meta = found["meta"]
        return Stored(found["dashboard"], meta.get("folderUid", ""), bool(meta.get("provisioned")))

    def save(self, document: Mapping[str, Any], folder_uid: str, message: str) -> None:
        """Write a dashboard into a folder, over whatever has its uid; `message` goes into its history."""
        payload = {
            "dashboard": {**document, "id": None},
            "folderUid": folder_uid,
            "overwrite": True,
            "message": message,
        }
        uid = document["uid"]
        # A dashboard sent right after its new folder can be refused for a moment.
        self._call(
            lambda: self._face.dashboard.update_dashboard(payload), f"save dashboard {uid}", fresh=True
        )

    def close(self) -> None:
        """Close the connection."""
        self._face.api.s.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _found(self, ask: Callable[[], Any]) -> Any:
        try:
            return self._call(ask, "read")
        except GrafanaNotFound:
            return None

    def _call(self, ask: Callable[[], Any], what: str, *, fresh: bool = False) -> Any:
        with _translated(what):
            for attempt in stamina.retry_context(
                on=lambda error: _passes(error, fresh=fresh),
                attempts=self._attempts,
                timeout=60,
                wait_initial=0.2,
            ):
                with attempt:
                    return ask()
        raise AssertionError("unreachable: the last attempt returns or raises")


class GrafanaNotFound(GrafanaError):  # noqa: N818 - named after what happened
    """There is nothing with this uid."""


class GrafanaConflict(GrafanaError):  # noqa: N818 - named after what happened
    """Something with this uid or name is there already."""


def _passes(error: Exception, *, fresh: bool) -> bool:
    if isinstance(error, GrafanaServerError | requests.ConnectionError | requests.Timeout):
        return True
    if not isinstance(error, GrafanaClientError):
        return False
    about_folder = fresh and "folder" in str(error).lower()
    return error.status_code == 429 or (about_folder and error.status_code in {400, 404})


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except GrafanaException as error:
        status = error.status_code
        if status == 404:
            raise GrafanaNotFound(f"{what}: not found") from None
        if status in {409, 412}:
            raise GrafanaConflict(f"{what}: {error.message}") from None
        hint = {
            401: "; check KETENWACHT_GRAFANA_TOKEN",
            403: "; the service account needs the role Editor",
        }.get(status, "")
        raise GrafanaError(f"{what}: Grafana answers {status}: {error.message}{hint}") from None
    except (requests.RequestException, ValueError) as error:
        raise GrafanaError(f"{what}: no proper answer from Grafana ({type(error).__name__})") from error
