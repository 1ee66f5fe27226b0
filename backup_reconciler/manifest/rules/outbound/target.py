"""Rules of `for`: whose way out is meant."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.manifest.words import either, quoted
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.resource_type import NETWORK_SECURITY_GROUP, SUBNET
from backup_reconciler.spec.rules.outbound import OUTBOUND_TARGET
from backup_reconciler.spec.rules.value import RESOURCE_ID

_FOR: FieldPath = ("spec", "for")
_GROUPS: FieldPath = (*_FOR, "networkSecurityGroups")
_OF_A_SERVICE = frozenset({
    "azurebastionsubnet", "azurefirewallmanagementsubnet", "azurefirewallsubnet", "gatewaysubnet", "routeserversubnet",
})  # fmt: skip
"""Subnets that Azure keeps for services of its own, where there can be no VM."""


def targets(document: Declared[OutboundAccessSpec]) -> Iterator[tuple[FieldPath, str]]:
    """Everything that is named in `for`, each with its path."""
    for name, listed in document.spec.for_.stated().items():
        for index, text in enumerate(listed):
            yield (*_FOR, name, index), text


def key_of(path: FieldPath, text: str) -> tuple[str, str]:
    """The form in which to compare what is named in `for`: letter case counts neither in handles nor in ids."""
    kind = str(path[len(_FOR)])
    return (kind, text.casefold() if kind == "assignments" else ArmId(text).key)


def target_named(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    method, target = document.spec.method, document.spec.for_
    of_vms = target.assignments is not None or target.subnets is not None
    if method == "nsg":
        if not of_vms and target.network_security_groups is None:
            choices = ("assignments: [handles]", "subnets: [ids]", "networkSecurityGroups: [ids]")
            yield document.problem(OUTBOUND_TARGET, _FOR, "names nothing", f"add {either(choices)}")
    elif target.network_security_groups is not None:
        tree = document.written.tree
        place, also = tree.key_place(_GROUPS), tree.place(("spec", "method"))
        what = f"goes with method: nsg, and the method is {method}"
        remedy = "remove it" if of_vms else "name the VMs: assignments: [handles] or subnets: [ids]"
        yield document.written.problem(OUTBOUND_TARGET, _GROUPS, what, remedy, at=place, also=also)
    elif not of_vms:
        yield document.problem(OUTBOUND_TARGET, _FOR, "names nothing")


def target_ids(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    types = {"subnets": SUBNET, "networkSecurityGroups": NETWORK_SECURITY_GROUP}
    for path, text in targets(document):
        wanted = types.get(str(path[len(_FOR)]))
        fault = id_fault(text, wanted) if wanted else None
        if fault:
            yield document.problem(RESOURCE_ID, path, fault.what, fault.remedy)
        elif wanted is SUBNET and ArmId(text).name.casefold() in _OF_A_SERVICE:
            what = f"{quoted(ArmId(text).name)} belongs to a service of Azure and holds no VMs"
            yield document.problem(OUTBOUND_TARGET, path, what, "name the subnets that the VMs are in")


RULES = (target_named, target_ids)
