"""Moments as people write them on the command line."""

from datetime import UTC, datetime

import typer

from streams.calendar import AMSTERDAM, seconds


def moment(text: str) -> int:
    """Return a time in seconds since 1970; without an offset it is Dutch local time.

    Raises:
        typer.BadParameter: it is no time.
    """
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None:
            read = read.replace(tzinfo=AMSTERDAM)
        return seconds(read.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(
            f"`{text}` is no time; write it as 2021-11-15T12:00 or with an offset"
        ) from error
