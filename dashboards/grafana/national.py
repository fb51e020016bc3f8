"""The national dashboard: which regions are in trouble, how the country runs against its ladder, can it be trusted."""

from typing import Any

from alerts.annotations import Links
from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.grafana.frame import NATIONAL_UID, REGION_UID, TO_REGION, frame, link
from dashboards.grafana.panels import CAUTION, CRITICAL, GOOD, NEUTRAL, Panels, Query
from dashboards.grafana.queries import (
    HELD,
    INSUFFICIENT,
    LATE,
    OUTCOMES,
    REFUSED,
    SHORT,
    SOURCE_AGE,
    SOURCE_LIMIT,
    STREAM_TIME,
    WAITING,
    breach_columns,
    figure,
    norm_line,
)

_NAMED = "{{short}}"
_NATIONAL = '="NL"'


def national(norms: Norms, texts: Texts, links: Links) -> Any:
    """Return the builder of the national dashboard."""
    panels = Panels(norms, texts, links)
    page = links.page.format(region="").rstrip("#")
    board = frame(
        NATIONAL_UID,
        "Ketenwacht: Nederland",
        "De elf ROAZ-regio's naast elkaar: wat nu overschreden is, hoe het verloopt, en of de gegevens kloppen.",
        several_regions=True,
        links=[link("Regio", f"/d/{REGION_UID}", keep=True), link("Live pagina", page)],
    )
    for part in (*_now(panels), *_trends(panels), *_data(panels)):
        board = board.with_row(part) if not hasattr(part, "with_target") else board.with_panel(part)
    return board


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
            width=14,
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
        panels.figure(
            "Tijd van de stroom",
            "Nieuwste tik die verwerkt is. Bij een herhaling van vroeger ligt dit in het verleden.",
            "dateTimeAsLocal",
            Query(f"{STREAM_TIME} * 1000"),
            [(None, NEUTRAL)],
            width=3,
        ),
        panels.table(
            "Wat nu speelt",
            "Elke actieve overschrijding, met waarde en grens in de eenheid van de norm, sinds wanneer, van wanneer het cijfer is (Stand), en de trap van de ladder.",
            breach_columns(),
            [("region", "Regio"), ("norm", "Norm"), ("scope", "Onderdeel"), ("severity", "Ernst")],
            width=24,
            link=TO_REGION,
        ),
    ]


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
        panels.trend(
            "Bezetting IC per regio",
            "Bezette IC-bedden per bed met personeel.",
            "percentunit",
            [
                Query(f"{figure('occupancy_ratio', unit='ic')} {SHORT}", _NAMED),
                norm_line("ic-occupancy-high", "hoog"),
                norm_line("ic-occupancy-critical", "kritiek"),
            ],
            norm="ic-occupancy-high",
        ),
        panels.trend(
            "Bezetting kliniek per regio",
            "Bezette klinische bedden per bed met personeel.",
            "percentunit",
            [
                Query(f"{figure('occupancy_ratio', unit='ward')} {SHORT}", _NAMED),
                norm_line("ward-occupancy-high", "hoog"),
                norm_line("ward-occupancy-critical", "kritiek"),
            ],
            norm="ward-occupancy-high",
        ),
        panels.trend(
            "Verwijzingen ten opzichte van verwacht",
            "Verwijzingen van huisartsen in de laatste volle week per verwachte verwijzing.",
            "percentunit",
            [
                Query(f"{figure('referrals_ratio', specialism='all', target='all')} {SHORT}", _NAMED),
                norm_line("referral-shortfall", "onder"),
                norm_line("referral-surge", "boven"),
            ],
            norm="referral-shortfall",
        ),
        panels.trend(
            "Langste wachttijd polikliniek",
            "Langste opgegeven wachttijd voor een eerste bezoek, in dagen, alle specialismen.",
            "d",
            [
                Query(f"{figure('wait_days_max', access='polikliniek', specialism='all')} {SHORT}", _NAMED),
                norm_line("treeknorm-max-polikliniek", "Treeknorm"),
            ],
            norm="treeknorm-max-polikliniek",
        ),
        panels.trend(
            "Druk op de vervolgzorg: verpleeghuis",
            "Wachtenden in het ziekenhuis als deel van wachtenden en vrije plaatsen.",
            "percentunit",
            [
                Query(f"{figure('followup_strain_ratio', sector='verpleeghuis')} {SHORT}", _NAMED),
                norm_line("followup-strain-verpleeghuis", ""),
            ],
            norm="followup-strain-verpleeghuis",
        ),
    ]


def _data(panels: Panels) -> list[Any]:
    return [
        panels.row("Kloppen de gegevens?"),
        panels.trend(
            "Leeftijd van het nieuwste bericht per bron",
            "Tijd van de stroom min het laatste bericht; gestreept hoe lang de bron gewoonlijk zwijgt.",
            "s",
            [SOURCE_AGE, SOURCE_LIMIT],
            norm="feed-silent",
        ),
        panels.trend(
            "Berichten naar uitkomst",
            "Verwerkt (applied), herhaald (duplicate), te laat (late) of geweigerd (dead_lettered), per seconde.",
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
