"""What both dashboards share: names, variables, links, time, some panels, and the breaches as annotations."""

from collections.abc import Iterable
from typing import Any

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models import dashboard

from dashboards.grafana.panels import DATASOURCE, NEUTRAL, Panels, Query
from dashboards.grafana.queries import SOURCE_AGE, SOURCE_LIMIT, STREAM_TIME, breach_columns

DATASOURCE_UID = "ketenwacht-prometheus"
"""Uid of the Prometheus data source that is provisioned (deploy/grafana)."""

FOLDER_UID, FOLDER_TITLE = "ketenwacht", "Ketenwacht"
NATIONAL_UID, REGION_UID = "ketenwacht-national", "ketenwacht-region"
TO_REGION = (
    f"/d/{REGION_UID}?var-region=${{__data.fields.Regio}}&var-datasource=$datasource&${{__url_time_range}}"
)


def frame(
    uid: str, title: str, description: str, parts: Iterable[Any], *, several_regions: bool, links: list[Any]
) -> Any:
    """Return a dashboard, read-only, with its variables, and with rows and panels in the order of `parts`."""
    board = (
        builders.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["ketenwacht"])
        .readonly()
        .timezone("Europe/Amsterdam")
        .week_start("monday")
        .time("now-6h", "now")
        .refresh("10s")
        .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
        .with_variable(_datasource())
        .with_variable(_region(several=several_regions))
        .annotation(_breaches())
        .links(links)
    )
    for part in parts:
        board = board.with_panel(part) if hasattr(part, "with_target") else board.with_row(part)
    return board


def now(panels: Panels, width: int, to_region: str = "") -> list[Any]:
    """Return the time of the stream, so wide, and the table of active breaches; `to_region` leads from a region."""
    return [
        panels.figure(
            "Tijd van de stroom",
            "Nieuwste tik die verwerkt is. Bij een herhaling van vroeger ligt dit in het verleden.",
            "dateTimeAsLocal",
            Query(f"{STREAM_TIME} * 1000"),
            [(None, NEUTRAL)],
            width=width,
        ),
        panels.table(
            "Wat nu speelt",
            "Elke actieve overschrijding, met waarde en grens in de eenheid van de norm, sinds wanneer, van wanneer het cijfer is (Stand), en de trap van de ladder.",
            breach_columns(),
            [("region", "Regio"), ("norm", "Norm"), ("scope", "Onderdeel"), ("severity", "Ernst")],
            width=24,
            link=to_region,
        ),
    ]


def source_ages(panels: Panels) -> Any:
    """Return how old the newest report of each source is."""
    return panels.trend(
        "Leeftijd van het nieuwste bericht per bron",
        "Tijd van de stroom min het laatste bericht; gestreept hoe lang de bron gewoonlijk zwijgt.",
        "s",
        [SOURCE_AGE, SOURCE_LIMIT],
        norm="feed-silent",
    )


def link(title: str, url: str, *, keep: bool = False) -> Any:
    """Return a link in the head of a dashboard; `keep` carries time and variables along."""
    made = builders.DashboardLink(title).type(dashboard.DashboardLinkType.LINK).url(url)
    return made.keep_time(keep).include_vars(keep).target_blank(not keep).icon("external link")


def _datasource() -> Any:
    return (
        builders.DatasourceVariable("datasource")
        .label("Bron")
        .type("prometheus")
        .current(dashboard.VariableOption(selected=True, text="Prometheus", value=DATASOURCE_UID))
    )


def _region(*, several: bool) -> Any:
    only_networks = '{region!="NL"}' if several else ""
    variable = (
        builders.QueryVariable("region")
        .label("Regio")
        .datasource(DATASOURCE)
        .query(f"label_values(region:breach:held{only_networks}, region)")
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(dashboard.VariableSort.ALPHABETICAL_ASC)
        .multi(several)
        .include_all(several)
    )
    if several:
        everything = dashboard.VariableOption(selected=True, text=["All"], value=["$__all"])
        return variable.all_value("R[0-9]+").current(everything)
    return variable.current(dashboard.VariableOption(selected=True, text="R01", value="R01"))


def _breaches() -> Any:
    return (
        builders.AnnotationQuery()
        .name("Overschrijdingen")
        .datasource(DATASOURCE)
        .enable(True)
        .icon_color("red")
        .expr('max by (region, norm) (region:breach:held{region=~"$region", severity="critical"}) == 1')
    )
