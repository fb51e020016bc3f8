"""The dashboard of one region: what is breached, the figures behind it, and how fresh they are."""

from typing import Any

from alerts.annotations import Links
from alerts.metrics import (
    NORM_INSUFFICIENT,
    NORM_LOCATIONS,
    NORM_OLDEST,
    NORM_SILENT,
    NORM_THRESHOLD,
    SILENT_TOLD,
    SOURCE_LAST_EVENT,
)
from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.grafana.frame import NATIONAL_UID, REGION_UID, frame, link, now, source_ages
from dashboards.grafana.panels import CAUTION, CRITICAL, GOOD, NEUTRAL, NORM_LINE, Panels, Query
from dashboards.grafana.queries import (
    HELD,
    care,
    figure,
    norm_line,
    rests_on_columns,
)


def region(norms: Norms, texts: Texts, links: Links) -> Any:
    """Return the builder of the region dashboard."""
    panels = Panels(norms, texts, links)
    return frame(
        REGION_UID,
        "Ketenwacht: regio",
        "Eén ROAZ-regio (of NL): wat nu overschreden is, de cijfers erachter en hoe vers ze zijn.",
        (*_now(panels), *_trends(panels), *_data(panels)),
        several_regions=False,
        links=[
            link("Nederland", f"/d/{NATIONAL_UID}", keep=False),
            link("Live pagina", links.page.format(region="$region")),
        ],
    )


def _now(panels: Panels) -> list[Any]:
    return [
        panels.row("Is het nu mis?"),
        panels.figure(
            "Actieve overschrijdingen naar ernst",
            "Aantal normen dat nu overschreden is. Blijft staan als een worker uitvalt.",
            "short",
            Query(f'sum by (severity) ({HELD}{{region=~"$region"}})', "{{severity}}"),
            [(None, GOOD), (1, CAUTION), (5, CRITICAL)],
            width=8,
        ),
        panels.figure(
            "Hoogste trap van de ladder",
            "Verst gevorderde overschrijding; 0 is geen.",
            "short",
            Query('max(region:breach_step:held{region=~"$region"})'),
            [(None, GOOD), (1, CAUTION), (3, CRITICAL)],
            width=4,
        ),
        _occupancy(panels, "ic", "IC", "IC-bedden"),
        _occupancy(panels, "ward", "kliniek", "klinische bedden"),
        *now(panels, 4),
    ]


def _occupancy(panels: Panels, unit: str, name: str, beds: str) -> Any:
    return panels.figure(
        f"Bezetting {name}",
        f"Bezette {beds} per bed met personeel.",
        "percentunit",
        Query(figure("occupancy_ratio", unit=unit)),
        panels.steps(f"{unit}-occupancy-high", f"{unit}-occupancy-critical"),
        width=4,
        norm=f"{unit}-occupancy-high",
    )


def _beds(panels: Panels, unit: str, name: str) -> Any:
    staffed = figure("beds_staffed", unit=unit)
    limit = f'min({NORM_THRESHOLD.name}{{norm="{unit}-occupancy-high", region=~"$region"}})'
    return panels.trend(
        f"Bedden {name}: bezet en bemand",
        f"Bezette en bemande bedden ({name}); gestreept hoeveel bedden bij de norm horen.",
        "short",
        [
            Query(figure("beds_occupied", unit=unit, label="all"), "bezet"),
            Query(figure("beds_occupied", unit=unit, label="covid"), "bezet, COVID"),
            Query(staffed, "bemand"),
            Query(f"{staffed} * scalar({limit})", f"{NORM_LINE} hoog"),
        ],
        norm=f"{unit}-occupancy-high",
    )


def _trends(panels: Panels) -> list[Any]:
    waits = care("wait_days_max").name
    return [
        panels.row("Hoe verloopt het?"),
        _beds(panels, "ic", "IC"),
        _beds(panels, "ward", "kliniek"),
        panels.trend(
            "Langste wachttijd per soort toegang",
            "Langste opgegeven wachttijd in dagen, alle specialismen; gestreept de Treeknormen van de polikliniek en de klinische opname.",
            "d",
            [
                Query(f'max by (access) ({waits}{{region=~"$region", specialism="all"}})', "{{access}}"),
                norm_line("treeknorm-max-polikliniek", "polikliniek"),
                norm_line("treeknorm-max-klinisch", "klinisch"),
            ],
            norm="treeknorm-max-polikliniek",
        ),
        panels.trend(
            "Verwijzingen per week",
            "Verwijzingen in de laatste volle week, met wat verwacht was; gestreept de grens van het tekort.",
            "short",
            [
                Query(figure("referrals_week", specialism="all", target="all"), "verwezen"),
                Query(figure("referrals_expected_week", specialism="all", target="all"), "verwacht"),
                Query(
                    f"{figure('referrals_expected_week', specialism='all', target='all')} * "
                    f'scalar(min({NORM_THRESHOLD.name}{{norm="referral-shortfall", region=~"$region"}}))',
                    f"{NORM_LINE} tekort",
                ),
            ],
            norm="referral-shortfall",
        ),
        panels.trend(
            "Vervolgzorg: wachtend en vrij",
            "Patiënten die in het ziekenhuis wachten en vrije plaatsen, per sector.",
            "short",
            [
                Query(figure("followup_waiting", "sector"), "wachtend {{sector}}"),
                Query(figure("followup_free_places", "sector"), "vrij {{sector}}"),
            ],
        ),
        panels.trend(
            "Druk op de vervolgzorg",
            "Wachtenden als deel van wachtenden en vrije plaatsen, per sector.",
            "percentunit",
            [
                Query(figure("followup_strain_ratio", "sector"), "{{sector}}"),
                norm_line("followup-strain-verpleeghuis", "verpleeghuis"),
            ],
            norm="followup-strain-verpleeghuis",
        ),
    ]


def _data(panels: Panels) -> list[Any]:
    return [
        panels.row("Kloppen de gegevens?"),
        source_ages(panels),
        panels.figure(
            "Gegevens tot",
            "Laatste bericht van elke bron over deze regio, in de tijd van de stroom.",
            "dateTimeAsLocal",
            Query(f'max by (source) ({SOURCE_LAST_EVENT.name}{{region=~"$region"}}) * 1000', "{{source}}"),
            [(None, NEUTRAL)],
            width=6,
        ),
        panels.figure(
            "Normen zonder oordeel",
            "Normen met te weinig waarnemingen of te lage volledigheid: niet goed en niet overschreden. 1 is zonder oordeel.",
            "short",
            Query(f'sum(max by (norm, scope) ({NORM_INSUFFICIENT.name}{{region=~"$region"}}))'),
            [(None, GOOD), (1, NEUTRAL)],
            width=6,
        ),
        panels.table(
            "Wie zwijgt",
            "Locaties die gemist worden, per onderwerp, met van wanneer hun laatste cijfer is (Stand). De langst stille twintig van elk onderwerp.",
            [
                Query(
                    f'max by (topic, location) ({SILENT_TOLD.name}{{region=~"$region"}}) * 1000',
                    column="Stand",
                )
            ],
            [("topic", "Onderwerp"), ("location", "Locatie")],
            width=12,
            none="niemand zwijgt",
        ),
        panels.figure(
            "Locaties die zwijgen",
            "Locaties die gemist worden, per onderwerp: zolang zij zwijgen begint of eindigt daardoor geen overschrijding.",
            "short",
            Query(figure("silent_locations", "topic"), "{{topic}}"),
            [(None, GOOD), (1, CAUTION)],
            width=6,
            none="0",
        ),
        panels.figure(
            "Zonder oordeel door stilte",
            "Normen die niet te beoordelen zijn, of waarvan de overschrijding open blijft, omdat iemand zwijgt.",
            "short",
            Query(f'count(max by (norm, scope) ({NORM_SILENT.name}{{region=~"$region"}})) or vector(0)'),
            [(None, GOOD), (1, CAUTION)],
            width=6,
        ),
        panels.table(
            "Waarop cijfers rusten",
            "Locaties achter elk cijfer dat een norm overschrijdt of waarvan iemand gemist wordt: verwacht, meegeteld, daarvan doorgetrokken, niet meer meegeteld, en de oudste opgave die erin zit.",
            rests_on_columns(NORM_LOCATIONS.name, NORM_OLDEST.name),
            [("norm", "Norm"), ("scope", "Onderdeel")],
            width=24,
            none="iedereen meldt",
        ),
    ]
