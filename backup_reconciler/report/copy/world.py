"""The world that a live estate is copied to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backup_reconciler.manifest.writing import OnOneLine, write_plain
from backup_reconciler.report.copy.item import copy_item, why_not
from backup_reconciler.report.copy.machine import copy_machine
from backup_reconciler.report.copy.moment import written
from backup_reconciler.report.copy.names import Names
from backup_reconciler.report.copy.policy import WhyNoPolicy, copy_policies
from backup_reconciler.report.copy.vault import copy_settings, unsaid
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.estate_copy import EstateToCopy
from backup_reconciler.state.machine import LiveMachine
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import VaultContents

_TITLE = "# An Azure estate as a world, made by `backup-reconciler export --as-world`.\n"
_WIDTH = 1000
"""Columns: a machine and an item take one line each, however long, so that thousands can be looked over."""


@dataclass(frozen=True, slots=True)
class WorldCopy:
    """A world made from a live estate."""

    world: Mapping[str, Any]
    vaults: int
    machines: int
    left_out: tuple[str, ...]
    """What a world cannot say of what was read, in the names that Azure has."""

    @property
    def text(self) -> str:
        return _TITLE + write_plain([self.world], width=_WIDTH)


def copy_world(estate: EstateToCopy, names: Names, why_no_policy: WhyNoPolicy, *, only_held: bool) -> WorldCopy:
    """The estate at the moment it was read. `only_held`: without the VMs that no vault of it holds."""
    copying = _Copying(estate, names, why_no_policy)
    for contents in sorted(estate.vaults, key=lambda one: one.vault.id):
        copying.vault(contents)
    for machine in estate.machines:
        if machine.id in copying.held or not only_held:
            copying.machine(machine)
    world = {"kind": "World", "clock": written(estate.at), "subscriptions": copying.subscriptions()}
    return WorldCopy(world, len(estate.vaults), copying.machines, tuple(copying.left_out))


class _Copying:
    """A copy in the making."""

    def __init__(self, estate: EstateToCopy, names: Names, why_no_policy: WhyNoPolicy) -> None:
        self.held: set[ArmId] = set()
        self.machines = 0
        self.left_out: list[str] = []
        self._estate = estate
        self._names = names
        self._why_no_policy = why_no_policy
        self._machines = {machine.id: machine for machine in estate.machines}
        self._holders = _holders(estate)
        self._groups: dict[str, dict[str, dict[str, Any]]] = {}

    def vault(self, contents: VaultContents) -> None:
        vault, names = contents.vault, self._names
        policies = copy_policies(contents, names, self._why_no_policy)
        # The group comes first: a vault's id spells it as people do, ids of VMs in capitals.
        group = self._group(vault.id, vault.settings.location or "")
        items = list(self._items(contents, policies.told))
        entry = copy_settings(vault, names) | policies.entries
        if items:
            entry["protectedItems"] = sorted(items, key=lambda item: str(item["vm"]))
        group["vaults"][names.vault(vault.id.name)] = entry
        self._leave_out(contents, *unsaid(vault), *policies.left_out)

    def machine(self, machine: LiveMachine) -> None:
        self._put(machine.id, machine.location, copy_machine(machine, self._names))

    def subscriptions(self) -> dict[str, Any]:
        """All of it, in the order of the names in the copy: the order of the real ones would tell of them."""
        return {
            subscription: {"resourceGroups": {name: _sorted(group) for name, group in sorted(groups.items())}}
            for subscription, groups in sorted(self._groups.items())
        }

    def _items(self, contents: VaultContents, policies: set[ArmId]) -> Iterator[OnOneLine]:
        vault = contents.vault
        for vm, item in sorted(contents.items.items()):
            why = why_not(item, policies) or self._why_not_there(item, contents)
            if why:
                self._leave_out(contents, f"VM {vm.name}: {why}")
                continue
            self.held.add(vm)
            unknown = vm not in self._machines
            gone = unknown and vm.subscription.casefold() in self._estate.subscriptions
            if unknown and not gone:
                self._put(vm, vault.settings.location or "", OnOneLine(location=vault.settings.location))
                self._leave_out(contents, f"VM {vm.name}: all but its name; its subscription was not read")
            yield copy_item(item, vault.id, self._names, self._estate.at, gone=gone)

    def _why_not_there(self, item: LiveItem, contents: VaultContents) -> str:
        """Why a world would not take the VM of an item into this vault."""
        holder = self._holders[item.vm]
        if holder != contents.vault.id:
            return f"vault {holder.name} holds it too, and in a world a VM is in one vault only"
        machine, region = self._machines.get(item.vm), contents.vault.settings.location
        if machine and machine.location != region:
            return f"it is in {machine.location}, and a world has vaults take VMs of their own region only"
        return ""

    def _group(self, resource: ArmId, location: str) -> dict[str, Any]:
        """The resource group of a resource. Groups are not read: it is where the first that is met in it is."""
        groups = self._groups.setdefault(self._names.subscription(resource.subscription), {})
        name = self._names.group(resource.resource_group)
        return groups.setdefault(name, {"location": location, "virtualMachines": {}, "vaults": {}})

    def _put(self, vm: ArmId, location: str, entry: OnOneLine) -> None:
        self._group(vm, location)["virtualMachines"][self._names.machine(vm.name)] = entry
        self.machines += 1

    def _leave_out(self, contents: VaultContents, *what: str) -> None:
        self.left_out += [f"{contents.vault.id.name}: {each}" for each in what]


def _holders(estate: EstateToCopy) -> dict[ArmId, ArmId]:
    """The vault of each VM: of several that have an item of it, the one that works for it."""
    found: dict[ArmId, tuple[bool, ArmId]] = {}
    for contents in estate.vaults:
        for vm, item in contents.items.items():
            mine = (item.state is not ItemState.ACTIVE, contents.vault.id)
            found[vm] = min(found.get(vm, mine), mine)
    return {vm: vault for vm, (_, vault) in found.items()}


def _sorted(group: dict[str, Any]) -> dict[str, Any]:
    named = {name: dict(sorted(group[name].items())) for name in ("virtualMachines", "vaults") if group[name]}
    return {"location": group["location"], **named}
