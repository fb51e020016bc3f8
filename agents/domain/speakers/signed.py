"""Whether a report of a source that signs was written by that source: another's has no effect.

A broker tells nobody who wrote a record. So a source whose line in the registry says `signs` signs each report with the key
that the line names; who else may write to the topic cannot.
"""

from collections.abc import Sequence

from streams.damaged import Header
from streams.registry.registry import Registry
from streams.reports.refused import RefusedError
from streams.signature import SignatureError, Signed, SigningKeys


def check_signed(
    registry: Registry, source: str, written: Signed, headers: Sequence[Header], keys: SigningKeys
) -> None:
    """Return if a source need not sign, or did.

    Args:
        registry: the one in force.
        source: who is said to have written the report.
        written: the record that it came in, where it stands.
        headers: of that record.
        keys: of the sources that sign.

    Raises:
        RefusedError: it is not signed with the key of its source.
    """
    line = registry.sources.get(source)
    if line is None or not line.signs:
        return
    key = keys.by_id.get(line.key)
    if key is None:
        raise _refused(
            source,
            f"key {line.key} is not known here; add it to the file that KETENWACHT_SOURCE_KEYS_FILE names, and requeue",
        )
    try:
        # Its own key alone: what is signed with another's is another's.
        SigningKeys({key.id: key}).check(written, headers)
    except SignatureError as error:
        raise _refused(source, str(error)) from None


def _refused(source: str, why: str) -> RefusedError:
    return RefusedError("not-signed", f"source {source} signs what it reports: {why}")
