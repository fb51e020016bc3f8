"""A drill: an alert that goes the whole way to a chair and says in every line that it is none."""

from datetime import datetime
from typing import Any

from alerts.texts import Texts


def drill_alert(region: str, texts: Texts, begin: datetime, end: datetime) -> dict[str, Any]:
    """Return a test alert for the chair of a region, as Alertmanager's API takes it.

    It has the labels that routes look at, and `drill`, by which mails and the reconciler know it.
    """
    return {
        "startsAt": begin.isoformat(),
        "endsAt": end.isoformat(),
        "labels": {
            "alertname": "Drill",
            "drill": "OEFENING",
            "region": region,
            "norm": "oefening",
            "step": "1",
            "severity": "info",
            "role": "roaz-voorzitter",
            "audience": "chair",
        },
        "annotations": {
            "summary": f"proefbericht voor {texts.regions[region]}",
            "description": "Dit is een oefening. Er is niets aan de hand.",
            "action": "Niets. Kwam dit bericht aan, dan werkt de weg van Alertmanager naar u.",
            "meaning": "Zo ziet u of alarmen u bereiken. Over enkele minuten volgt het bericht dat het voorbij is.",
        },
    }
