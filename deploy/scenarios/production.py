"""Production: every Monday each region's hospitals and clinics tell what they did in the week before.

Regular and catch-up care together, as in life: no source can tell them apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.scenarios.course import Figure, apportion
from deploy.scenarios.hospitals import places
from deploy.scenarios.scenario import Statement, local, mondays
from streams.reports import ProductionReport, ProductionRow
from streams.reports.production import ProductionKind, Provider
from streams.reports.workstock import Urgency
from streams.topics import PRODUCTION

SOURCE = "sim-productie"


@dataclass(frozen=True)
class Output:
    """What a region does of one kind in a week, all providers of that sort together.

    Attributes:
        kind: what is counted.
        count: done in a week; asked for on its Monday.
        reference: in the same week of 2019, None where it is not known.
        provider: `hospital` or `zbc`.
        urgency: FMS class of operations.
        ic_dependent: operations that need an intensive care bed afterwards.
        specialism: medical specialism, or empty.
        hours_each: operating-room hours each takes, None where it takes none.
    """

    kind: ProductionKind
    count: Figure
    reference: int | None = None
    provider: Provider = "hospital"
    urgency: Urgency | None = None
    ic_dependent: bool = False
    specialism: str = ""
    hours_each: float | None = None


def production(
    chance: Random, outputs: Mapping[str, Sequence[Output]], begin: date, end: date
) -> Iterator[Statement]:
    """Yield the reports that are received on the Mondays between two days, about the week before each.

    The two largest hospitals and one clinic of a region report; how much each did is chance, not their sum.
    """
    for region, own in outputs.items():
        for received in mondays(begin, end):
            monday = received - timedelta(days=7)
            share = chance.uniform(0.5, 0.7)
            shares = {"hospital": (share, 1 - share), "zbc": (1.0,)}
            clinic = f"Kliniek {region} (simulatie)"
            names = [(place.id, place.name, "hospital") for place in places(region, 2)]
            tellers = [*names, (f"{region}:zbc", clinic, "zbc")]
            for number, (place_id, name, provider) in enumerate(tellers):
                rows = [
                    _row(output, monday, shares[provider], number if provider == "hospital" else 0)
                    for output in own
                    if output.provider == provider
                ]
                if rows:
                    yield (
                        PRODUCTION,
                        ProductionReport(
                            id=f"{SOURCE}:{place_id}:{monday:%Y%m%d}:0",
                            source=SOURCE,
                            region=region,
                            location=name,
                            observed_at=local(monday + timedelta(days=6), 23),
                            received_at=local(received, 7) + timedelta(seconds=chance.randint(0, 7200)),
                            week_start=monday,
                            rows=rows,
                        ),
                    )


def _row(output: Output, monday: date, shares: tuple[float, ...], number: int) -> ProductionRow:
    count = apportion(round(output.count.at(local(monday))), shares)[number]
    reference = None if output.reference is None else apportion(output.reference, shares)[number]
    return ProductionRow(
        kind=output.kind,
        provider=output.provider,
        specialism=output.specialism,
        urgency=output.urgency,
        ic_dependent=output.ic_dependent,
        count=count,
        reference=reference,
        or_hours=None if output.hours_each is None else round(count * output.hours_each, 2),
    )
