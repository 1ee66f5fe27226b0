"""What is new since an earlier report, what is gone, and who changed it: Azure or git."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backup_reconciler.plan.sides.side import NONE, Sides
from backup_reconciler.report.model.resource import DIFFERING, Resource, ResourceState


class Origin(StrEnum):
    """Which side of a difference has moved since an earlier report."""

    AS_BEFORE = "as before"
    """Neither. What is new all the same comes of the day, as where clocks have changed, or of what is around it."""
    AZURE = "changed in Azure"
    GIT = "changed in git"
    BOTH = "changed in both"
    UNKNOWN = "unknown"
    """One of the two reports does not tell."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A difference of the earlier report that there is no more."""

    address: str
    state: ResourceState
    """How it differed then."""
    origin: Origin
    label: str = ""
    """What it is called; its address where this report speaks of it no more."""
    now: ResourceState | None = None
    """How it is now: as declared, or blocked; None where nothing declares it any more."""


@dataclass(frozen=True, slots=True)
class Since:
    """This report against an earlier one."""

    as_of: date
    """The day of the earlier one."""
    new: frozenset[str]
    """The addresses of differences that were none then."""
    gone: tuple[Gone, ...]
    origins: Mapping[str, Origin]
    """Of each difference, by its address."""

    def label(self, address: str) -> str:
        """What to say of a difference: "new, changed in Azure", "as before", "changed in git"."""
        origin = self.origins[address]
        if address not in self.new:
            return _OF_OLD.get(origin, origin.value)
        return _OF_NEW.get(origin, f"new, {origin.value}")


_OF_OLD = {Origin.UNKNOWN: "as before or changed, which is not known"}
_OF_NEW = {
    Origin.AS_BEFORE: "new, and neither side changed",
    Origin.UNKNOWN: "new, and which side changed is not known",
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report, as far as a later one is held against it."""

    as_of: date
    sides: Mapping[str, Sides]
    states: Mapping[str, ResourceState]
    """Of the resources that it told."""


def since(earlier: Earlier, resources: Iterable[Resource], sides: Mapping[str, Sides]) -> Since:
    """What has become of an earlier report."""
    resources = tuple(resources)
    differing = {one.address for one in resources if one.is_difference}
    then = {address: state for address, state in earlier.states.items() if state in DIFFERING}
    known = {one.address: one for one in resources}
    return Since(
        as_of=earlier.as_of,
        new=frozenset(differing - then.keys()),
        gone=tuple(
            Gone(
                address,
                state,
                origin_of(address, earlier.sides, sides),
                known[address].label if address in known else address,
                known[address].state if address in known else None,
            )
            for address, state in sorted(then.items())
            if address not in differing
        ),
        origins={
            one.address: origin_of(one.address, earlier.sides, sides) for one in resources if one.address in differing
        },
    )


def origin_of(address: str, then: Mapping[str, Sides], now: Mapping[str, Sides]) -> Origin:
    """Which side of an address has moved between two reports."""
    before, after = then.get(address, _UNTOLD), now.get(address, _UNTOLD)
    if _is_otherwise_selected(before, after, then, now):
        return Origin.AZURE
    git, azure = _moved(before.declared, after.declared), _moved(before.found, after.found)
    if git and azure is None and NONE in {before.declared, after.declared}:
        return Origin.GIT  # what nobody declared then, or declares now, could not differ there
    if git is None or azure is None:
        return Origin.UNKNOWN
    return _ORIGINS[git, azure]


_UNTOLD = Sides(NONE, None)
"""Of an address that a report does not speak of: nothing declared it, and nobody looked."""
_ORIGINS = {
    (False, False): Origin.AS_BEFORE,
    (False, True): Origin.AZURE,
    (True, False): Origin.GIT,
    (True, True): Origin.BOTH,
}


def _moved(before: str | None, after: str | None) -> bool | None:
    return None if before is None or after is None else before != after


def _is_otherwise_selected(before: Sides, after: Sides, then: Mapping[str, Sides], now: Mapping[str, Sides]) -> bool:
    """Whether other documents mean a resource than before, although each of them says what it said.

    Then something in Azure came or went, or was tagged otherwise.
    """
    documents = {*before.selected_by, *after.selected_by}
    return before.selected_by != after.selected_by and all(
        one in then and one in now and then[one].declared == now[one].declared for one in documents
    )
