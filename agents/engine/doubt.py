"""A record that a stage cannot handle: found by taking one record at a time from the last good state, and passed over.

What raised the error has left the state half changed. So the shell starts the partition again from its snapshot, as after a
crash, and from the first record in doubt on each is taken alone, from a state that is known to be good. The record
that fails is put aside; the state is what it would be had it never come, and those behind it are taken as always.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from agents.engine.stage import HandledAlreadyError, Incoming, Outgoing, StageFactory, StagePartition

log = structlog.get_logger()


@dataclass
class Doubt:
    """A stretch of one partition's log in which some record cannot be handled.

    Attributes:
        factory: makes the partition of the stage anew.
        partition: its number.
        begin: offset of the first record in doubt.
        end: offset after the last one.
    """

    factory: StageFactory
    partition: int
    begin: int
    end: int
    _good: dict[str, bytes] | None = None
    _since: list[Incoming] = field(default_factory=list)

    def step(
        self, stage: StagePartition, records: Sequence[Incoming], start: int
    ) -> tuple[StagePartition, int, list[Outgoing]]:
        """Take the records that come before the doubt, or one within it.

        Args:
            stage: the partition as it stands.
            records: what was fetched.
            start: index of the first one to take.

        Returns:
            the partition that goes on, another one if this one was spoilt; the index after the last record taken; what
            to write.
        """
        record = records[start]
        if record.offset < self.begin:
            before = [each for each in records if each.offset < self.begin]
            return stage, *stage.handle(before, start)
        if self._good is None:
            self._good = stage.whole()
        try:
            _, outgoing = stage.handle([record], 0)
        except HandledAlreadyError:
            raise  # the stage stands as it stood
        except Exception as error:  # noqa: BLE001 - whatever a record can do to a stage
            log.error(  # noqa: TRY400 - the first time it stood there whole
                "a record cannot be handled and is passed over",
                stage=self.factory.name, partition=self.partition, offset=record.offset, error=repr(error),
            )  # fmt: skip
            stage = self.factory.make(self.partition, self._good)
            for each in self._since:
                stage.handle([each], 0)  # what they say has been written
            outgoing = stage.pass_over(record, error)
            self.settled()
        else:
            self._since.append(record)
        return stage, start + 1, outgoing

    def settled(self) -> None:
        """Take the stage as it stands for good: something else than its records changed it."""
        self._good = None
        self._since.clear()
