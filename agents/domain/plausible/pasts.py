"""The past of every series of one location, and the figures of it that somebody confirmed."""

import msgspec

from agents.domain.plausible.past import Past


class Pasts(msgspec.Struct, array_like=True):
    """What is known of a location before the days that are held of it.

    Attributes:
        series: what each series ever did, by column, up to a day of which nothing can change any more.
        confirmed: figures that somebody confirmed, by column and local day; they count as long as they are what is held.
    """

    series: dict[int, Past] = {}
    confirmed: dict[int, dict[int, int]] = {}
