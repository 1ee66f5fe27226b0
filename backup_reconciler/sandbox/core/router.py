"""Finds who answers a path. Fixed words and names are matched without regard to case, as ARM does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .estate import fold
from .messages import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .call import Call

SUBSCRIPTION = "/subscriptions/{subscription}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/{{group}}"
RECOVERY_SERVICES = "providers/Microsoft.RecoveryServices"
VAULTS = f"{GROUP}/{RECOVERY_SERVICES}/vaults"
VAULT = f"{VAULTS}/{{vault}}"
FABRIC = f"{VAULT}/backupFabrics/{{fabric}}"
CONTAINER = f"{FABRIC}/protectionContainers/{{container}}"
ITEM = f"{CONTAINER}/protectedItems/{{item}}"

Handler = Callable[["Call"], Response]


@dataclass(frozen=True)
class Route:
    """A path with `{open}` parts, and what answers one method on it."""

    method: str
    path: str
    answer: Handler


@dataclass
class _Step:
    """One word of a path: where a fixed word leads, where any word leads, and the answers that end here."""

    fixed: dict[str, _Step] = field(default_factory=dict)
    open: _Step | None = None
    answers: dict[str, tuple[Handler, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """Who answers on a path, by method, and the words of the open parts."""

    answers: dict[str, tuple[Handler, tuple[str, ...]]]
    words: tuple[str, ...]


class Router:
    """All routes as one tree of words: the time to find one does not grow with their number."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Step()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        step, names = self._root, []
        for word in route.path.strip("/").split("/"):
            if word.startswith("{"):
                names.append(word[1:-1])
                step.open = step.open or _Step()
                step = step.open
            else:
                step = step.fixed.setdefault(fold(word), _Step())
        if route.method in step.answers:
            raise ValueError(f"{route.method} {route.path} is answered twice")
        step.answers[route.method] = (route.answer, tuple(names))

    def find(self, path: str) -> Found | None:
        """Who answers on this path; None where nobody does."""
        return _walk(self._root, path.strip("/").split("/"), ())


def _walk(step: _Step, rest: Sequence[str], words: tuple[str, ...]) -> Found | None:
    if not rest:
        return Found(step.answers, words) if step.answers else None
    fixed = step.fixed.get(fold(rest[0]))
    if fixed and (found := _walk(fixed, rest[1:], words)):
        return found
    return _walk(step.open, rest[1:], (*words, rest[0])) if step.open else None
