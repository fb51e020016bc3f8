"""Public feeds: the bytes of a file as published, to records. One file for each feed."""

from collections.abc import Mapping

from streams.feeds.coronadashboard_nl import CORONADASHBOARD_NL
from streams.feeds.feed import Feed, FeedError, Import, Refused
from streams.feeds.lcps_datafeed import LCPS_DATAFEED
from streams.feeds.nice_json import NICE_JSON
from streams.feeds.nice_vr import NICE_VR
from streams.feeds.nza_wachttijden_ggz import NZA_WACHTTIJDEN_GGZ
from streams.feeds.nza_wachttijden_msz import NZA_WACHTTIJDEN_MSZ

FEEDS: Mapping[str, Feed] = {
    feed.kind: feed
    for feed in (
        LCPS_DATAFEED,
        NICE_VR,
        CORONADASHBOARD_NL,
        NZA_WACHTTIJDEN_GGZ,
        NZA_WACHTTIJDEN_MSZ,
        *NICE_JSON,
    )
}
"""Every feed by its kind, as `ketenwacht import` names it."""

__all__ = ["FEEDS", "Feed", "FeedError", "Import", "Refused"]
