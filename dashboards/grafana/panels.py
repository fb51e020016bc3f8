"""The panels that the dashboards are made of: figures of now, trends with their norm lines, tables.

Every panel has a Dutch title, a description and a unit; colours mean the same everywhere and never stand
alone. Ids follow the order in which panels are made, so the same code gives the same JSON.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from grafana_foundation_sdk.builders import common as common_builders
from grafana_foundation_sdk.builders import dashboard as dashboard_builders
from grafana_foundation_sdk.builders import prometheus, stat, table, timeseries
from grafana_foundation_sdk.models import common, dashboard

from alerts.annotations import Links
from alerts.norms import Norms
from alerts.texts import Texts

DATASOURCE = dashboard.DataSourceRef(type_val="prometheus", uid="${datasource}")
GOOD, CAUTION, CRITICAL, NEUTRAL = "green", "orange", "red", "blue"
NORM_LINE = "grens"
"""Legends of norm lines begin with this word; by it they are drawn dashed and red."""

Steps = Sequence[tuple[float | None, str]]


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression with the legend of its series.

    Attributes:
        expr: PromQL; `$region` and `$__rate_interval` are filled in by Grafana.
        legend: name of each series, with `{{label}}`.
        column: in tables, what the value column is called.
    """

    expr: str
    legend: str = ""
    column: str = ""


@dataclass
class Panels:
    """Makes panels with consecutive ids.

    Args:
        norms: for the limits that colour figures.
        texts: for which runbook goes with a norm.
        links: where the runbooks are.
    """

    norms: Norms
    texts: Texts
    links: Links
    _made: int = field(default=0, init=False)

    def row(self, title: str) -> Any:
        """Return a heading over the panels that follow."""
        return dashboard_builders.Row(title).id(self._id())

    def figure(
        self,
        title: str,
        description: str,
        unit: str,
        query: Query,
        steps: Steps,
        *,
        width: int,
        norm: str = "",
        none: str = "geen gegevens",
    ) -> Any:
        """Return a figure of now for each series, coloured by `steps` and with its name and value as text.

        `none` is shown where there is no series.
        """
        panel = (
            stat.Panel()
            .reduce_options(common_builders.ReduceDataOptions().calcs(["lastNotNull"]))
            .color_mode(common.BigValueColorMode.BACKGROUND)
            .graph_mode(common.BigValueGraphMode.NONE)
            .text_mode(
                common.BigValueTextMode.VALUE_AND_NAME if query.legend else common.BigValueTextMode.VALUE
            )
            .thresholds(_thresholds(steps))
            .color_scheme(dashboard_builders.FieldColor().mode("thresholds"))
            .no_value(none)
            .with_target(_target("A", query, instant=True))
        )
        return self._named(panel, title, description, unit, width=width, height=5, norm=norm)

    def trend(
        self,
        title: str,
        description: str,
        unit: str,
        queries: Sequence[Query],
        *,
        width: int = 12,
        norm: str = "",
        height: int = 9,
    ) -> Any:
        """Return a line for each series; those whose legend begins with `grens` are norm lines."""
        panel = (
            timeseries.Panel()
            .line_width(2)
            .fill_opacity(0)
            .show_points(common.VisibilityMode.NEVER)
            .span_nulls(False)
            .legend(
                common_builders.VizLegendOptions()
                .display_mode(common.LegendDisplayMode.TABLE)
                .placement(common.LegendPlacement.RIGHT)
                .calcs(["lastNotNull"])
                .show_legend(True)
            )
            .tooltip(
                common_builders.VizTooltipOptions()
                .mode(common.TooltipDisplayMode.MULTI)
                .sort(common.SortOrder.DESCENDING)
            )
            .no_value("geen gegevens")
            .override_by_regexp(f"/^{NORM_LINE}.*/", _NORM_LINE_STYLE)
        )
        for index, query in enumerate(queries):
            panel = panel.with_target(_target(chr(ord("A") + index), query, instant=False))
        return self._named(panel, title, description, unit, width=width, height=height, norm=norm)

    def table(
        self,
        title: str,
        description: str,
        queries: Sequence[Query],
        columns: Sequence[tuple[str, str]],
        *,
        width: int,
        link: str = "",
        none: str = "geen overschrijdingen",
    ) -> Any:
        """Return a table with a row for each set of labels and a column for each query.

        `columns` gives the labels that are shown, with their Dutch heading; `link` leads from the region;
        `none` is shown where there are no rows.
        """
        panel = table.Panel().no_value(none).cell_height(common.TableCellHeight.SM)
        names: dict[str, Any] = dict(columns)
        shown = [*names]
        for index, query in enumerate(queries):
            ref = chr(ord("A") + index)
            panel = panel.with_target(_target(ref, query, instant=True, as_table=True))
            value = f"Value #{ref}"
            names[value] = query.column
            shown.append(value)
            if query.column in _MOMENTS:
                panel = panel.override_by_name(
                    query.column, [dashboard.DynamicConfigValue(id_val="unit", value="dateTimeAsLocal")]
                )
        panel = panel.with_transformation(
            dashboard.DataTransformerConfig(id_val="merge", options={})
        ).with_transformation(
            dashboard.DataTransformerConfig(
                id_val="organize",
                options={
                    "excludeByName": {"Time": True},
                    "indexByName": {name: index for index, name in enumerate(shown)},
                    "renameByName": names,
                },
            )
        )
        if link:
            target = dashboard.DashboardLink(title="Naar de regio", url=link)
            heading = dict(columns)["region"]
            panel = panel.override_by_name(
                heading, [dashboard.DynamicConfigValue(id_val="links", value=[target])]
            )
        return self._named(panel, title, description, "short", width=width, height=9, norm="")

    def steps(self, warning: str, critical: str = "", *, region: str = "") -> Steps:
        """Return the colours of a figure from the limits of one or two norms."""
        by_id = self.norms.by_id
        limits: list[tuple[float | None, str]] = [
            (None, GOOD),
            (by_id[warning].limit_in(region), CAUTION),
        ]
        if critical:
            limits.append((by_id[critical].limit_in(region), CRITICAL))
        return limits

    def _named(
        self, panel: Any, title: str, description: str, unit: str, *, width: int, height: int, norm: str
    ) -> Any:
        panel = (
            panel.id(self._id())
            .title(title)
            .description(description)
            .unit(unit)
            .datasource(DATASOURCE)
            .span(width)
            .height(height)
        )
        if norm:
            text = self.texts.by_norm[norm]
            runbook = self.links.runbook.format(runbook=text.runbook, heading=text.id)
            panel = panel.links(
                [dashboard_builders.DashboardLink("Draaiboek").url(runbook).target_blank(True)]
            )
        return panel

    def _id(self) -> int:
        self._made += 1
        return self._made


_MOMENTS = ("Sinds", "Stand", "Oudste")
_NORM_LINE_STYLE = [
    dashboard.DynamicConfigValue(id_val="custom.lineStyle", value={"fill": "dash", "dash": [10, 8]}),
    dashboard.DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": CRITICAL}),
    dashboard.DynamicConfigValue(id_val="custom.lineWidth", value=2),
]


def _thresholds(steps: Steps) -> Any:
    return (
        dashboard_builders.ThresholdsConfig()
        .mode(dashboard.ThresholdsMode.ABSOLUTE)
        .steps([dashboard.Threshold(value=value, color=color) for value, color in steps])
    )


def _target(ref: str, query: Query, *, instant: bool, as_table: bool = False) -> Any:
    target = prometheus.Dataquery().ref_id(ref).expr(query.expr).datasource(DATASOURCE)
    target = target.instant() if instant else target.range()
    if query.legend:
        target = target.legend_format(query.legend)
    return target.format("table") if as_table else target
