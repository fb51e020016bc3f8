"""Who is missed: locations of which the second report did not come.

From then on what they reported last is carried forward, and figures say within what range they may be (`bounds`). Silence
is measured on the days on which their sources may speak.
"""

from agents.domain.speakers.speakers import Speaker, Speakers
from alerts.norms import Norms


def look_for_missed(speakers: Speakers, at: int, norms: Norms) -> bool:
    """See who is missed at a tick; return whether these are others than at the tick before.

    Args:
        speakers: who speaks, and who was missed.
        at: the tick, second.
        norms: calendars of the sources.
    """
    if at < speakers.nobody_before:
        return False
    before, known = speakers.missed, speakers.by_location
    missed = {name for name, speaker in known.items() if _is_missed(speaker, at, norms)}
    speakers.missed = sorted(missed)
    # A calendar makes it later, never sooner.
    speakers.nobody_before = min(
        (speaker.last + speaker.missed_after for name, speaker in known.items() if name not in missed),
        default=at,
    )
    return speakers.missed != before


def _is_missed(speaker: Speaker, at: int, norms: Norms) -> bool:
    after = speaker.missed_after
    if not speaker.times or at - speaker.last < after:
        return False
    return all(
        norms.feed(source).missing_for(speaker.last, at) >= after for source in speaker.sources or [""]
    )
