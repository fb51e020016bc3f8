"""The werkvoorraad from scratch, from a plain list of all reports that were accepted."""

from collections import defaultdict
from datetime import UTC, datetime

from tests.support.naive import day_of, midnight, number_of, what_stands

URGENCIES = ("U1", "U2", "U3", "U4", "U5")


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _order(row) -> list:
    """The rows of two statements of the same second are compared to choose one, nobody knows which is right."""
    return [
        -1 if getattr(row, name) is None else getattr(row, name)
        for name in (
            "specialism", "urgency", "ic_dependent", "patients", "or_hours", "overdue", "overdue_postponed",
            "reviewed", "over_treeknorm", "informed",
        )
    ]  # fmt: skip


def _late(row) -> int | None:
    """Past the limit by either clock."""
    known = [each for each in (row.overdue, row.overdue_postponed) if each is not None]
    return max(known) if known else None


def _in(row, ic: str, urgency: str) -> bool:
    return urgency in ("all", row.urgency) and (ic == "all" or (ic == "yes") == row.ic_dependent)


class _Place:
    """One location: its newest statement of each week."""

    def __init__(self, reports) -> None:
        stand = what_stands(
            reports,
            lambda report: number_of(report.week_start),
            lambda report: {"": sorted(map(_order, report.rows))},
        )
        self.weeks = {monday: report for (_, monday, _), (*_, report) in stand.items()}
        self.newest = max(self.weeks)

    @property
    def now(self):
        return self.weeks[self.newest]

    def rows(self, weeks_ago: int = 0):
        report = self.weeks.get(self.newest - 7 * weeks_ago)
        return None if report is None else report.rows


def _everyone(row) -> bool:
    return row is not None


def total(pick, wanted=_everyone):
    """What a location says in sum, and the share of its rows that say it."""

    def of_place(place):
        rows = [pick(row) for row in place.rows() if wanted(row)]
        known = [figure for figure in rows if figure is not None]
        return (sum(known), len(known) / len(rows) if rows else 1) if known or not rows else None

    return of_place


def pair(upper, lower, wanted=_everyone):
    """Two sums of a location over the rows that say both."""

    def of_place(place):
        rows = [(upper(row), lower(row)) for row in place.rows() if wanted(row)]
        known = [each for each in rows if None not in each]
        return (sum(u for u, _ in known), sum(w for _, w in known)) if known or not rows else None

    return of_place


def _whole(pick, rows, wanted):
    """The sum if every row tells it, else None."""
    figures = None if rows is None else [pick(row) for row in rows if wanted(row)]
    return None if figures is None or None in figures else sum(figures)


class _Figures:
    """What all locations say together."""

    def __init__(self, everyone, places) -> None:
        self.everyone, self.places, self.told = everyone, places, {}

    def add(self, name, labels, of_place):
        self._say(name, labels, of_place, lambda known: sum(said[0] for _, said in known), None)

    def ratio(self, name, labels, of_place, nothing):
        def divide(known):
            above, below = (sum(said[side] for _, said in known) for side in (0, 1))
            return above / below if below else nothing

        self._say(name, labels, of_place, divide, lambda known: sum(said[1] for _, said in known))

    def _say(self, name, labels, of_place, value, weight):
        known = [(place, said) for place in self.places if (said := of_place(place)) is not None]
        when = max((_seconds(place.now.observed_at) for place, _ in known), default=0)
        share = sum(place.now.completeness * (1 if weight else said[1]) for place, said in known)
        found = value(known) if known else None
        count = weight(known) if weight else len(known)
        self.told[name, labels] = (found, when, share / len(self.everyone), count)


def workstock(reports, at: int, stands: int = 20, missed: int = 90, owed: int = 371) -> dict:
    """`stands` is as long as `missed` with those who are missed; both 742 with those given up as well."""
    today = day_of(datetime.fromtimestamp(at, UTC))
    by_place = defaultdict(list)
    for report in reports:
        by_place[report.location].append(report)
    held = [_Place(own) for own in by_place.values()]
    everyone = [place for place in held if place.newest >= today - missed]
    places = [place for place in everyone if place.newest >= today - stands]
    figures = _Figures(everyone, places)
    observed = max((_seconds(place.now.observed_at) for place in places), default=0)
    if owing := sum(place.newest >= today - owed for place in held):
        figures.told["workstock_locations", ()] = (len(places), observed, 1, owing)
        figures.told["workstock_locations_missing", ()] = (owing - len(places), observed, 1, owing)
    if not everyone:
        return figures.told
    if places:
        monday = midnight(max(place.newest for place in places))
        figures.told["workstock_monday_at", ()] = (monday, observed, 1, len(places))
    for ic in ("all", "no", "yes"):
        for urgency in ("all", *URGENCIES):
            _class(figures, ic, urgency)
    for specialism in {row.specialism for place in places for row in place.rows()} | {"all"}:
        own = total(lambda row: row.or_hours, lambda row, s=specialism: s in ("all", row.specialism))
        figures.add("workstock_or_hours", (("specialism", specialism),), own)
    figures.add("workstock_over_treeknorm", (), total(lambda row: row.over_treeknorm))
    informed = pair(lambda row: row.informed, lambda row: row.over_treeknorm)
    figures.ratio("workstock_informed_ratio", (), informed, 1)
    figures.ratio("workstock_reviewed_ratio", (), pair(lambda row: row.reviewed, _late), 1)
    figures.add("critical_on_time_locations", (), _on_time)
    figures.ratio("critical_on_time_ratio", (), _on_time, None)
    return figures.told


def _class(figures: _Figures, ic: str, urgency: str) -> None:
    labels = (("ic", ic), ("urgency", urgency))

    def wanted(row):
        return _in(row, ic, urgency)

    def rise(place):
        before = place.rows(1) if place.rows(1) is not None else place.rows(2)
        now, then = _whole(_late, place.rows(), wanted), _whole(_late, before, wanted)
        return None if None in (now, then) else (now - then, 1)

    def before(place):
        now, then = (_whole(lambda row: row.patients, place.rows(ago), wanted) for ago in (0, 4))
        return None if None in (now, then) else (then, 1)

    def moved(place):
        then = before(place)
        now = _whole(lambda row: row.patients, place.rows(), wanted)
        return None if then is None else (now - then[0], then[0])

    figures.add("workstock_patients", labels, total(lambda row: row.patients, wanted))
    figures.add("workstock_overdue", labels, total(_late, wanted))
    figures.add("workstock_overdue_indication", labels, total(lambda row: row.overdue, wanted))
    figures.add("workstock_overdue_postponed", labels, total(lambda row: row.overdue_postponed, wanted))
    figures.ratio("workstock_overdue_ratio", labels, pair(_late, lambda row: row.patients, wanted), 0)
    figures.add("workstock_overdue_rise", labels, rise)
    if ic == "all":
        figures.ratio("workstock_change_4w_ratio", labels[1:], moved, None)
        figures.add("workstock_before_4w", labels[1:], before)


def _on_time(place):
    late = [_late(row) for row in place.rows() if row.urgency == "U3"]
    if any(late):
        return 0, 1
    had = [row for ago in range(5) for row in place.rows(ago) or () if row.urgency == "U3"]
    return (1, 1) if had and None not in late else None
