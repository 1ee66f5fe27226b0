"""Small things that all texts say alike."""

from collections.abc import Sequence
from typing import Any

from backup_reconciler.spec.shard import Shard
from backup_reconciler.spec.visible import visible

__all__ = ["counted", "listed", "moved", "shown", "some_of", "titled", "visible"]

_NAMES_SHOWN = 20


def counted(number: int, one: str, many: str = "") -> str:
    """1 VM, 2 VMs, 1,000 VMs."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def some_of(names: Sequence[str], most: int = _NAMES_SHOWN) -> str:
    """Some of many; the whole of a long list is in the JSON."""
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more:,} more" if more > 0 else listed(names)


def shown(value: Any) -> str:
    """A value of a manifest in one line: `days: 30, …` for a mapping, `a, b` for a list, — for nothing."""
    if value is None or value in ((), [], {}):
        return "—"
    if isinstance(value, dict):
        return ", ".join(f"{visible(name)}: {_inner(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(inner) for inner in value)
    if isinstance(value, bool):
        return str(value).lower()
    return visible(value)


def moved(found: Any, declared: Any) -> str:
    """What a field becomes, and from what, where it was something."""
    return shown(declared) if found is None else f"{shown(found)} → {shown(declared)}"


def _inner(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{shown(value)}}}"
    return f"[{shown(value)}]" if isinstance(value, list | tuple) else shown(value)


def titled(title: str, shard: Shard, missing: Sequence[Shard] = ()) -> str:
    """A title such as Plan, which says where it is of one shard alone, or not of all."""
    if missing:
        return f"{title} without shard{'s' if len(missing) > 1 else ''} {listed(list(map(str, missing)))}"
    return title if shard.is_whole else f"{title} of shard {shard}"
