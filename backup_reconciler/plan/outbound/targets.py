"""Whose way out each document means: the VMs of its assignments, and those in its subnets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.selection.assignment import wishes_by_vm
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.snapshot import Snapshot
from backup_reconciler.state.vm import LiveVM

Outbound = Declaration[OutboundAccessSpec]


@dataclass(frozen=True, slots=True)
class Targets:
    """The VMs that outbound access can mean, to be looked up."""

    by_assignment: Mapping[str, tuple[LiveVM, ...]]
    """By handle in lower case: those that are there, and are to be backed up."""
    by_subnet: Mapping[ArmId, tuple[LiveVM, ...]]
    known: Mapping[ArmId, LiveVM]
    """Every VM that was read."""

    @classmethod
    def of(cls, manifests: Manifests, snapshot: Snapshot, network: Network) -> "Targets":
        by_assignment: dict[str, list[LiveVM]] = defaultdict(list)
        apart = Draft(date.min)  # what there is to say of a selection is said where protection is planned
        for wishes in wishes_by_vm(manifests, snapshot, apart).values():
            for wish in wishes:
                if wish.live is not None and wish.settings.protection == "active":
                    by_assignment[wish.assignment.handle.casefold()].append(wish.live)
        known = {**network.vms, **snapshot.vms}
        by_subnet: dict[ArmId, list[LiveVM]] = defaultdict(list)
        for vm, interface in network.interfaces.items():
            if interface.outgoing and interface.outgoing.subnet and vm in known:
                by_subnet[interface.outgoing.subnet].append(known[vm])
        return cls(
            {handle: tuple(vms) for handle, vms in by_assignment.items()},
            {subnet: tuple(vms) for subnet, vms in by_subnet.items()},
            known,
        )

    def vms_of(self, document: Outbound) -> tuple[LiveVM, ...]:
        """The VMs that a document means, each once, by their ids."""
        target = document.spec.for_
        found = [vm for handle in target.assignments or () for vm in self.by_assignment.get(handle.casefold(), ())]
        found += [vm for subnet in target.subnets or () for vm in self.by_subnet.get(ArmId(subnet), ())]
        return tuple(sorted({vm.id: vm for vm in found}.values(), key=lambda vm: vm.id))
