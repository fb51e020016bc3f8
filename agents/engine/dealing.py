"""Who gets which part of the work: parts are dealt like cards, so nobody holds two before everybody holds one.

A part is one partition of one stage. Faust's own assignor divides the partitions of all topics that have as many of them
alike; with one partition a topic one worker would have all the work, and the others none.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

Part = TypeVar("Part")


def deal(
    parts: Sequence[Part],
    members: Collection[str],
    held: Mapping[Part, str],
    can_take: Callable[[str, Part], bool],
) -> dict[Part, str]:
    """Return who gets each part, the same whatever the order of the members; nothing of one that nobody can take.

    Args:
        parts: the parts, the heaviest first: those of one round go to different members.
        members: who there is.
        held: who had a part until now; of one round everybody keeps one, so that little changes hands.
        can_take: whether a member can take a part.
    """
    dealt: dict[Part, str] = {}
    load = dict.fromkeys(sorted(members), 0)

    def give(part: Part, member: str) -> None:
        dealt[part] = member
        load[member] += 1

    for begin in range(0, len(parts), max(len(load), 1)):
        free = list(load)
        left = []
        for part in parts[begin : begin + len(load)]:
            holder = held.get(part)
            if holder in free and can_take(holder, part):
                give(part, holder)
                free.remove(holder)
            else:
                left.append(part)
        for part in left:
            able = [member for member in free if can_take(member, part)]
            able = able or [member for member in load if can_take(member, part)]
            if able:
                member = min(able, key=load.__getitem__)
                give(part, member)
                if member in free:
                    free.remove(member)
    return dealt
