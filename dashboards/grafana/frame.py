"""What both dashboards share: names, variables, links, time, and the breaches as annotations."""

from typing import Any

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models import dashboard

from dashboards.grafana.panels import DATASOURCE

DATASOURCE_UID = "ketenwacht-prometheus"
"""Uid of the Prometheus data source that is provisioned (deploy/grafana)."""

FOLDER_UID, FOLDER_TITLE = "ketenwacht", "Ketenwacht"
NATIONAL_UID, REGION_UID = "ketenwacht-national", "ketenwacht-region"
TO_REGION = (
    f"/d/{REGION_UID}?var-region=${{__data.fields.Regio}}&var-datasource=$datasource&${{__url_time_range}}"
)


def frame(uid: str, title: str, description: str, *, several_regions: bool, links: list[Any]) -> Any:
    """Return an empty dashboard, read-only, with its variables."""
    return (
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
