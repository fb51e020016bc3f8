"""The dashboards as files: built the same every time, kept in `generated/`, compared in the tests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from alerts.annotations import Links
from alerts.norms import Norms
from alerts.texts import Texts
from dashboards.grafana.national import national
from dashboards.grafana.region import region

GENERATED = Path(__file__).parent / "generated"


def documents(norms: Norms, texts: Texts, links: Links) -> Mapping[str, dict[str, Any]]:
    """Return every dashboard by uid, as Grafana takes it: no numeric id, no version."""
    built = {}
    for build in (national, region):
        text = json.dumps(build(norms, texts, links).build(), cls=JSONEncoder)
        document = {**orjson.loads(text), "id": None}
        document.pop("version", None)
        built[str(document["uid"])] = document
    return built


def file_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a dashboard as it stands in its file: sorted keys, two spaces, one line break at the end."""
    return orjson.dumps(
        document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    )


def write_files(built: Mapping[str, dict[str, Any]], folder: Path = GENERATED) -> list[Path]:
    """Write one file for each dashboard, remove others, return what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(folder.glob("*.json")) - {folder / f"{uid}.json" for uid in built}:
        old.unlink()
    for uid, document in built.items():
        (folder / f"{uid}.json").write_bytes(file_bytes(document))
    return sorted(folder.glob("*.json"))


def differences(built: Mapping[str, dict[str, Any]], folder: Path = GENERATED) -> list[str]:
    """Return the names of files that differ from what would be built, are missing or are left over."""
    there = {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    wanted = {uid: file_bytes(document) for uid, document in built.items()}
    return sorted(f"{uid}.json" for uid in there.keys() | wanted.keys() if there.get(uid) != wanted.get(uid))
