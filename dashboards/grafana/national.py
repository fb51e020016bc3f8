"""The national dashboard: which regions are in trouble, how the country runs against its ladder, can it be trusted."""

from collections.abc import Mapping
from typing import Any

from alerts.annotations import Links
from alerts.metrics import NORM_UNDECIDED_OVER
from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.grafana.frame import NATIONAL_UID, REGION_UID, TO_REGION, frame, link, now, source_ages
from dashboards.grafana.panels import CAUTION, CRITICAL, GOOD, NEUTRAL, Panels, Query
from dashboards.grafana.queries import (
    HELD,
    INSUFFICIENT,
    LATE,
    OUTCOMES,
    REFUSED,
    SHORT,
    WAITING,
    figure,
    norm_line,
)

_NAMED = "{{short}}"
_NATIONAL = '="NL"'


def national(norms: Norms, texts: Texts, links: Links) -> Any:
    """Return the builder of the national dashboard."""
    panels = Panels(norms, texts, links)
    page = links.page.format(region="").rstrip("#")
    return frame(
        NATIONAL_UID,
        "Ketenwacht: Nederland",
        "De elf ROAZ-regio's naast elkaar: wat nu overschreden is, hoe het verloopt, en of de gegevens kloppen.",
        (*_now(panels), *_trends(panels), *_data(panels)),
        several_regions=True,
        links=[link("Regio", f"/d/{REGION_UID}", keep=True), link("Live pagina", page)],
    )


def _now(panels: Panels) -> list[Any]:
    breaches = f'{HELD}{{region=~"$region"}}'
    ladder = sorted(norm.limit for norm in panels.norms.norms if norm.family == "ic-ladder")
    return [
        panels.row("Is het nu mis?"),
        panels.figure(
            "Actieve overschrijdingen per regio",
            "Aantal normen dat nu overschreden is. Blijft staan als een worker uitvalt; alleen een oordeel beëindigt het.",
            "short",
            Query(f"sum by (region, short) ({breaches} {SHORT})", _NAMED),
            [(None, GOOD), (1, CAUTION), (5, CRITICAL)],
            width=10,
        ),
        panels.figure(
            "Niet te beoordelen, mogelijk over de grens",
            "Normen waarvan wat ontbreekt het cijfer over de grens kan brengen: groen is dan niet bewezen.",
            "short",
            Query(
                f'count(max by (region, norm, scope) ({NORM_UNDECIDED_OVER.name}{{region=~"$region"}})) or vector(0)'
            ),
            [(None, GOOD), (1, CAUTION)],
            width=4,
        ),
        panels.figure(
            "Kritieke overschrijdingen",
            "Aantal kritieke overschrijdingen in de gekozen regio's.",
            "short",
            Query(f'sum({HELD}{{region=~"$region", severity="critical"}})'),
            [(None, GOOD), (1, CRITICAL)],
            width=3,
        ),
        panels.figure(
            "IC-bedden bezet in Nederland",
            "Bezette IC-bedden, alle patiënten; de kleuren volgen de landelijke IC-ladder.",
            "short",
            Query(figure("beds_occupied", "region", region="NL", unit="ic", label="all")),
            [(None, GOOD), (ladder[0], CAUTION), *((limit, CRITICAL) for limit in ladder[1:])],
            width=4,
            norm="ic-ladder-1150",
        ),
        *now(panels, 3, TO_REGION),
    ]


def _by_region(
    panels: Panels, title: str, description: str, unit: str, expr: str, norms: Mapping[str, str]
) -> Any:
    """Return the trend of a figure of every region against the limits of norms, each with its word."""
    lines = [norm_line(norm, word) for norm, word in norms.items()]
    queries = [Query(f"{expr} {SHORT}", _NAMED), *lines]
    return panels.trend(title, description, unit, queries, norm=next(iter(norms)))


def _trends(panels: Panels) -> list[Any]:
    return [
        panels.row("Hoe verloopt het?"),
        panels.trend(
            "IC-bedden bezet in Nederland",
            "Som van alle regio's, tegen de drie grenzen van de landelijke ladder.",
            "short",
            [
                Query(figure("beds_occupied", "region", region="NL", unit="ic", label="all"), "bezet"),
                *(norm_line(f"ic-ladder-{limit}", str(limit), _NATIONAL) for limit in (1150, 1350, 1700)),
            ],
            norm="ic-ladder-1150",
        ),
        _by_region(
            panels,
            "Bezetting IC per regio",
            "Bezette IC-bedden per bed met personeel.",
            "percentunit",
            figure("occupancy_ratio", unit="ic"),
            {"ic-occupancy-high": "hoog", "ic-occupancy-critical": "kritiek"},
        ),
        _by_region(
            panels,
            "Bezetting kliniek per regio",
            "Bezette klinische bedden per bed met personeel.",
            "percentunit",
            figure("occupancy_ratio", unit="ward"),
            {"ward-occupancy-high": "hoog", "ward-occupancy-critical": "kritiek"},
        ),
        _by_region(
            panels,
            "Verwijzingen ten opzichte van verwacht",
            "Verwijzingen van huisartsen in de laatste volle week per verwachte verwijzing.",
            "percentunit",
            figure("referrals_ratio", specialism="all", target="all"),
            {"referral-shortfall": "onder", "referral-surge": "boven"},
        ),
        _by_region(
            panels,
            "Langste wachttijd polikliniek",
            "Langste opgegeven wachttijd voor een eerste bezoek, in dagen, alle specialismen.",
            "d",
            figure("wait_days_max", access="polikliniek", specialism="all"),
            {"treeknorm-max-polikliniek": "Treeknorm"},
        ),
        _by_region(
            panels,
            "Druk op de vervolgzorg: verpleeghuis",
            "Wachtenden in het ziekenhuis als deel van wachtenden en vrije plaatsen.",
            "percentunit",
            figure("followup_strain_ratio", sector="verpleeghuis"),
            {"followup-strain-verpleeghuis": ""},
        ),
    ]


def _data(panels: Panels) -> list[Any]:
    return [
        panels.row("Kloppen de gegevens?"),
        source_ages(panels),
        panels.trend(
            "Berichten naar uitkomst",
            "Verwerkt (applied), herhaald (duplicate), te laat (late), geweigerd (dead_lettered) of overgeslagen (skipped), per seconde.",
            "cps",
            [OUTCOMES],
        ),
        panels.trend(
            "Achterstand van de workers",
            "Berichten die nog wachten, per stap. Loopt een lijn op, dan komen oordelen later; geen lijn: niet bekend.",
            "short",
            [WAITING],
            width=24,
            height=6,
        ),
        panels.figure(
            "Geweigerde berichten",
            "In de gekozen periode niet aangenomen; te bekijken met `ketenwacht dlq list`.",
            "short",
            REFUSED,
            [(None, GOOD), (1, CAUTION)],
            width=4,
        ),
        panels.figure(
            "Te late berichten",
            "In de gekozen periode buiten het venster aangekomen en niet meer meegeteld.",
            "short",
            LATE,
            [(None, GOOD), (1, CAUTION)],
            width=4,
        ),
        panels.figure(
            "Normen zonder oordeel",
            "Aantal normen per regio met te weinig waarnemingen of te lage volledigheid: niet goed en niet overschreden.",
            "short",
            Query(f"({INSUFFICIENT}) {SHORT}", _NAMED),
            [(None, NEUTRAL)],
            width=16,
        ),
    ]
