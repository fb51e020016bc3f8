"""The systems that are compared: what each keeps, and how much of the log it is given."""

from dataclasses import dataclass

from deploy.bench.job import JobKind


@dataclass(frozen=True, slots=True)
class System:
    """One system of the comparison.

    Attributes:
        name: as in the results; its file is `systems/NAME.py`.
        title: for people.
        job: what it keeps, see `job.py`; `none` for the ceiling.
        recovers: whether its state survives a kill.
        mixture: share of the log's records it is given, so that a run takes seconds; rates compare.
        single: the same for the log of single figures.
    """

    name: str
    title: str
    job: JobKind
    recovers: bool
    mixture: float = 1.0
    single: float = 1.0


SYSTEMS: tuple[System, ...] = (
    System("ketenwacht", "Ketenwacht: the whole worker", "fold", recovers=True),
    System("faust_windowed", "Faust, windowed table", "window", recovers=True, mixture=0.002, single=0.005),
    System(
        "quix_window", "Quix Streams, hopping window", "window", recovers=True, mixture=0.01, single=0.025
    ),
    System("quix_fold", "Quix Streams, own stateful fold", "fold", recovers=True, mixture=0.1, single=0.1),
    System("bytewax_window", "Bytewax, sliding window", "window", recovers=False, mixture=0.1, single=0.25),
    System("bytewax_map", "Bytewax, stateful_map", "fold", recovers=False, mixture=0.25, single=0.5),
    System("aiokafka_loop", "bare aiokafka loop", "fold", recovers=False),
    System("confluent_loop", "bare confluent loop", "fold", recovers=False),
    System("ceiling", "consume and decode only (aiokafka)", "none", recovers=False),
    System("backtest", "backtest of a recording, no broker", "fold", recovers=False),
)
"""Every system, in the order of the tables."""

BY_NAME = {system.name: system for system in SYSTEMS}
