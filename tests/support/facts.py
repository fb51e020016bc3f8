"""What a join makes of figures that a test names by key, such as `beds_staffed{unit=ic}`."""

import re
from collections.abc import Mapping

from agents.domain.country.joins.facts import Facts
from agents.domain.country.joins.join import Join
from alerts.norms import Norms, load_norms
from streams.indicators import INDICATORS
from streams.joins import JOINS
from streams.regions import REGIONS
from streams.status import Indicator

NORMS = load_norms()
AT = 1_636_977_600  # 2021-11-15T12:00:00Z
Figures = Mapping[str, Mapping[str, float | Indicator | None]]


def figure(key: str, value: float | None, **other: float) -> Indicator:
    """An indicator by its key, observed at `AT`, with twenty observations."""
    name, _, labels = key.rstrip("}").partition("{")
    pairs = dict(re.findall(r"([^=,]+)=([^,]+)", labels))
    assert tuple(sorted(pairs)) == tuple(sorted(INDICATORS[name].labels)), key
    return Indicator(name, pairs, value, **{"observed_at": AT, "observations": 20, **other})


def joined(join: Join, told: Figures, at: int = AT, norms: Norms = NORMS) -> dict[str, dict[str, Indicator]]:
    """What follows at second `at`, by region and key; only figures that the join reads may be named."""
    known: dict[str, dict[str, Indicator]] = {}
    for region, figures in told.items():
        for key, value in figures.items():
            found = value if isinstance(value, Indicator) else figure(key, value)
            assert found.name in join.reads, key
            assert INDICATORS[found.name].topic in JOINS[join.name], key
            known.setdefault(region, {})[key] = found
    results: dict[str, dict[str, Indicator]] = {}
    for part in join.parts:
        for region, said in part.compute(Facts(known, at, norms), REGIONS).items():
            for key, found in said.items():
                assert INDICATORS[found.name].topic == join.name
                assert set(found.labels) == set(INDICATORS[found.name].labels)
                assert key not in results.setdefault(region, {})
                results[region][key] = found
    return results


def values(
    results: dict[str, dict[str, Indicator]], region: str, name: str = ""
) -> dict[str, float | int | None]:
    """The values of a region by key, only of indicators whose key begins with `name`."""
    return {key: found.value for key, found in results.get(region, {}).items() if key.startswith(name)}
