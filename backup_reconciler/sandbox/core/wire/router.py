"""Finds who answers a path. Fixed words and names are matched without regard to case, as ARM does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.messages import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backup_reconciler.sandbox.core.wire.call import Call

SUBSCRIPTION = "/subscriptions/{subscription}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/{{group}}"
RECOVERY_SERVICES = "providers/Microsoft.RecoveryServices"
VAULTS = f"{GROUP}/{RECOVERY_SERVICES}/vaults"
VAULT = f"{VAULTS}/{{vault}}"
FABRIC = f"{VAULT}/backupFabrics/{{fabric}}"
CONTAINER = f"{FABRIC}/protectionContainers/{{container}}"
ITEM = f"{CONTAINER}/protectedItems/{{item}}"
SCOPE = "/{*scope}"
"""The beginning of an extension's path: a subscription, a resource group or any resource that it extends."""

Handler = Callable[["Call"], Response]

_VERBS = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete", "POST": "action"}


@dataclass(frozen=True)
class Route:
    """A path with `{open}` parts, and what answers one method on it."""

    method: str
    path: str
    answer: Handler
    stated_action: str = ""
    """The action, where Azure does not name it after the path."""
    anonymous: bool = False
    """Answered without a token."""

    @cached_property
    def action(self) -> str:
        """What a role must allow, and a quota counts: `Microsoft.RecoveryServices/vaults/backupJobs/cancel/action`.

        Made of the path's types, as Azure does: names, open or fixed, are no part of it.
        """
        return self.stated_action or f"{_resource_type(self.path)}/{_VERBS[self.method]}"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The open parts, in their order."""
        return tuple(word[1:-1].removeprefix("*") for word in self.path.split("/") if word.startswith("{"))


def _resource_type(path: str) -> str:
    """Subscriptions and resource groups are resources of Microsoft.Resources, though their paths do not say so."""
    _, provider, rest = path.rpartition("/providers/")
    namespace, *words = rest.split("/") if provider else ["Microsoft.Resources", *path.strip("/").split("/")]
    return "/".join([namespace, *words[::2]])


@dataclass
class _Step:
    """One word of a path: where a fixed word leads, where any word leads, and the routes that end here."""

    fixed: dict[str, _Step] = field(default_factory=dict)
    open: _Step | None = None
    routes: dict[str, Route] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """Who answers on a path, by method, and the words of the open parts."""

    routes: dict[str, Route]
    words: tuple[str, ...]


class Router:
    """All routes as a tree of words: the time to find one does not grow with their number.

    Extension resources, as locks are, have a tree of their own; what stands before their `providers` is one open part.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root, self._extensions = _Step(), _Step()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        extends = route.path.startswith(f"{SCOPE}/")
        step = self._extensions if extends else self._root
        for word in route.path.removeprefix(SCOPE).strip("/").split("/"):
            if word.startswith("{"):
                step.open = step.open or _Step()
                step = step.open
            else:
                step = step.fixed.setdefault(fold(word), _Step())
        if route.method in step.routes:
            raise ValueError(f"{route.method} {route.path} is answered twice")
        step.routes[route.method] = route

    def find(self, path: str) -> Found | None:
        """Who answers on this path; None where nobody does."""
        return _walk(self._root, path.strip("/").split("/"), ()) or self._extension(path)

    def _extension(self, path: str) -> Found | None:
        """The last `providers` of a path begins the extension."""
        words = path.strip("/").split("/")
        at = max((index for index, word in enumerate(words) if fold(word) == "providers"), default=0)
        return _walk(self._extensions, words[at:], (f"/{'/'.join(words[:at])}",)) if at else None


def _walk(step: _Step, rest: Sequence[str], words: tuple[str, ...]) -> Found | None:
    if not rest:
        return Found(step.routes, words) if step.routes else None
    fixed = step.fixed.get(fold(rest[0]))
    if fixed and (found := _walk(fixed, rest[1:], words)):
        return found
    return _walk(step.open, rest[1:], (*words, rest[0])) if step.open else None
