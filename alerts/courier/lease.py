"""Which courier speaks, as the order of the records in `care.notifications` says: an epoch is taken once, by whoever was first."""

from streams.notifications import Lease


class LeaseView:
    """The lease as far as the log was read.

    Attributes:
        epoch: the newest epoch; 0 before the first.
        courier: who holds it; empty where nobody does.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.courier = ""

    def take(self, record: Lease) -> bool:
        """Take a lease in the order of the log; return whether it counts. One that lost the race does not."""
        if record.epoch < self.epoch:
            return False
        # A renewal of a newer epoch follows a taking that compaction removed from the log, or never lost.
        if record.epoch > self.epoch:
            self.epoch, self.courier = record.epoch, record.courier
        elif record.courier != self.courier:
            return False
        if record.left:
            self.courier = ""
        return True

    def holds(self, courier: str, epoch: int) -> bool:
        """Return whether what a courier wrote in an epoch counts at this place of the log."""
        return epoch == self.epoch and courier == self.courier
