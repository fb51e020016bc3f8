"""The routes of Alertmanager: one receiver a region and role, one mail a breach, and nothing that falls through.

No care alert is ever held back: there are no mute times, no `max_alerts`, and the only inhibition is between
alerts on the chain itself (docs/adr).
"""

from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from alerts.addresses import CHAIRS, Addresses
from alerts.chain_rules import WATCHDOG
from alerts.norm import EVERY_CHAIR
from streams.regions import NL, ROAZ_IDS

HEADER = "# Made by `ketenwacht alerts build` from alerts/addresses.toml; do not edit by hand.\n"
OPERATIONS = "operations"
HEARTBEAT = "heartbeat"

_REGIONAL = {"roaz-voorzitter": "chair", "zorgverzekeraar": "insurer", "zorgaanbieder": "provider"}
_NATIONAL = ("lcps", "lnaz", "nza", "igj", "minister", "roaz-voorzitters")
_BREACH_GROUP = ("alertname", "region", "norm", "scope", "step")


def receiver_of(role: str, region: str) -> str:
    """Return the receiver of an alert; what nobody is named for goes to operations.

    In the country's alerts the LCPS stands where a region has its chair, insurer or provider; some reach every chair.
    """
    known = region in ROAZ_IDS or region == NL
    if role == EVERY_CHAIR and known:
        return CHAIRS
    if role in _NATIONAL and known:
        return role
    if role in _REGIONAL and known:
        return "lcps" if region == NL else f"{_REGIONAL[role]}-{region}"
    return OPERATIONS


def build_routes(addresses: Addresses) -> dict[str, Any]:
    """Return the content of Alertmanager's configuration; the mail templates lie beside it."""
    return {
        "global": _mail_server(addresses),
        "templates": ["*.tmpl"],
        "route": {
            # The root catches everything: an alert of an unknown region or role reaches operations.
            "receiver": OPERATIONS,
            "group_by": ["alertname", "norm"],
            "group_wait": "5s",
            "group_interval": "30s",
            "repeat_interval": "4h",
            "routes": [
                {
                    "receiver": HEARTBEAT,
                    "matchers": [f'alertname="{WATCHDOG}"'],
                    "group_by": ["alertname"],
                    "group_wait": "1s",
                    "group_interval": "5s",
                    "repeat_interval": "10s",
                },
                {"receiver": OPERATIONS, "matchers": ['audience="operations"']},
                *(_breach_route(role, region) for role in _REGIONAL for region in (*ROAZ_IDS, NL)),
                *(_breach_route(role, None) for role in _NATIONAL),
            ],
        },
        "inhibit_rules": [
            # Without workers these three are the same news, for the same people.
            {
                "source_matchers": ['alertname="WorkersDown"'],
                "target_matchers": ['alertname=~"WorkerDown|StateMissing|TicksStopped"'],
            },
        ],
        "receivers": [
            {"name": HEARTBEAT, "webhook_configs": [_webhook(addresses, resolved=False)]},
            *(_receiver(name, addresses) for name in receiver_names()),
        ],
    }


def receiver_names() -> list[str]:
    """Return the name of every receiver of people."""
    regional = [f"{kind}-{region}" for kind in _REGIONAL.values() for region in ROAZ_IDS]
    return [OPERATIONS, *regional, *(receiver_of(role, NL) for role in _NATIONAL)]


def route_files(addresses: Addresses) -> dict[str, str]:
    """Return what Alertmanager runs on, text by file name; the same input gives the same bytes."""
    config = yaml.safe_dump(build_routes(addresses), sort_keys=False, allow_unicode=True, width=110)
    mails = resources.files("alerts").joinpath("templates", "mail.tmpl").read_text("utf-8")
    return {"alertmanager.yml": HEADER + config, "mail.tmpl": mails}


def write_routes(folder: Path, addresses: Addresses) -> Path:
    """Write what Alertmanager runs on in a folder; return the path of its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in route_files(addresses).items():
        (folder / name).write_text(text, "utf-8")
    return folder / "alertmanager.yml"


def _breach_route(role: str, region: str | None) -> dict[str, Any]:
    among = f'region=~"{"|".join((*ROAZ_IDS, NL))}"' if region is None else f'region="{region}"'
    return {
        "receiver": receiver_of(role, region or NL),
        "matchers": [f'role="{role}"', among],
        # One group is one breach at one step, so one mail; the norm in the group keeps every breach its own.
        "group_by": list(_BREACH_GROUP),
        "group_wait": "1s",
        "group_interval": "5s",
        "repeat_interval": "12h",
    }


def _receiver(name: str, addresses: Addresses) -> dict[str, Any]:
    return {
        "name": name,
        "email_configs": [
            {
                "to": addresses.of(name),
                "send_resolved": True,
                "headers": {
                    "Subject": '{{ template "ketenwacht.subject" . }}',
                    "X-Ketenwacht-Region": "{{ .CommonLabels.region }}",
                    "X-Ketenwacht-Norm": "{{ .CommonLabels.norm }}",
                    "X-Ketenwacht-State": "{{ .Status }}",
                    # No holiday replies to a machine.
                    "Auto-Submitted": "auto-generated",
                    "X-Auto-Response-Suppress": "All",
                },
                "html": '{{ template "ketenwacht.html" . }}',
                "text": '{{ template "ketenwacht.text" . }}',
            }
        ],
        "webhook_configs": [_webhook(addresses, resolved=True)],
    }


def _webhook(addresses: Addresses, *, resolved: bool) -> dict[str, Any]:
    return {"url": addresses.webhook, "send_resolved": resolved}


def _mail_server(addresses: Addresses) -> dict[str, Any]:
    mail = addresses.mail
    settings: dict[str, Any] = {
        "smtp_smarthost": mail.smarthost,
        "smtp_from": mail.sender,
        "smtp_require_tls": mail.require_tls,
    }
    if mail.username:
        settings["smtp_auth_username"] = mail.username
        settings["smtp_auth_password_file"] = mail.password_file
    return settings
