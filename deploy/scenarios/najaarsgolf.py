"""`najaarsgolf`: a wave as in autumn 2021. The tables say what happens where; the truth follows from them."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from deploy.scenarios import beds, follow_up, ordinary, referrals, waits
from deploy.scenarios.coordination import agreements, phases, transfers
from deploy.scenarios.course import Course, course
from deploy.scenarios.dirt import Silence, broken, corrected, delayed, repeated, sent_again, silenced
from deploy.scenarios.najaarsgolf_chain import (
    ABSENCES,
    IC_COVID,
    OUTLOOKS,
    OUTPUTS,
    ROOMS,
    STOCKS,
    WARD_COVID,
)
from deploy.scenarios.najaarsgolf_truth import FLOOD_ON, NOTIFIED_ON, SILENT_SINCE, SILENT_UNTIL, TRUTH
from deploy.scenarios.scenario import Scenario, Statement, days, local
from streams.calendar import seconds
from streams.recording import Record, record_of

BEGIN, END = date(2021, 10, 1), date(2021, 12, 15)


def _on(values: Mapping[str, float]) -> Course:
    return course(2021, values)


# Occupied per staffed IC bed. The limits are 0.90 and 0.95, an alert ends at 0.85 and 0.90.
IC: Mapping[str, Course] = {
    "R01": _on({"10-01": 0.66, "11-15": 0.73, "12-05": 0.78, "12-15": 0.77}),
    "R02": _on({"10-01": 0.70, "11-15": 0.85, "11-30": 0.995, "12-15": 0.985}),
    "R03": _on({"10-01": 0.66, "11-15": 0.74, "12-05": 0.78, "12-15": 0.77}),
    "R04": _on({"10-01": 0.70, "11-10": 0.82, "11-24": 0.93, "12-15": 0.92}),
    "R05": _on({"10-01": 0.72, "11-01": 0.84, "11-12": 0.93, "11-20": 0.98, "11-27": 0.93, "12-04": 0.82, "12-15": 0.80}),
    "R06": _on({"10-01": 0.70, "11-05": 0.83, "11-19": 0.93, "12-01": 0.92, "12-10": 0.82, "12-15": 0.80}),
    "R07": _on({"10-01": 0.69, "11-14": 0.83, "11-28": 0.935, "12-15": 0.925}),
    "R08": _on({"10-01": 0.67, "11-15": 0.78, "12-01": 0.83, "12-15": 0.82}),
    "R09": _on({"10-01": 0.70, "11-15": 0.84, "11-29": 0.975, "12-06": 0.975, "12-12": 0.875, "12-15": 0.875}),
    "R10": _on({"10-01": 0.65, "11-15": 0.72, "12-05": 0.77, "12-15": 0.76}),
    "R11": _on({"10-01": 0.69, "11-20": 0.84, "12-04": 0.935, "12-15": 0.93}),
}  # fmt: skip

# Occupied per staffed ward bed. The limits are 0.92 and 0.98, an alert ends at 0.88 and 0.94.
WARD: Mapping[str, Course] = {
    **{region: _on({"10-01": 0.78, "11-20": 0.84, "12-05": 0.86, "12-15": 0.85}) for region in IC},
    "R05": _on({"10-01": 0.80, "11-10": 0.88, "11-20": 0.95, "12-01": 0.94, "12-10": 0.86, "12-15": 0.85}),
    "R09": _on({"10-01": 0.80, "11-20": 0.88, "12-01": 0.955, "12-15": 0.95}),
}

# Staffed IC beds, as a multiple of 1,016: 1,150 at the end of November, about 1,350 from 9 December on.
IC_SCALING = _on({"11-15": 1.0, "11-29": 1.132, "12-09": 1.33})

BLOCKED: waits.BlockedAccess = {
    ("R01", "dagbehandeling"): waits.Blocked(date(2021, 10, 19)),
    ("R02", "klinisch"): waits.Blocked(date(2021, 11, 16), widely=True),
    ("R04", "polikliniek"): waits.Blocked(date(2021, 10, 5)),
    ("R05", "klinisch"): waits.Blocked(date(2021, 11, 2), widely=True),
    ("R06", "polikliniek"): waits.Blocked(date(2021, 10, 5), widely=True),
    ("R06", "diagnostiek"): waits.Blocked(date(2021, 10, 19)),
    ("R07", "polikliniek"): waits.Blocked(date(2021, 10, 5), widely=True),
    ("R07", "klinisch"): waits.Blocked(date(2021, 11, 2)),
    ("R08", "dagbehandeling"): waits.Blocked(date(2021, 11, 16), widely=True),
    ("R09", "polikliniek"): waits.Blocked(date(2021, 10, 5)),
    ("R11", "diagnostiek"): waits.Blocked(date(2021, 10, 5), date(2021, 11, 30), widely=True),
    ("R11", "klinisch"): waits.Blocked(date(2021, 11, 30)),
}
"""Where access is blocked. R03 and R10 stay within every norm."""

REFERRAL_SHARES: referrals.WeekShares = {
    ("R09", date(2021, 10, 11)): 1.28,
    ("R04", date(2021, 11, 15)): 0.74,
    ("R04", date(2021, 11, 22)): 0.72,
    ("R04", date(2021, 11, 29)): 0.76,
}

STRAINED: follow_up.StrainPeriods = {
    ("R02", "verpleeghuis"): (date(2021, 11, 8), None),
    ("R06", "wijkverpleging"): (date(2021, 11, 22), None),
    ("R08", "grz"): (date(2021, 11, 15), date(2021, 11, 29)),
}

_FLOOD_AGES = (*range(4, 14), 16, 17)
"""Days; the last two are older than what is held, and count as late."""


def _statements(chance: Random) -> list[Statement]:
    plan = beds.BedsPlan(
        ic=IC,
        ward=WARD,
        ic_scaling=IC_SCALING,
        ic_covid=IC_COVID,
        ward_covid=WARD_COVID,
        notified_at_once={("R07", NOTIFIED_ON): 12},
    )
    return [
        *beds.beds(chance, plan, BEGIN, END),
        *waits.waits(chance, BLOCKED, BEGIN, END),
        *referrals.referrals(chance, REFERRAL_SHARES, BEGIN, END),
        *follow_up.follow_up(chance, STRAINED, BEGIN, END),
        *agreements(BEGIN, date(2022, 3, 1)),
        *ordinary.chain(
            chance,
            BEGIN,
            END,
            rooms=ROOMS,
            stocks=STOCKS,
            outputs=OUTPUTS,
            absences=ABSENCES,
            outlooks=OUTLOOKS,
        ),
        *phases([(BEGIN, "2B"), (date(2021, 11, 19), "2C"), (date(2021, 11, 26), "2D")]),
        *transfers([(date(2021, 11, 22), "R05", "R01", 4), (date(2021, 12, 2), "R09", "R10", 3)]),
    ]


def _records(chance: Random) -> list[Record]:
    statements = delayed(chance, _statements(chance), 0.015, (3, 40))
    statements = silenced(statements, Silence("R10", beds.SOURCE, SILENT_SINCE, SILENT_UNTIL))
    statements = corrected(chance, statements, 0.01)
    statements += sent_again(statements, "R06", FLOOD_ON, _FLOOD_AGES)
    statements = silenced(statements, Silence("R10", beds.SOURCE, SILENT_SINCE, SILENT_UNTIL))
    records = [record_of(topic, report) for topic, report in statements]
    moments = [local(on, 13, 7) for on in days(BEGIN + timedelta(days=3), END)[::8]]
    told = [*repeated(chance, records, 0.01), *broken(statements, moments)]
    # What comes later than the last day is no part of it: the daily sources would seem to be silent.
    last = seconds(local(END + timedelta(days=1))) * 1000
    return sorted((record for record in told if record.timestamp < last), key=lambda record: record.timestamp)


NAJAARSGOLF = Scenario(
    name="najaarsgolf",
    summary="een golf als in het najaar van 2021, van 1 oktober tot en met 15 december, alle regio's",
    begin=BEGIN,
    end=END,
    tick_seconds=10_800,
    truth=TRUTH,
    records=_records,
)
