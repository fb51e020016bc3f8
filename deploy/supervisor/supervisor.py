"""Starts the parts stage by stage, starts again what ends, and stops them the other way round.

It is no client and no server of anything: it starts processes, looks at them, and writes down what it saw.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from deploy.child import ChildFailed
from deploy.supervisor.handle import STARTING, STOPPING, UP
from deploy.supervisor.watched import Watched

_POLL_SECONDS = 0.1


class Supervisor:
    """Every part of a stack.

    Args:
        stages: the parts; those of a stage are begun together, once the stages before are ready.
        save: called with the state of the whole whenever something became other.
        store: a part that holds what others go by and forgets it when it ends.
        leaning: the parts that begin anew with it, once it is ready: they know of what is no longer there.
    """

    def __init__(
        self,
        stages: Sequence[Sequence[Watched]],
        save: Callable[[str], None],
        store: Watched | None = None,
        leaning: Sequence[Watched] = (),
    ) -> None:
        self.stages = stages
        self._save = save
        self._store = store
        self._leaning = leaning
        self._deaths_of_store = 0

    @property
    def parts(self) -> list[Watched]:
        """Every part, in the order in which they begin."""
        return [part for stage in self.stages for part in stage]

    def start(self, ended: Event) -> bool:
        """Begin all parts and return whether all are ready; not if `ended` is set meanwhile.

        Raises:
            ChildFailed: a part ended or was not ready in time; the message says which and why.
        """
        for stage in self.stages:
            for part in stage:
                part.begin()
            while not all(part.state == "ready" for part in stage):
                if ended.wait(_POLL_SECONDS):
                    return False
                if self._look():
                    self._save(STARTING)
                for part in self.parts:
                    if part.deaths:
                        raise ChildFailed(f"{part.name} {part.why}{_log_of(part)}")
        self._save(UP)
        return True

    def watch(self, ended: Event) -> None:
        """Start again what ends, until `ended` is set."""
        while not ended.wait(_POLL_SECONDS):
            if self._look():
                self._save(UP)

    def stop(self) -> None:
        """End all parts, the last stage first; those of a stage together."""
        self._save(STOPPING)
        for stage in reversed(self.stages):
            with ThreadPoolExecutor(len(stage)) as threads:
                list(threads.map(lambda part: part.program.stop(), stage))

    def _look(self) -> bool:
        changed = [part.look() for part in self.parts]  # all of them, also after the first that changed
        followed = self._followed()
        return any(changed) or followed

    def _followed(self) -> bool:
        """Let the parts that lean on the store begin anew with it, and tell whether one did."""
        store = self._store
        if store is None or store.deaths == 0:
            return False
        if store.deaths > self._deaths_of_store:
            self._deaths_of_store = store.deaths
            for part in self._leaning:
                part.hold(f"begins anew once {store.name} is ready, which holds nothing now")
            return True
        held = [part for part in self._leaning if part.state == "waiting"]
        if held and store.state == "ready":
            for part in held:
                part.begin()
            return True
        return False


def _log_of(part: Watched) -> str:
    process = part.program.process
    return f"\n{process.tail()}" if process else ""
