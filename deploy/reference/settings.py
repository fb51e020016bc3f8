"""`docs/settings.md`: every environment variable, from the settings models."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from agents.settings import WorkerSettings
from dashboards.grafana.gateway import GrafanaSettings
from deploy.courier.settings import CourierSettings
from deploy.reference.docstrings import attributes_of
from streams.kafka import KafkaSettings
from streams.signing_keys import SigningSettings

MODELS: tuple[tuple[str, str, type[BaseSettings]], ...] = (
    ("Kafka", "Read by every command that speaks to Kafka; `--bootstrap` goes before it.", KafkaSettings),
    ("A worker", "Read by `ketenwacht worker`; its options go before them.", WorkerSettings),
    (
        "Signatures",
        "Read by workers, tickers and every command that writes control records.",
        SigningSettings,
    ),
    ("A courier", "Read by `ketenwacht courier`; its options go before them.", CourierSettings),
    ("Grafana", "Read by `ketenwacht dashboards push`.", GrafanaSettings),
)

_INTRODUCTION = """\
<!-- Made by `make generate` from the settings models; do not edit by hand. -->

# Settings

Every setting is an environment variable. They are read once, when a command starts. A value that cannot be used ends
the command with exit code 2 and a message that names it. Secrets are never printed.
"""
_REST = """\
## Elsewhere

| variable | read by | meaning |
|---|---|---|
| `XDG_CACHE_HOME` | `ketenwacht kafka up`, `ketenwacht demo --broker kafka`, tests | where the jars of Apache Kafka are kept; `~/.cache` without it |
| `CI` | tests | with `true` nothing of Apache Kafka may be skipped |
| `KETENWACHT_BOARD_URL` | `ketenwacht bemiddeling` | address of the live page, `http://127.0.0.1:8300/` without |
| `KETENWACHT_STACK`, `KETENWACHT_PART` | `ketenwacht down`, `ketenwacht ps` | not set by people: each part of a stack carries them, the folder of the run and its own name, and is found by them |
| `KETENWACHT_TEST_SEED` | tests | seed of what is drawn by chance; a test that fails prints it |
| `COMPOSE_PROFILES`, `KETENWACHT_DEMO_ALERTS`, `KETENWACHT_SECRETS`, `GRAFANA_ADMIN_PASSWORD_FILE`, `SMTP_PASSWORD_FILE` | docker compose | see `.env.example` |

Who gets which mail stands in `alerts/addresses.toml`, what is judged in `alerts/norms.toml`.
"""


def settings_markdown() -> str:
    """Return the page."""
    parts = [_INTRODUCTION]
    for title, who, model in MODELS:
        parts += [f"## {title}\n", f"{who}\n", _table(model)]
    return "\n".join([*parts, _REST])


def _table(model: type[BaseSettings]) -> str:
    prefix = model.model_config.get("env_prefix", "")
    told = attributes_of(model)
    rows = ["| variable | default | range | meaning |", "|---|---|---|---|"]
    rows += [
        f"| `{prefix}{name.upper()}` | {_default(field)} | {_range(field)} | {told[name]} |"
        for name, field in model.model_fields.items()
    ]
    return "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "none, must be set"
    return "none" if field.default is None else f"`{field.default}`"


def _range(field: FieldInfo) -> str:
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    if kind is SecretStr or SecretStr in get_args(kind):
        return "a secret"
    limits = " and ".join(_limits(field))
    return limits or "-"


def _limits(field: FieldInfo) -> Iterator[str]:
    for constraint in field.metadata:
        for name, sign in (("ge", "at least"), ("gt", "more than"), ("le", "at most")):
            value = getattr(constraint, name, None)
            if value is not None:
                yield f"{sign} {value:g}"
