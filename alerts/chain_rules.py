"""Alerts on the chain itself: what must be noticed when the monitor, not the care, is in trouble.

They go to operations only. Comparisons are with presence (`== 1`, `> 0`), so that they are the same live and
in a replay of the past; none reads a clock.
"""

from typing import Any

from alerts import metrics
from alerts.annotations import Links, chain_annotations
from alerts.texts import Texts
from streams.indicators import LOCATION_DOUBTS, SUSPECTS, UNHEARD

WATCHDOG = "Watchdog"
WORKER_JOB = "ketenwacht-worker"
_TICKS = metrics.TICKS.name
_LAG = metrics.LAG.name
_REFUSED = metrics.TICKS_REFUSED.name
_DEAD = f'sum by (topic) (increase({metrics.REPORTS.name}{{outcome="dead_lettered"}}[5m]))'
_DOUBTS = "|".join(metrics.CARE[name].name for name in LOCATION_DOUBTS)
_WORKERS = f'up{{job="{WORKER_JOB}"}}'


def chain_rules(texts: Texts, links: Links, known_norms: str) -> list[dict[str, Any]]:
    """Return the alerts on the chain; `known_norms` is a pattern of the norms that have alerts."""
    expressions = {
        "WorkersDown": (f"absent({_WORKERS} == 1)", "10s"),
        "WorkerDown": (f"{_WORKERS} unless {_WORKERS} == 1", "20s"),
        "WorkersNotReady": (
            f"absent({metrics.READY.name} == 1) unless on () absent({_WORKERS} == 1)",
            "30s",
        ),
        "WorkerNotReady": (f"{metrics.READY.name} unless {metrics.READY.name} == 1", "20s"),
        # The least of five minutes, so that no moment between two batches counts; a partition that stands still
        # grows by its ticks, one a second.
        "LagGrows": (
            (f"max by (stage, topic) (min_over_time({_LAG}[5m]) - min_over_time({_LAG}[5m] offset 5m)) > 0"),
            "5m",
        ),
        "TicksStopped": (
            (
                f"count by (stage) (last_over_time({_TICKS}[1h]))"
                f" unless on (stage) sum by (stage) (increase({_TICKS}[30s])) > 0"
            ),
            "15s",
        ),
        "TimeAhead": (f"max({metrics.TIME_AHEAD.name}) == 1", "5s"),
        "TicksRefused": (f"sum(increase({_REFUSED}[5m])) > 0", None),
        "EntriesRefused": (f"sum(increase({metrics.ENTRIES_REFUSED.name}[5m])) > 0", None),
        "StateMissing": ("count(region:breach:held unless on (region, norm, scope) region:breach:now)", "2m"),
        "NormUnknown": (f'region:breach:held{{norm!~"{known_norms}"}} == 1', None),
        "DeadLettersRising": (
            # Ticks that do not count have an alert of their own; `increase` extrapolates, so both may differ by a little.
            f"round({_DEAD} - (sum by (topic) (increase({_REFUSED}[5m])) or 0 * {_DEAD})) > 0",
            None,
        ),
        "RecordsLost": (f"{metrics.LOST.name} > 0", None),
        "EntriesLost": (f"{metrics.ENTRIES_LOST_AT.name} > 0", None),
        # Made-up names are one alert, however many there are.
        "UnknownSenders": (f"sum({metrics.UNKNOWN_SENDERS.name}) > 0", None),
        "LocationsInDoubt": (
            f'sum by (region, topic) ({{__name__=~"{_DOUBTS}", region!="NL"}}) > 0',
            None,
        ),
        "LocationsUnheard": (
            f'sum by (region, topic) ({metrics.CARE[UNHEARD].name}{{region!="NL"}}) > 0',
            None,
        ),
        # The country's are those of all regions with its own: one alert a topic, however many there are.
        "FiguresSuspect": (f'sum by (topic) ({metrics.CARE[SUSPECTS].name}{{region="NL"}}) > 0', None),
        "RulesFailing": (
            "sum by (instance) (increase(prometheus_rule_evaluation_failures_total[1m])) > 0",
            None,
        ),
        "AlertsNotSent": (
            "sum by (instance, alertmanager) (increase(prometheus_notifications_errors_total[1m])) > 0",
            None,
        ),
        "AlertmanagerDown": ('up{job="alertmanager"} unless up{job="alertmanager"} == 1', "10s"),
        "PrometheusDown": ('up{job="prometheus"} unless up{job="prometheus"} == 1', "10s"),
        "NotificationsFailing": (
            "sum by (integration) (increase(alertmanager_notifications_failed_total[1m])) > 0",
            None,
        ),
    }
    rules: list[dict[str, Any]] = [
        {
            "alert": WATCHDOG,
            "expr": "vector(1)",
            # A Prometheus that just started has not found Alertmanager yet; what it sends then is lost for a minute.
            "for": "10s",
            "labels": {"severity": "none", "audience": "heartbeat"},
            "annotations": {
                "summary": "Hartslag van de alarmketen",
                "description": "Gaat altijd af. Blijft dit bericht uit, dan bereikt geen enkel alarm iemand.",
            },
        }
    ]
    for name, (expression, wait) in expressions.items():
        text = texts.by_alert[name]
        rule: dict[str, Any] = {"alert": name, "expr": expression}
        if wait is not None:
            rule["for"] = wait
        rule["labels"] = {"severity": text.severity, "audience": "operations", "role": "beheer"}
        rule["annotations"] = chain_annotations(text, links)
        rules.append(rule)
    return rules
