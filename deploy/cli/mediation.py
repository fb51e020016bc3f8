"""`ketenwacht bemiddeling`: where the same treatment has a shorter wait, nearest regions first."""

import json
from http.client import HTTPException, InvalidURL
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import msgspec
import orjson
import typer

from agents.domain.mediation.followed_waits import FollowedWaits
from agents.domain.mediation.mediation import Comparison, Mediation, Offer, mediate
from agents.domain.mediation.treatment_names import UnknownTreatmentError
from alerts.norms import load_norms
from deploy.cli.moments import moment
from streams.recording import RecordingError, read_recording
from streams.regions import REGIONS, ROAZ_IDS, network_named
from streams.registry.file import RegistryError
from streams.registry.load import registry_of_recording
from streams.replay import with_ticks
from streams.topics import WAITING_TIMES

_SECONDS = 20


def bemiddeling(
    treatment: Annotated[str, typer.Option("--behandeling", help="Treatment, as the sources name it.")],
    region: Annotated[
        str, typer.Option("--regio", help="Region that one looks from: R01...R11, or its abbreviation.")
    ],
    recording: Annotated[
        Path | None, typer.Option("--recording", exists=True, dir_okay=False, help="From a recording.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="As known then, ISO 8601.")] = None,
    board: Annotated[
        str,
        typer.Option(
            envvar="KETENWACHT_BOARD_URL", help="Address of the live page, asked without --recording."
        ),
    ] = "http://127.0.0.1:8300/",
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
) -> None:
    """Say where the same treatment has a shorter wait than in a region: nearest regions first.

    Waits of different access kinds stand apart. An unknown treatment ends with exit code 2 and names that come near.

    Examples: ketenwacht bemiddeling --behandeling heupvervanging --regio R07 --recording waits.jsonl.gz
    """
    if recording is None:
        if at is not None:
            raise typer.BadParameter("--at needs --recording; the live system knows only now")
        found = _live(board, treatment, region)
    else:
        found = _recorded(recording, at, treatment, region)
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(found)).decode())
    else:
        _show(found)


def _recorded(recording: Path, at: str | None, treatment: str, region: str) -> Mediation:
    until = None if at is None else moment(at)
    known = network_named(region)
    if known is None:
        raise typer.BadParameter(f"no region `{region}`; one of {', '.join(ROAZ_IDS)}", param_hint="--regio")
    norms = load_norms()
    try:
        header, records = read_recording(recording, headers=False)
        waits = FollowedWaits(norms, registry_of_recording(header.registry))
        told = (record for record in records if record.topic == WAITING_TIMES)
        for item in with_ticks(told, header.tick_seconds, until):
            if isinstance(item, int):
                waits.tick(0, item)
            else:
                waits.receive(0, [item])
        return mediate(waits.places, treatment, known, waits.at, norms)
    except (RecordingError, RegistryError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except UnknownTreatmentError as error:
        raise typer.BadParameter(str(error), param_hint="--behandeling") from error


def _live(board: str, treatment: str, region: str) -> Mediation:
    asked = urlencode({"behandeling": treatment, "regio": region})
    address = f"{board.rstrip('/')}/api/bemiddeling?{asked}"
    if not address.startswith(("http://", "https://")):
        raise typer.BadParameter("write it as http://host:port/", param_hint="--board")
    try:
        with urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - the scheme was looked at
            return msgspec.json.decode(answer.read(), type=Mediation)
    except HTTPError as error:
        message = _message(error)
        if error.code in (400, 404):
            raise typer.BadParameter(message) from error
        typer.echo(message, err=True)
        raise typer.Exit(1) from error
    except InvalidURL as error:
        raise _no_address(error) from error
    except (OSError, HTTPException, msgspec.MsgspecError) as error:
        typer.echo(
            f"live page at {board}: {error}; start `ketenwacht board`, or name it with --board", err=True
        )
        raise typer.Exit(1) from error
    except ValueError as error:
        raise _no_address(error) from error


def _no_address(error: Exception) -> typer.BadParameter:
    return typer.BadParameter(f"{error}; write it as http://host:port/", param_hint="--board")


def _message(error: HTTPError) -> str:
    try:
        told: Any = json.loads(error.read())
        return str(told["error"])
    except (ValueError, KeyError, TypeError):
        return f"the live page answers {error.code}"


def _show(found: Mediation) -> None:
    typer.echo(
        f"{found.name}, gezien vanuit {found.region} ({REGIONS[found.region].name}), stand van {found.at}"
    )
    for each in found.comparisons:
        typer.echo(f"\n{each.access}, {each.specialism}{_norm(each)}")
        typer.echo(f"  hier ({found.region})")
        _list(each.here, "geen aanbieder bekend")
        typer.echo("  elders" if each.shortest_here is None else "  elders korter")
        _list(each.shorter, "nergens een kortere wachttijd bekend")
        if each.not_known:
            typer.echo("  elders zonder wachttijd")
            _list(each.not_known, "")


def _norm(each: Comparison) -> str:
    if each.treeknorm_days is None or each.within_days is None:
        return ""
    either = "" if each.within_days == each.treeknorm_days else f"{each.within_days:g} of "
    return f", Treeknorm {either}{each.treeknorm_days:g} dagen"


def _list(offers: list[Offer], nothing: str) -> None:
    for offer in offers:
        typer.echo(f"    {_line(offer)}")
    if not offers:
        typer.echo(f"    {nothing}")


_WITHOUT_DAYS = {
    "closed": "aanmeldstop",
    "insufficient": "te weinig waarnemingen",
    "unknown": "niet ingevuld",
}


def _line(offer: Offer) -> str:
    wait = f"{offer.days:g} dagen" if offer.days is not None else _WITHOUT_DAYS[offer.status]
    far = f" {offer.distance_km} km" if offer.distance_km else ""
    partly = "" if offer.completeness == 1 else f", {offer.completeness:.0%} volledig"
    return f"{offer.region}{far:8} {wait:24} {offer.location} (peildatum {offer.peildatum}, {offer.source}{partly})"
