"""The indicators: every figure that the folds compute per region, with its topic, labels and unit.

An indicator is named once, here; norms select it, metrics export it, pages and dashboards show it.
Units: `beds`, `patients`, `referrals`, `places`, `waits` are counts; `ratio` is 0...; `d` is days; `s` is
seconds since 1970 where the name ends in `_at`; `h` is hours, `weeks` weeks, `percent` 0...100.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from streams.joins import (
    FIGURE_SOURCES,
    JOINED_ACCESS,
    JOINED_BEDS,
    JOINED_COORDINATION,
    JOINED_SCALING_UP,
    JUDGED_NOTICES,
)
from streams.reports.report import ALL
from streams.reports.workstock import NEEDS_IC
from streams.topics import (
    ABSENCE,
    COORDINATION,
    FOLLOW_UP,
    FORECAST,
    OCCUPANCY,
    OPERATING_ROOMS,
    PRODUCTION,
    REFERRALS,
    WAITING_TIMES,
    WORKSTOCK,
)

__all__ = [
    "ALL",
    "DOUBTS",
    "FEED_HEARD",
    "GIVEN_UP",
    "INDICATORS",
    "LOCATION_DOUBTS",
    "NEEDS_IC",
    "SILENT",
    "SUSPECTS",
    "UNKNOWN_SOURCES",
    "IndicatorKind",
    "indicator_key",
]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio or a mean: which side of it is the worse one, and how the country's follows from those of the regions.

    That is the ratio of two sums over the regions, or the mean of theirs by weight.

    Attributes:
        weight: unit of what the figure is a ratio or a mean of, where that is not what it rests on.
        upper: the figure that is the numerator; empty for a mean by weight.
        lower: the figures that add up to the denominator.
        weighed_by: the figure whose weight counts; empty for its own.
        whole: figure of what it is a ratio of, where it has a value though that is 0; a region of which it is weighs nothing.
        whole_labels: labels of that figure, where they are not the same.
        worse: whether a high or a low value is the worse one, or the one that is further from one.
    """

    weight: str = ""
    upper: str = ""
    lower: tuple[str, ...] = ()
    weighed_by: str = ""
    whole: str = ""
    whole_labels: Mapping[str, str] | None = None
    worse: Literal["high", "low", "far"] = "high"

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the other figures that it follows from."""
        return tuple(dict.fromkeys(filter(None, (self.upper, *self.lower, self.weighed_by, self.whole))))


@dataclass(frozen=True, slots=True)
class IndicatorKind:
    """One kind of figure.

    Attributes:
        name: snake_case, as in status output.
        topic: report topic it is folded from, or the join (`streams.joins`) of topics that it follows from.
        labels: names of its labels besides the region, in order.
        unit: unit of its value.
        text: what it is, for people (Dutch).
        national: how the country's value follows from the regions': `sum`, `max`, `ratio` (recomputed
            as `ratio` says), `total` (the sum with what the country itself told, where
            that is no total of the regions but events of its own) or `none`.
        ratio: what it is a ratio of.
    """

    name: str
    topic: str
    labels: tuple[str, ...]
    unit: str
    text: str
    national: str
    ratio: Ratio | None = None


_UNIT_LABEL = ("label", "unit")
_WAIT = ("access", "specialism")
_TREATMENT = ("access", "specialism", "treatment")
_CLASS = ("ic", "urgency")

_KINDS = (
    IndicatorKind("beds_occupied", OCCUPANCY, _UNIT_LABEL, "beds", "bezette bedden, laatste stand", "sum"),
    IndicatorKind("beds_occupied_mean_7d", OCCUPANCY, _UNIT_LABEL, "beds", "bezette bedden, gemiddelde van 7 dagen", "sum"),
    IndicatorKind("beds_staffed", OCCUPANCY, ("unit",), "beds", "bedden met personeel", "sum"),
    IndicatorKind("occupancy_ratio", OCCUPANCY, ("unit",), "ratio", "bezette bedden per bed met personeel", "ratio", Ratio(weighed_by="beds_free")),
    IndicatorKind("beds_free", OCCUPANCY, ("unit",), "beds", "vrije bedden met personeel, van de locaties die bedden en patiënten melden", "sum", Ratio("beds")),
    IndicatorKind("beds_for_covid", OCCUPANCY, ("unit",), "beds", "bedden met personeel die patiënten zonder COVID vrijlaten, van de locaties die beide melden", "sum", Ratio("beds")),
    IndicatorKind("admissions_7d", OCCUPANCY, _UNIT_LABEL, "patients", "opnames in 7 dagen, naar dag van opname", "sum"),
    IndicatorKind("notified_day", OCCUPANCY, _UNIT_LABEL, "patients", "opnames gemeld op de laatste dag", "sum"),
    IndicatorKind("notified_per_admission", OCCUPANCY, _UNIT_LABEL, "ratio", "meldingen op een dag per opname die dag (gemiddelde van 7 dagen)", "none", Ratio("patients")),
    IndicatorKind("waits", WAITING_TIMES, ("access", "specialism"), "waits", "bekende wachttijden", "sum"),
    IndicatorKind("waits_over_treeknorm", WAITING_TIMES, ("access", "specialism"), "waits", "wachttijden boven de Treeknorm", "sum"),
    IndicatorKind("waits_over_treeknorm_ratio", WAITING_TIMES, ("access", "specialism"), "ratio", "aandeel wachttijden boven de Treeknorm", "ratio", Ratio(upper="waits_over_treeknorm", lower=("waits",))),
    IndicatorKind("waits_within_target", WAITING_TIMES, ("access", "specialism"), "waits", "wachttijden binnen de streefnorm", "sum"),
    IndicatorKind("waits_within_target_ratio", WAITING_TIMES, ("access", "specialism"), "ratio", "aandeel wachttijden binnen de streefnorm", "ratio", Ratio(upper="waits_within_target", lower=("waits",), worse="low")),
    IndicatorKind("waits_within_target_lasting_ratio", WAITING_TIMES, ("access",), "ratio", "aandeel van de gepubliceerde wachttijden binnen de streefnorm, het beste van twee peildata na elkaar", "none"),
    IndicatorKind("waits_closed", WAITING_TIMES, ("access", "specialism"), "waits", "aanmeldstops", "sum"),
    IndicatorKind("wait_days_median", WAITING_TIMES, ("access", "specialism"), "d", "mediaan van de wachttijden", "none"),
    IndicatorKind("wait_days_max", WAITING_TIMES, ("access", "specialism"), "d", "langste wachttijd", "max"),
    IndicatorKind("waits_undecidable", WAITING_TIMES, _WAIT, "waits", "wachttijden waarvan onbekend is welke Treeknorm geldt (behandeling, 43 tot en met 49 dagen)", "sum"),
    IndicatorKind("waits_prolonged", WAITING_TIMES, _WAIT, "waits", "wachttijden boven de Treeknorm op twee of meer peildata na elkaar", "sum"),
    IndicatorKind("treatment_waits", WAITING_TIMES, _TREATMENT, "waits", "bekende wachttijden van een behandeling", "sum"),
    IndicatorKind("treatment_waits_over_treeknorm", WAITING_TIMES, _TREATMENT, "waits", "wachttijden van een behandeling boven de Treeknorm", "sum"),
    IndicatorKind("treatment_wait_days_median", WAITING_TIMES, _TREATMENT, "d", "mediaan van de wachttijden van een behandeling", "none"),
    IndicatorKind("treatment_part_wait_days_median", WAITING_TIMES, (*_TREATMENT, "part"), "d", "mediaan van de wachttijden van een behandeling in een veiligheidsregio, een deel van het netwerk", "none"),
    IndicatorKind("supply_missing_locations", WAITING_TIMES, (), "locations", "locaties die hun wachttijden op de laatste peildatum niet aanleverden", "sum"),
    IndicatorKind("referrals_week", REFERRALS, ("specialism", "target"), "referrals", "verwijzingen in de laatste volle week", "sum"),
    IndicatorKind("referrals_expected_week", REFERRALS, ("specialism", "target"), "referrals", "verwachte verwijzingen in die week", "sum"),
    IndicatorKind("referrals_ratio", REFERRALS, ("specialism", "target"), "ratio", "verwijzingen per verwachte verwijzing", "ratio", Ratio("referrals", upper="referrals_week", lower=("referrals_expected_week",), worse="far")),
    IndicatorKind("referrals_missed", REFERRALS, ("specialism", "target"), "referrals", "verwachte min werkelijke verwijzingen sinds maart 2020", "sum"),
    IndicatorKind("followup_waiting", FOLLOW_UP, ("sector",), "patients", "wachtend in het ziekenhuis op vervolgzorg", "sum"),
    IndicatorKind("followup_free_places", FOLLOW_UP, ("sector",), "places", "vrije plaatsen in de vervolgzorg", "sum"),
    IndicatorKind("followup_strain_ratio", FOLLOW_UP, ("sector",), "ratio", "wachtenden als deel van wachtenden en vrije plaatsen", "ratio", Ratio("patients", upper="followup_waiting", lower=("followup_waiting", "followup_free_places"))),
    IndicatorKind("or_rooms_in_use", OPERATING_ROOMS, (), "rooms", "operatiekamers in gebruik", "sum"),
    IndicatorKind("or_rooms_normal", OPERATING_ROOMS, (), "rooms", "operatiekamers die gewoonlijk in gebruik zijn", "sum"),
    IndicatorKind("or_reduction_ratio", OPERATING_ROOMS, (), "ratio", "operatiekamers minder dan gewoonlijk, als deel van gewoonlijk", "ratio", Ratio("rooms")),
    IndicatorKind("workstock_patients", WORKSTOCK, _CLASS, "patients", "patiënten in de werkvoorraad", "sum"),
    IndicatorKind("workstock_or_hours", WORKSTOCK, ("specialism",), "h", "OK-uren in de werkvoorraad", "sum"),
    IndicatorKind("workstock_overdue", WORKSTOCK, _CLASS, "patients", "voorbij de termijn van hun urgentieklasse, naar de vroegste van beide termijnen", "sum"),
    IndicatorKind("workstock_overdue_indication", WORKSTOCK, _CLASS, "patients", "voorbij de termijn, geteld vanaf de indicatie", "sum"),
    IndicatorKind("workstock_overdue_postponed", WORKSTOCK, _CLASS, "patients", "voorbij de termijn, geteld vanaf het uitstel", "sum"),
    IndicatorKind("workstock_overdue_ratio", WORKSTOCK, _CLASS, "ratio", "aandeel van de werkvoorraad voorbij de termijn", "ratio", Ratio("patients", whole="workstock_patients")),
    IndicatorKind("workstock_overdue_rise", WORKSTOCK, _CLASS, "patients", "toename van wie voorbij de termijn is, tegen de week ervoor", "sum"),
    IndicatorKind("workstock_change_4w_ratio", WORKSTOCK, ("urgency",), "ratio", "verandering van de werkvoorraad in vier weken, als deel van toen", "ratio", Ratio("patients")),
    IndicatorKind("workstock_before_4w", WORKSTOCK, ("urgency",), "patients", "patiënten in de werkvoorraad vier weken eerder, waar ook de stand van nu bekend is", "sum"),
    IndicatorKind("workstock_over_treeknorm", WORKSTOCK, (), "patients", "wachtenden met een verwachte wachttijd boven de Treeknorm", "sum"),
    IndicatorKind("workstock_informed_ratio", WORKSTOCK, (), "ratio", "van hen geïnformeerd over wachttijd en zorgbemiddeling", "ratio", Ratio("patients", whole="workstock_over_treeknorm", worse="low")),
    IndicatorKind("workstock_reviewed_ratio", WORKSTOCK, (), "ratio", "van wie voorbij de termijn is, met beoordeeld risico op gezondheidsschade", "ratio", Ratio("patients", whole="workstock_overdue", whole_labels={"ic": "all", "urgency": "all"}, worse="low")),
    IndicatorKind("workstock_locations", WORKSTOCK, (), "locations", "locaties met een bekende werkvoorraad", "sum"),
    IndicatorKind("workstock_locations_missing", WORKSTOCK, (), "locations", "locaties zonder werkvoorraad in de laatste twee weken", "sum"),
    IndicatorKind("workstock_monday_at", WORKSTOCK, (), "s", "begin van de week van de nieuwste werkvoorraad", "none"),
    IndicatorKind("critical_on_time_locations", WORKSTOCK, (), "locations", "locaties die alle kritiek planbare zorg (U3) binnen zes weken leveren", "sum"),
    IndicatorKind("critical_on_time_ratio", WORKSTOCK, (), "ratio", "aandeel locaties dat alle kritiek planbare zorg (U3) binnen zes weken levert", "ratio", Ratio(worse="low")),
    IndicatorKind("production_week", PRODUCTION, ("kind", "provider"), "deliveries", "geleverde zorg in de laatste volle week, regulier en inhaalzorg samen", "sum"),
    IndicatorKind("production_reference_week", PRODUCTION, ("kind", "provider"), "deliveries", "geleverde zorg in dezelfde week van 2019", "sum"),
    IndicatorKind("production_ratio", PRODUCTION, ("kind", "provider"), "ratio", "geleverde zorg tegen dezelfde week van 2019, regulier en inhaalzorg samen", "ratio", Ratio("deliveries", worse="low")),
    IndicatorKind("operations_week", PRODUCTION, ("ic", "provider", "urgency"), "operations", "operaties in de laatste volle week", "sum"),
    IndicatorKind("operations_monday_at", PRODUCTION, (), "s", "begin van de laatste volle week waarvan operaties bekend zijn", "none"),
    IndicatorKind("operations_rise", PRODUCTION, ("urgency",), "operations", "toename van operaties tegen de week ervoor, waar beide weken bekend zijn", "sum"),
    IndicatorKind("operated_or_hours_week", PRODUCTION, ("specialism",), "h", "gebruikte OK-uren in de laatste volle week", "sum"),
    IndicatorKind("operations_missed", PRODUCTION, (), "operations", "operaties minder dan in 2019, sinds maart 2020", "sum"),
    IndicatorKind("absence_rate", ABSENCE, ("sector",), "percent", "ziekteverzuim", "ratio", Ratio("employees")),
    IndicatorKind("absence_long_rate", ABSENCE, ("sector",), "percent", "ziekteverzuim langer dan zes weken", "ratio", Ratio("employees")),
    IndicatorKind("absence_employees", ABSENCE, ("sector",), "employees", "medewerkers waarvan het verzuim bekend is", "sum"),
    IndicatorKind("forecast_beds", FORECAST, ("day", "unit"), "beds", "verwachte COVID-bedden op dag 1 tot en met 7 na vandaag", "sum"),
    IndicatorKind("forecast_planned_beds", FORECAST, ("day", "unit"), "beds", "daarvoor geplande bedden", "sum"),
    IndicatorKind("forecast_expected_today", FORECAST, ("unit",), "beds", "COVID-bedden die voor vandaag waren verwacht", "sum"),
    IndicatorKind("forecast_days_ahead", FORECAST, ("unit",), "d", "dagen na de uitgifte waarvoor de laatste prognose geldt", "none"),
    IndicatorKind("forecast_age_hours", FORECAST, (), "h", "hele uren sinds de laatste prognose", "max"),
    IndicatorKind("phase", COORDINATION, (), "phase", "LNAZ-fase: 1, 2A = 2, 2B = 3, 2C = 4, 2D = 5, 3 = 6", "max"),
    IndicatorKind("phase_change_irregular", COORDINATION, (), "changes", "1 als de geldende fase niet door de juiste partij is gevraagd of bevestigd", "max"),
    IndicatorKind("agreement_valid", COORDINATION, ("subject",), "agreements", "vastgelegde afspraken die nu gelden", "total"),
    IndicatorKind("agreement_unrecorded", COORDINATION, ("subject",), "agreements", "gemaakte afspraken die nu gelden en niet zijn vastgelegd", "total"),
    IndicatorKind("agreement_by_others", COORDINATION, ("subject",), "agreements", "afspraken die nu gelden en niet op initiatief van de ROAZ-voorzitter zijn gemaakt", "total"),
    IndicatorKind("agreement_ic_beds", COORDINATION, (), "beds", "IC-bedden die afspraken vrijhouden voor IC-afhankelijke kritiek planbare zorg", "total"),
    IndicatorKind("transfers_out_7d", COORDINATION, ("unit",), "patients", "patiënten in 7 dagen verplaatst naar andere regio's", "total"),
    IndicatorKind("transfers_by_others_7d", COORDINATION, (), "patients", "patiënten in 7 dagen verplaatst naar andere regio's, niet door het LCPS", "total"),
    IndicatorKind("notices_30d", COORDINATION, ("anchor",), "notices", "meldingen op de escalatieladder in 30 dagen", "total"),
    IndicatorKind("notices_skipping", COORDINATION, (), "notices", "meldingen in 30 dagen die een stap van de escalatieladder oversloegen", "total"),
    IndicatorKind("notices_misdirected", COORDINATION, (), "notices", "meldingen in 30 dagen aan de verkeerde ontvanger", "total"),
    IndicatorKind("notice_at", COORDINATION, ("anchor", "norm"), "s", "laatste melding van een stap van de escalatieladder", "max"),
    IndicatorKind("report_age_days", COORDINATION, ("report",), "d", "hele dagen sinds een periodiek rapport verscheen, of sinds de eerste vastlegging als het nog nooit verscheen", "none"),
    IndicatorKind("plans_recorded", COORDINATION, (), "locations", "locaties met een vastgelegd plan inhaalzorg", "total"),
    IndicatorKind("plans_incomplete", COORDINATION, (), "locations", "plannen inhaalzorg zonder herstel van personeel, zonder keten, of niet bij de verzekeraars", "total"),
    IndicatorKind("website_age_days", COORDINATION, ("publisher",), "d", "ouderdom van de oudste wachttijdinformatie op websites, in hele dagen", "max"),
    IndicatorKind("websites_without", COORDINATION, ("publisher",), "websites", "websites zonder wachttijdinformatie", "total"),
    IndicatorKind("websites_unsplit", COORDINATION, ("publisher",), "websites", "websites die polikliniek en behandeling niet splitsen", "total"),
    IndicatorKind("mediation_requested_week", COORDINATION, (), "requests", "verzoeken om zorgbemiddeling in de laatste volle week", "sum"),
    IndicatorKind("mediation_matched_week", COORDINATION, (), "requests", "verzoeken om zorgbemiddeling die zorg vonden", "sum"),
    IndicatorKind("mediation_ratio", COORDINATION, (), "ratio", "aandeel verzoeken om zorgbemiddeling dat zorg vond", "ratio", Ratio("requests", worse="low")),
    IndicatorKind("mediation_answer_days", COORDINATION, (), "d", "dagen tot antwoord op een verzoek: mediaan per verzekeraar, gewogen naar verzoeken", "ratio", Ratio("requests")),
    IndicatorKind("agreement_in_force", JOINED_COORDINATION, ("subject",), "agreements", "1 als een vastgelegde afspraak geldt, anders 0", "none"),
    IndicatorKind("agreement_not_recorded", JOINED_COORDINATION, ("subject",), "agreements", "gemaakte afspraken die niet zijn vastgelegd", "none"),
    IndicatorKind("agreement_not_by_chair", JOINED_COORDINATION, ("subject",), "agreements", "afspraken die niet op initiatief van de ROAZ-voorzitter zijn gemaakt", "none"),
    IndicatorKind("agreement_without_beds", JOINED_COORDINATION, (), "agreements", "1 als de afspraak over IC-afhankelijke zorg geen IC-bedden vrijhoudt, anders 0", "none"),
    IndicatorKind("plans_of_network", JOINED_COORDINATION, (), "locations", "locaties met een vastgelegd plan inhaalzorg, zodra er ergens in het land een is", "none"),
    IndicatorKind("notices_in_use", JOINED_COORDINATION, (), "notices", "1 zodra ergens in het land een melding op de escalatieladder is vastgelegd", "none"),
    IndicatorKind("lcps_insight_age_days", JOINED_COORDINATION, (), "d", "hele dagen sinds LCPS inzicht gaf in spreiding en vrije capaciteit", "none"),
    IndicatorKind("fair_share_deviation_ratio", JOINED_BEDS, ("unit",), "ratio", "afwijking van het evenredige deel van de COVID-patiënten (fair share)", "none", Ratio("patients")),
    IndicatorKind("fair_share_beds", JOINED_BEDS, ("unit",), "beds", "COVID-patiënten bij een evenredige verdeling over de regio's", "none"),
    IndicatorKind("transfer_suggested", JOINED_BEDS, ("to", "unit"), "patients", "suggestie: patiënten die verplaatst een evenredige verdeling herstellen", "none"),
    IndicatorKind("forecast_days_covered", JOINED_BEDS, ("unit",), "d", "dagen na de uitgifte met een prognose van het laatste etmaal", "none"),
    IndicatorKind("forecast_shortfall_beds", JOINED_BEDS, ("unit",), "beds", "grootste tekort aan bedden in de prognose van 7 dagen", "none"),
    IndicatorKind("forecast_overflow_day", JOINED_BEDS, ("unit",), "d", "dagen tot de prognose de capaciteit overschrijdt", "none"),
    IndicatorKind("forecast_error_ratio", JOINED_BEDS, ("unit",), "ratio", "afwijking van de werkelijke COVID-bedden van de prognose voor vandaag", "none", Ratio("beds")),
    IndicatorKind("ic_strained_regions_ratio", JOINED_BEDS, (), "ratio", "aandeel regio's met een IC die vol of bijna vol is", "none"),
    IndicatorKind("forecast_ic_pressure_ratio", JOINED_BEDS, (), "ratio", "verwachte bezette IC-bedden op dag 7 per IC-bed met personeel", "none"),
    IndicatorKind("projected_beds", JOINED_BEDS, ("day", "label", "quantile", "unit"), "beds", "eigen projectie (niet van LCPS): bezette bedden op dag 1 tot en met 7 na vandaag; 10 en 90 zijn de randen van de band van 80 %", "none"),
    IndicatorKind("projected_occupancy_ratio", JOINED_BEDS, ("days", "quantile", "unit"), "ratio", "eigen projectie (niet van LCPS): bezette bedden per nu bekend bed met personeel, het hoogst van die dagen", "none"),
    IndicatorKind("capacity_known_beds", JOINED_BEDS, ("unit",), "beds", "bedden met personeel waartegen de projectie wordt gehouden: gemeld, of anders die van het register", "none"),
    IndicatorKind("u45_while_u3_overdue", JOINED_SCALING_UP, ("provider",), "operations", "operaties U4 en U5 in een week waarin U3 voorbij de termijn is", "none"),
    IndicatorKind("u45_while_u3_rising", JOINED_SCALING_UP, ("ic",), "operations", "operaties U4 en U5 in een week waarin U3 voorbij de termijn is en toeneemt", "none"),
    IndicatorKind("u45_while_followup_strained", JOINED_SCALING_UP, ("provider",), "operations", "operaties U4 en U5 in een week waarin de vervolgzorg overbelast is", "none"),
    IndicatorKind("u45_rising_while_followup_strained", JOINED_SCALING_UP, (), "operations", "toename van operaties U4 en U5 terwijl de vervolgzorg overbelast is", "none"),
    IndicatorKind("workstock_weeks", JOINED_SCALING_UP, ("specialism",), "weeks", "weken werk in de werkvoorraad, naar de OK-uren van de laatste week", "none"),
    IndicatorKind("operations_behind_ratio", JOINED_SCALING_UP, (), "ratio", "operaties tegen 2019: hoeveel de regio achterblijft bij het land, als deel daarvan", "none", Ratio("deliveries")),
    IndicatorKind("rooms_behind_ratio", JOINED_SCALING_UP, (), "ratio", "operatiekamers in gebruik tegen gewoonlijk: hoeveel de regio achterblijft bij het land, als deel daarvan", "none", Ratio("rooms")),
    IndicatorKind("unequal_access_ratio", JOINED_ACCESS, _TREATMENT, "ratio", "langste mediaan per kortste mediaan van de wachttijd in de regio's", "none"),
    IndicatorKind("unequal_access_part_ratio", JOINED_ACCESS, (*_TREATMENT, "part"), "ratio", "mediaan van de wachttijd in een deel van een regio per kortste mediaan van de regio's", "none"),
    IndicatorKind("escalation_overdue_hours", JUDGED_NOTICES, ("norm",), "h", "hele uren dat een melding op de escalatieladder te laat is", "none"),
    IndicatorKind("silent_locations", "", ("topic",), "locations", "locaties die zwijgen en gemist worden", "total"),
    IndicatorKind("given_up_locations", "", ("topic",), "locations", "locaties die zo lang zwijgen dat zij niet meer meetellen", "total"),
    IndicatorKind("suspected_renames", "", ("topic",), "locations", "namen die begonnen toen andere van dezelfde bron ophielden: dezelfde bedden tellen eenmaal", "total"),
    IndicatorKind("renamed_locations", "", ("topic",), "locations", "andere namen voor de ene locatie waarvoor een bron spreekt", "total"),
    IndicatorKind("new_locations", "", ("topic",), "locations", "nieuwe namen die niet meetellen: niemand heeft ze geregistreerd, of nog niet bekend is of zij andere vervangen", "total"),
    IndicatorKind("unheard_locations", "", ("topic",), "locations", "geregistreerde locaties van wie iets wordt verwacht en nog niets kwam: zij ontbreken in de cijfers", "total"),
    IndicatorKind("totals_beside_parts", "", ("topic",), "locations", "totalen die naast hun delen worden gemeld: een van beide telt", "total"),
    IndicatorKind("conflicting_sources", "", ("topic",), "locations", "locaties waarover twee bronnen op dezelfde dag iets anders zeggen: de bron met voorrang telt", "total"),
    IndicatorKind("suspect_figures", "", ("topic",), "figures", "cijfers die niet meetellen tot iets of iemand ze bevestigt: zij wijken af van alles wat de reeks ooit deed", "total"),
    IndicatorKind("unwatched_sources", "", ("topic",), "sources", "onbekende bronnen: geweigerd, of zonder register niet op zwijgen bewaakt", "total"),
    IndicatorKind("feed_received_at", "", ("source", "topic"), "s", "laatste bericht van een bron", "max"),
    IndicatorKind("backdated_reports", "", ("source", "topic"), "reports", "berichten van een etmaal die meer dan 3 dagen oud waren", "sum"),
)  # fmt: skip

INDICATORS: Mapping[str, IndicatorKind] = {kind.name: kind for kind in _KINDS}
"""Every kind of indicator by name. An empty topic means: folded from each report topic."""

if _unknown := {kind.topic for kind in _KINDS} - {"", *FIGURE_SOURCES}:
    raise LookupError(
        f"indicators of {sorted(_unknown)}: no report type in `REPORT_TYPES` declares that topic"
    )

SILENT, GIVEN_UP = "silent_locations", "given_up_locations"
"""How many locations fell silent: those who are missed, and those who were missed too long. They name them."""

LOCATION_DOUBTS = (
    "suspected_renames",
    "renamed_locations",
    "new_locations",
    "totals_beside_parts",
    "conflicting_sources",
)
"""How many locations are not known to be who they say, or would be counted twice. They name them, as silence does."""

UNKNOWN_SOURCES = "unwatched_sources"
"""How many sources nobody knows: refused, or where there is no registry not watched for silence. It names them as well."""

SUSPECTS, UNHEARD = "suspect_figures", "unheard_locations"
"""How many figures are suspect, and how many registered locations are expected and were never heard. They name them, with
the last trusted figure and the reason, and with since when they are expected."""

DOUBTS = (*LOCATION_DOUBTS, UNHEARD, SUSPECTS, UNKNOWN_SOURCES)
"""Every doubt about who reports, and what."""

FEED_HEARD = "feed_received_at"
"""When a source was last heard: the one moment that is judged, by its age."""


def indicator_key(name: str, labels: Mapping[str, str]) -> str:
    """Return the identity of an indicator within a region, such as `beds_staffed{unit=ic}`.

    >>> indicator_key("beds_occupied", {"unit": "ic", "label": "covid"})
    'beds_occupied{label=covid,unit=ic}'
    """
    # Every figure of every tick has one, nearly all with one to three labels.
    count = len(labels)
    if count == 2:
        (one, its), (two, others) = labels.items()
        if one < two:
            return f"{name}{{{one}={its},{two}={others}}}"
        return f"{name}{{{two}={others},{one}={its}}}"
    if count == 1:
        ((one, its),) = labels.items()
        return f"{name}{{{one}={its}}}"
    if count == 3:
        (one, its), (two, others), (three, rest) = labels.items()
        if one < two < three:
            return f"{name}{{{one}={its},{two}={others},{three}={rest}}}"
    inside = ",".join([f"{label}={labels[label]}" for label in sorted(labels)])
    return f"{name}{{{inside}}}" if inside else name
