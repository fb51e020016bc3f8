"""A recording of either version, played through the pipeline."""

from collections.abc import Iterator
from pathlib import Path

from agents.engine.members import members_of
from agents.pipeline import Pipeline
from alerts.norms import Norms
from streams.recorded_log import is_log, read_log
from streams.recording import read_recording
from streams.registry.load import registry_of_recording
from streams.registry.registry import Registry
from streams.replay import stretches
from streams.status import Transition


def played(
    recording: Path, norms: Norms, said: str | None = None, until: int | None = None
) -> tuple[Pipeline, Iterator[Transition], Registry | None]:
    """Return a pipeline, what plays a recording through it, and the registry that holds.

    Args:
        recording: the file.
        norms: what is judged by.
        said: the registry that was said (`streams.registry.load`); None for the recording's own.
        until: second up to which it is played; None plays all of it.

    Raises:
        RecordingError: it is no recording, or a line cannot be read (that one perhaps while it plays).
        RegistryError: the registry cannot be used.
        OSError: a file cannot be opened.
    """
    if is_log(recording):
        header, logs = read_log(recording)
        held = registry_of_recording(header.registry, said)
        members = [members_of(number, header.partitions) for number in range(header.partitions)]
        pipeline = Pipeline(norms, held, header, members)
        return pipeline, pipeline.play_logs(logs, until), held
    header, records = read_recording(recording, headers=False)
    held = registry_of_recording(header.registry, said)
    pipeline = Pipeline(norms, held)
    return pipeline, pipeline.play(stretches(records, header.tick_seconds, until)), held
