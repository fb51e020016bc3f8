"""What norms share is written once: groups of norms, and ladders by name.

`[[group]]` holds the fields that its norms have in common, and `norms`, a list with what differs: one line a norm.
Labels of both are taken together.
`[ladders]` names lists of steps; a norm or group says `ladder = "..."` instead of `steps`. Here both become plain
`[[norm]]` tables, so that everything behind knows one form only.
"""

from typing import Any

from alerts.norm import NormsError


def plain_norms(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a norms file in which every norm stands by itself, in the order of the file.

    Raises:
        NormsError: a group without norms, a ladder that is not there, or a norm with both steps and a ladder.
    """
    ladders, groups = raw.get("ladders", {}), raw.get("group", [])
    norms = list(raw.get("norm", [])) if isinstance(raw.get("norm", []), list) else raw["norm"]
    for number, group in enumerate(_tables(groups, "group"), start=1):
        rows = group.get("norms")
        if not rows:
            raise NormsError(
                f"group {number} ({group.get('family', 'no family')}), `norms`: it holds no norm"
            )
        shared = {name: value for name, value in group.items() if name != "norms"}
        norms += [_joined(shared, row) for row in _tables(rows, "norms")]
    if isinstance(norms, list):
        norms = [_with_ladder(norm, ladders) if isinstance(norm, dict) else norm for norm in norms]
    rest = {name: value for name, value in raw.items() if name not in {"group", "ladders", "norm"}}
    return {**rest, "norm": norms} if "norm" in raw or groups else rest


def _joined(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A norm's own fields stand before the group's; of labels both count."""
    labels = [part["labels"] for part in (shared, own) if isinstance(part.get("labels"), dict)]
    together = {name: value for part in labels for name, value in part.items()}
    return shared | own | ({"labels": together} if len(labels) == 2 else {})


def _tables(value: object, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise NormsError(
            f"`{name}` must be a list of tables; see the description at the top of alerts/norms.toml"
        )
    return value


def _with_ladder(norm: dict[str, Any], ladders: object) -> dict[str, Any]:
    """Put the steps of its ladder in a norm, and the limit where no clear limit is said."""
    full = dict(norm)
    if "limit" in full:
        full.setdefault("clear_limit", full["limit"])
    if "ladder" not in full:
        return full
    name = full.pop("ladder")
    if "steps" in full:
        raise NormsError(f"norm {norm.get('id')}, `ladder`: it also has `steps`; keep one of them")
    if not isinstance(ladders, dict) or name not in ladders:
        known = ", ".join(ladders) if isinstance(ladders, dict) else ""
        raise NormsError(f"norm {norm.get('id')}, `ladder`: `{name}` is not in [ladders]; one of {known}")
    return full | {"steps": ladders[name]}
