"""Secrets from files, as containers give them: `..._PASSWORD_FILE` names the file that holds `..._PASSWORD`."""

from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

FILE = "_file"


class SecretsFromFiles(BaseSettings):
    """Settings of which a secret may stand in a file; a secret `x` has a field `x_file` beside it.

    A newline at the end of the file is none of the secret.

    Raises:
        pydantic.ValidationError: both are set, or the file cannot be read, is no text or is empty. Never shows the
            secret.
    """

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        known = dict(given)
        for name in secret_fields(cls):
            path = known.get(name + FILE)
            if path is None:
                continue
            secret, file = (cls.variable(each) for each in (name, name + FILE))
            if known.get(name):
                raise ValueError(f"both {secret} and {file} are set; keep one")
            known[name] = SecretStr(_read(Path(str(path)), file))
        return known

    @classmethod
    def variable(cls, field: str) -> str:
        """Return the environment variable of a field."""
        return f"{cls.model_config.get('env_prefix', '')}{field}".upper()


def secret_fields(model: type[BaseSettings]) -> list[str]:
    """Return the names of the fields that hold a secret."""
    return [name for name, field in model.model_fields.items() if is_secret(field)]


def is_secret(field: FieldInfo) -> bool:
    """Return whether a field holds a secret."""
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def _read(path: Path, variable: str) -> str:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ValueError(f"{variable}: {path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        # Without the cause: that would show the bytes.
        raise ValueError(f"{variable}: {path} is no UTF-8 text") from None
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise ValueError(f"{variable}: {path} is empty")
    return secret
