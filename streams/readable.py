"""Bytes as people and JSON read them."""

import base64


def readable(value: bytes | None) -> str | dict[str, str] | None:
    """Return a key or value as it stands in a recording: text, or `{"base64": ...}` where it is no UTF-8."""
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def readable_name(name: str) -> str:
    r"""Return the name of a header as people and JSON read it: bytes of it that are no UTF-8 as `\xff`."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
