"""`rustig`: two quiet weeks in which nothing may alert, with a few repeats and late reports."""

from datetime import date
from random import Random

from deploy.scenarios import beds, follow_up, ordinary, referrals, waits
from deploy.scenarios.coordination import phases
from deploy.scenarios.course import course, level
from deploy.scenarios.dirt import delayed, repeated
from deploy.scenarios.hospitals import HOSPITALS
from deploy.scenarios.scenario import Scenario, Statement
from deploy.scenarios.spread import spread
from streams.recording import Record, record_of

BEGIN, END = date(2021, 9, 6), date(2021, 9, 19)

IC_COVID, WARD_COVID = spread(level(160), {}), spread(level(520), {})


def _records(chance: Random) -> list[Record]:
    plan = beds.BedsPlan(
        ic=dict.fromkeys(HOSPITALS, course(2021, {"09-06": 0.70, "09-19": 0.73})),
        ward=dict.fromkeys(HOSPITALS, course(2021, {"09-06": 0.78, "09-19": 0.80})),
        ic_scaling=course(2021, {"09-06": 1.0}),
        ic_covid=IC_COVID,
        ward_covid=WARD_COVID,
        notified_at_once={},
    )
    statements: list[Statement] = [
        *beds.beds(chance, plan, BEGIN, END),
        *waits.waits(chance, {}, BEGIN, END),
        *referrals.referrals(chance, {}, BEGIN, END),
        *follow_up.follow_up(chance, {}, BEGIN, END),
        *phases([(BEGIN, "1")]),
        *ordinary.chain(
            chance,
            BEGIN,
            END,
            rooms=ordinary.rooms(),
            stocks=ordinary.stocks(),
            outputs=ordinary.outputs(),
            absences={},
            outlooks=ordinary.outlooks({r: {"ic": IC_COVID[r], "ward": WARD_COVID[r]} for r in HOSPITALS}),
        ),
    ]
    records = [record_of(topic, report) for topic, report in delayed(chance, statements, 0.01, (3, 12))]
    return sorted(repeated(chance, records, 0.01), key=lambda record: record.timestamp)


RUSTIG = Scenario(
    name="rustig",
    summary="twee rustige weken in september 2021: niets mag alarm geven",
    begin=BEGIN,
    end=END,
    tick_seconds=3600,
    truth=(),
    records=_records,
)
