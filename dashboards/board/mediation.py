"""Zorgbemiddeling for the page: follows what every location tells of its waits, and answers where they are shorter."""

from collections.abc import Sequence

import msgspec
import orjson
from aiohttp import web

from agents.domain.mediation.followed_waits import FollowedWaits
from agents.domain.mediation.mediation import mediate, treatments
from agents.domain.mediation.treatment_names import UnknownTreatmentError
from alerts.norms import Norms
from streams.calendar import iso
from streams.regions import ROAZ_IDS, network_named
from streams.signature import SigningKeys
from streams.written import Written

_ASKED_MAX = 200


class MediationDesk:
    """The waits that stand, and the two addresses that look them up.

    Args:
        norms: for the Treeknormen.
        keys: who may write ticks and control records; without any, everybody.
        source_keys: of the sources that sign.
    """

    def __init__(
        self, norms: Norms, keys: SigningKeys | None = None, source_keys: SigningKeys | None = None
    ) -> None:
        self._norms = norms
        self._waits = FollowedWaits(norms, None, keys, source_keys or SigningKeys())

    def receive(self, partition: int, records: Sequence[Written]) -> None:
        """Take records of a partition of `care.waiting-times`, in order, ticks among them."""
        self._waits.receive(partition, records)

    async def names(self, _request: web.Request) -> web.Response:
        """Answer with every treatment that can be asked for: `at` (null before anything came) and `names`."""
        at = self._waits.at
        return _json(
            {
                "at": iso(at) if at else None,
                "names": treatments(self._waits.places, at, self._norms) if at else [],
            }
        )

    async def answer(self, request: web.Request) -> web.Response:
        """Answer `?behandeling=..&regio=..` with a `Mediation`.

        400 without one of both; 404 for an unknown treatment or region, with `suggestions`; 503 before anything came.
        """
        asked = request.query.get("behandeling", "").strip()[:_ASKED_MAX]
        region = request.query.get("regio", "").strip()
        if not asked or not region:
            return _refuse(
                400, "geef `behandeling` en `regio` op, zoals /api/bemiddeling?behandeling=heup&regio=R07"
            )
        network = network_named(region)
        if network is None:
            return _refuse(404, f"er is geen regio `{region[:40]}`", list(ROAZ_IDS))
        if not self._waits.at:
            return _refuse(503, "nog geen wachttijden ontvangen")
        try:
            found = mediate(self._waits.places, asked, network, self._waits.at, self._norms)
        except UnknownTreatmentError as error:
            return _refuse(404, str(error), error.suggestions)
        return _json(msgspec.to_builtins(found))


def _refuse(status: int, message: str, suggestions: Sequence[str] = ()) -> web.Response:
    return _json({"error": message, "suggestions": list(suggestions)}, status)


def _json(document: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(document), status=status, content_type="application/json")
