"""Brings the dashboards in Grafana to what is built: compare, skip what is equal, write the rest."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dashboards.grafana.documents import file_bytes
from dashboards.grafana.frame import FOLDER_TITLE, FOLDER_UID
from dashboards.grafana.gateway import GrafanaError, Stored

_SERVER_OWNED = ("id", "version")


class Gateway(Protocol):
    """What a push needs of Grafana; see `GrafanaGateway`."""

    def ensure_folder(self, uid: str, title: str) -> bool:
        """Make the folder if it is not there."""

    def dashboard(self, uid: str) -> Stored | None:
        """Return a dashboard, or None."""

    def save(self, document: Mapping[str, Any], folder_uid: str, message: str) -> None:
        """Write a dashboard."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one dashboard, with the difference as unified diff lines (empty if `same`)."""

    uid: str
    outcome: Literal["created", "changed", "same"]
    diff: tuple[str, ...]


def push(
    gateway: Gateway, built: Mapping[str, Mapping[str, Any]], message: str, *, dry_run: bool = False
) -> list[Pushed]:
    """Write the dashboards that differ; with `dry_run` only say which.

    Raises:
        GrafanaError: Grafana refused, could not be reached, or a dashboard is owned by a provisioned file.
    """
    found = {uid: gateway.dashboard(uid) for uid in built}
    plan = [_compare(uid, document, found[uid]) for uid, document in built.items()]
    changes = [each for each in plan if each.outcome != "same"]
    if dry_run or not changes:
        return plan
    owned = [uid for uid, stored in found.items() if stored and stored.provisioned]
    if owned:
        raise GrafanaError(
            f"{', '.join(owned)}: provisioned from files, which refuses the API; give them one owner"
        )
    gateway.ensure_folder(FOLDER_UID, FOLDER_TITLE)
    for each in changes:
        gateway.save(built[each.uid], FOLDER_UID, message)
    return plan


def _compare(uid: str, document: Mapping[str, Any], stored: Stored | None) -> Pushed:
    if stored is None:
        return Pushed(uid, "created", tuple(_diff(uid, {}, document)))
    if stored.folder_uid == FOLDER_UID and _plain(stored.document) == _plain(document):
        return Pushed(uid, "same", ())
    moved = (
        [] if stored.folder_uid == FOLDER_UID else [f"-folder {stored.folder_uid}", f"+folder {FOLDER_UID}"]
    )
    return Pushed(uid, "changed", (*moved, *_diff(uid, stored.document, document)))


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in _SERVER_OWNED}


def _diff(uid: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    old, new = (file_bytes(_plain(each)).decode().splitlines() if each else [] for each in (before, after))
    return difflib.unified_diff(old, new, f"grafana/{uid}", f"built/{uid}", lineterm="", n=2)
