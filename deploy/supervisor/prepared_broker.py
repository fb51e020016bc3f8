"""A broker under the supervisor: ready when it listens and a process of its own has found or made the topics in it.

So it is asked as a client would, and the supervisor is none.
"""

from typing_extensions import override

from deploy.child import ChildProcess
from deploy.kafka.broker import Broker
from deploy.own_program import OwnProgram
from deploy.part import Launch, Program


class PreparedBroker(Program):
    """A broker and its topics.

    Args:
        broker: what is started; its port is known.
        topics: the command that makes the topics that are missing, and ends.
    """

    def __init__(self, broker: Broker, topics: OwnProgram) -> None:
        self.name = broker.name
        self.port = broker.port
        self.marks = broker.marks
        self.start_seconds = broker.start_seconds + topics.start_seconds
        self.grace_seconds = broker.grace_seconds
        self._broker = broker
        self._topics = topics
        self._asking: ChildProcess | None = None
        self._there = False

    @override
    def launch(self) -> Launch:
        return self._broker.launch()

    @override
    def begin(self) -> None:
        self._there = False
        super().begin()

    @override
    def _answers(self) -> bool:
        if self._there:
            return True
        if self._asking is None:
            self._topics.begin()
            self._asking = self._topics.process
        elif not self._asking.running():
            self._there = self._asking.returncode == 0
            self._asking = None  # asked again, where it did not answer
        return self._there

    @override
    def stop(self) -> None:
        self._topics.stop()
        super().stop()
