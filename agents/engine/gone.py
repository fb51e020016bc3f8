"""A state that is gone, and a log that does not reach back to where it began: refused, for what follows would be invented."""


class StateGoneError(Exception):
    """What was put away of a partition cannot be read, and its log begins too late to compute it again.

    Args:
        stage: whose partition it is.
        topic: its log.
        partition: number.
        begin: first offset that is still kept.
        why: why the state is gone.
    """

    def __init__(self, stage: str, topic: str, partition: int, begin: int, why: str) -> None:
        super().__init__(
            f"the state of {stage}, partition {partition}, is gone: {why}. {topic} is kept from offset {begin} on only, so it "
            "cannot be computed again: breaches would be invented, and others missed. Start the version that wrote it, or put "
            "the changelog topics back from a backup (docs/operations.md, Back up and restore); to begin with what is left, "
            "knowing that: ketenwacht worker --begin-anew"
        )
