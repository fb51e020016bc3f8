"""Put a fold partition away and take it up again, as a worker does: only what changed is written."""

from agents.domain.partition import PartitionState
from agents.partition_image import PartitionImage


class Shelf:
    """What was put away of one partition."""

    def __init__(self) -> None:
        self.image = PartitionImage()
        self.pieces: dict[str, bytes] = {}

    def put(self, state: PartitionState) -> None:
        """Write what changed since the last time."""
        for name, piece in self.image.changed(state).items():
            self.pieces.pop(name, None)
            if piece is not None:
                self.pieces[name] = piece

    def take(self) -> PartitionState:
        """Return the state as another worker would have it."""
        self.image = PartitionImage()
        return self.image.restore(self.pieces)
