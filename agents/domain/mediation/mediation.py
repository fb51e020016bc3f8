"""Zorgbemiddeling: where the same treatment has a shorter wait than in one's own region.

Who waits longer than the Treeknorm has a right to it, from the insurer (norms.md sections 1 and 14). Waits of different
access kinds and specialisms stand apart and are never mixed; a location that is closed or too small to publish is said
to be so, never left out.
"""

from collections.abc import Iterator, Mapping

import msgspec

from agents.domain.mediation.treatment_names import find_name, letters
from agents.domain.waits.waiting_times import Place
from agents.domain.waits.waits import Key, Limits, Row, limits_of
from alerts.norms import Norms
from streams.calendar import date_of, iso, local_day
from streams.distances import distance_km
from streams.regions import NL, ROAZ_IDS, UNPLACED

FAR_AWAY = 10_000
"""Kilometres by which a location without a network is put behind all others."""


class Offer(msgspec.Struct, frozen=True):
    """One location that offers the treatment.

    Attributes:
        region: its network, or `NL` where that is not known.
        location: its name.
        distance_km: from the region asked for, between trauma centres; null where the network is not known.
        status: `known`, `insufficient` (too few waits to publish), `closed` (no new patients) or `unknown`.
        days: the wait, null unless `known`.
        over_treeknorm: whether that is over the Treeknorm; null where nobody can say.
        peildatum: date that the wait is about, ISO 8601.
        source: feed that told it.
        completeness: of the report that told it, 0...1.
    """

    region: str
    location: str
    distance_km: int | None
    status: str
    days: float | None
    over_treeknorm: bool | None
    peildatum: str
    source: str
    completeness: float


class Comparison(msgspec.Struct, frozen=True):
    """One access kind of one specialism; only what stands in one of these can be compared.

    Attributes:
        access: what is waited for.
        specialism: medical specialism, as the source names it.
        treatment: treatment as the source names it, or empty where it does not split.
        treeknorm_days: maximum in force, null where there is none.
        within_days: up to this a wait is surely within it; less than `treeknorm_days` where the source does not say
            whether one is admitted.
        shortest_here: shortest known wait in the region asked for, null where there is none.
        here: its locations, the shortest wait first.
        shorter: locations elsewhere with a shorter wait than that (all of them if none is known there): nearest
            regions first, then the shortest wait.
        not_known: locations elsewhere that offer it and give no wait, nearest first.
    """

    access: str
    specialism: str
    treatment: str
    treeknorm_days: float | None
    within_days: float | None
    shortest_here: float | None
    here: list[Offer]
    shorter: list[Offer]
    not_known: list[Offer]


class Mediation(msgspec.Struct, frozen=True):
    """The answer: what was asked, as known at `at` (ISO 8601 UTC), and a comparison of each kind."""

    asked: str
    name: str
    region: str
    at: str
    comparisons: list[Comparison]


Places = Mapping[str, Mapping[str, Place]]
"""By region (networks, `NL` and `UNPLACED`) what each location told."""


def treatments(places: Places, at: int, norms: Norms) -> list[str]:
    """Return every name that can be asked for at second `at`, in order."""
    return sorted({_name(key) for key in _standing(places, _first(at, norms))})


def mediate(places: Places, asked: str, region: str, at: int, norms: Norms) -> Mediation:
    """Say where the treatment `asked` has a shorter wait than in `region`, as known at second `at`.

    Raises:
        UnknownTreatmentError: nothing is known of it; the error names what comes near.
        KeyError: `region` is no network.
    """
    if region not in ROAZ_IDS:
        raise KeyError(region)
    first = _first(at, norms)
    known = _standing(places, first)
    wanted = letters(
        find_name(asked, {_name(key) for key in known}, {(key.specialism, _name(key)) for key in known})
    )
    groups: dict[Key, dict[Key, None]] = {}
    for key in sorted(known):
        if letters(_name(key)) == wanted:
            group = Key(key.access, letters(key.specialism), letters(key.treatment))
            groups.setdefault(group, {})[key] = None
    treeknorms = norms.treeknorms(region, at)
    comparisons = []
    for keys in groups.values():
        kind = next(iter(keys))
        limits = limits_of(kind.access, treeknorms)
        comparisons.append(
            _comparison(kind, list(_offers(places, keys, region, first, limits)), region, limits)
        )
    return Mediation(asked, _name(next(iter(next(iter(groups.values()))))), region, iso(at), comparisons)


def _first(at: int, norms: Norms) -> float:
    """Return the oldest peildatum (day) that stands at second `at`."""
    return local_day(at) - norms.parameter("waits-stand")


def _standing(places: Places, first: float) -> set[Key]:
    """Return what is told of at all since day `first`, in whatever place."""
    found: set[Key] = set()
    for _, place in _all(places):
        found |= {key for key, row in place.newest.items() if row.peildatum >= first}
    return found


def _all(places: Places) -> Iterator[tuple[tuple[str, str], Place]]:
    for region, own in places.items():
        if region != NL:  # the country as a whole is no place to go to
            for location, place in own.items():
                yield (NL if region == UNPLACED else region, location), place


def _name(key: Key) -> str:
    return key.treatment or key.specialism


def _offers(
    places: Places, keys: Mapping[Key, None], region: str, first: float, limits: Limits
) -> Iterator[Offer]:
    for (other, location), place in _all(places):
        for key in keys:
            row = place.newest.get(key)
            if row is not None and row.peildatum >= first:
                distance = distance_km(region, other) if other != NL else None
                yield _offer(other, location, distance, row, limits)


def _offer(region: str, location: str, distance: int | None, row: Row, limits: Limits) -> Offer:
    known = row.days if row.status == "known" else None
    over = None if known is None else _over(known, limits)
    peildatum = date_of(row.peildatum).isoformat()
    return Offer(region, location, distance, row.status, known, over, peildatum, row.source, row.completeness)


def _over(days: float, limits: Limits) -> bool | None:
    if limits.longest is None or limits.within is None:
        return None
    if days > limits.longest:
        return True
    return False if days <= limits.within else None


def _comparison(key: Key, offers: list[Offer], region: str, limits: Limits) -> Comparison:
    access, specialism, treatment = key
    here = [offer for offer in offers if offer.region == region]
    elsewhere = [offer for offer in offers if offer.region != region]
    shortest = min((offer.days for offer in here if offer.days is not None), default=None)
    shorter = [
        offer for offer in elsewhere if offer.days is not None and (shortest is None or offer.days < shortest)
    ]
    return Comparison(
        access,
        specialism,
        treatment,
        limits.longest,
        limits.within,
        shortest,
        sorted(here, key=_shortest_first),
        sorted(shorter, key=_nearest_first),
        sorted((offer for offer in elsewhere if offer.days is None), key=_nearest_first),
    )


def _shortest_first(offer: Offer) -> tuple[bool, float, str]:
    return offer.days is None, offer.days or 0, offer.location


def _nearest_first(offer: Offer) -> tuple[int, str, bool, float, str]:
    distance = FAR_AWAY if offer.distance_km is None else offer.distance_km
    return distance, offer.region, *_shortest_first(offer)
