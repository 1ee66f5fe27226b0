"""What vaults are called on a page: by their names, with group and subscription where several bear one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from backup_reconciler.report.model.report import Report
from backup_reconciler.spec.arm_id import ArmId

_IN_VAULTS = frozenset({"Vault", "Policy", "Protection"})
"""The kinds of addresses that begin with a vault: subscription, resource group and name."""

_Key = tuple[str, ...]


class VaultNames:
    """The names of every vault that a report speaks of."""

    def __init__(self, report: Report) -> None:
        self._written = {_key(vault): vault.name for vault in _ids(report)}
        keys = {key for address in _addresses(report) if (key := _in_address(address))} | self._written.keys()
        self._names = dict(_told_apart(keys))

    @property
    def all(self) -> list[str]:
        """The names of all, sorted."""
        return sorted(map(self._spelled, self._names), key=str.casefold)

    def of(self, vault: ArmId | None) -> str:
        """The name of a vault; empty where there is none."""
        return self._spelled(_key(vault)) if vault else ""

    def at(self, address: str) -> str:
        """The vault that an address is in; empty for what is in none, as a security rule."""
        key = _in_address(address)
        return self._spelled(key) if key else ""

    def _spelled(self, key: _Key) -> str:
        """As Azure spells it, where it does: an address is in lower case."""
        *around, name = self._names[key]
        return "/".join((*around, self._written.get(key, name)))


def _told_apart(keys: Iterable[_Key]) -> Iterable[tuple[_Key, _Key]]:
    """Of each key the fewest of its last segments that no other key ends with."""
    endings: Mapping[_Key, set[_Key]] = defaultdict(set)
    keys = tuple(keys)
    for key in keys:
        for length in range(1, len(key) + 1):
            endings[key[-length:]].add(key)
    for key in keys:
        yield key, next(key[-length:] for length in range(1, len(key) + 1) if len(endings[key[-length:]]) == 1)


def _key(vault: ArmId) -> _Key:
    return vault.subscription.casefold(), vault.resource_group.casefold(), vault.name.casefold()


def _in_address(address: str) -> _Key | None:
    kind, *segments = address.split("/")
    return tuple(segments[:3]) if kind in _IN_VAULTS and len(segments) >= 3 else None


def _ids(report: Report) -> Iterable[ArmId]:
    return {one.vault for one in report.machines if one.vault}


def _addresses(report: Report) -> Iterable[str]:
    plan = report.plan
    told = (report.resources, plan.actions, plan.findings, plan.kept, [held.action for held in plan.held_back])
    yield from (one.address for several in told for one in several)
    if report.since:
        yield from (one.address for one in report.since.gone)
