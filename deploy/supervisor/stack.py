"""Which parts a supervised stack has, and in which order they begin: from the reader's end to the writer's."""

from collections.abc import Callable
from pathlib import Path

from deploy.chain import Chain
from deploy.own_program import OwnProgram
from deploy.part import Program
from deploy.supervisor.carriers import marks
from deploy.supervisor.prepared_broker import PreparedBroker
from deploy.supervisor.supervisor import Supervisor
from deploy.supervisor.ticker import Ticker
from deploy.supervisor.watched import Say, Watched

LISTENER = "deploy.supervisor.listener"
TICKED = "ticked"
"""File that the ticker touches, in the folder of the stack."""
_STALLED_SECONDS = 45.0


def supervisor_of(chain: Chain, run: Path, say: Say, save: Callable[[str], None]) -> Supervisor:
    """Return who watches every part of a chain: nothing breaches before everybody listens, and the time begins last."""

    def watched(name: str, program: Program, stalled_seconds: float | None = None) -> Watched:
        return Watched(name, program, say, stalled_seconds)

    topics = chain.own("topics", "topics", "apply")
    broker = watched("broker", PreparedBroker(chain.broker, topics))
    mailbox = _listener("mailbox", chain, run, chain.mails, chain.mailbox_port)
    notifications = _listener("notifications", chain, run, chain.notifications, chain.notifications_port)
    # The page answers 503 for ever once it has lost its source; workers end themselves when they stand still.
    page = watched("live-page", chain.page, _STALLED_SECONDS)
    chain.prometheus.ready_when_heard = True  # what fires before that is offered again a minute later
    workers = [watched(worker.name, worker) for worker in chain.workers]
    progress = chain.folder / TICKED
    ticks = chain.own("ticker", "ticker", "--progress", str(progress))
    ticker = watched("ticker", Ticker(ticks, progress, chain.broker.bootstrap), _STALLED_SECONDS)
    stages = [
        [broker, watched("mailbox", mailbox), watched("notifications", notifications)],
        [page, watched("alertmanager", chain.alertmanager)],
        [watched("prometheus", chain.prometheus), *workers],
        [ticker],
    ]
    return Supervisor(stages, save, broker if chain.broker.forgets else None, [page, *workers, ticker])


def _listener(name: str, chain: Chain, run: Path, place: Path, port: int) -> OwnProgram:
    arguments = (name, str(place), "{port}")
    return OwnProgram(name, chain.folder, arguments, marks(run, name), module=LISTENER, port=port)
