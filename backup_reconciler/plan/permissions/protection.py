"""The rights that backups of VMs take: of those that are declared, and of those that a vault loses."""

from collections.abc import Iterable, Iterator
from itertools import product

from backup_reconciler.plan.permissions.need import Need, Permission, Purpose, needs, subscription
from backup_reconciler.plan.permissions.policy import JOBS, READ_ITEMS
from backup_reconciler.plan.permissions.vault import Vault, vault_group
from backup_reconciler.plan.selection.matching import ids_of
from backup_reconciler.plan.selection.target import Assignment, looked_in, vaults_of
from backup_reconciler.spec.arm_id import ArmId, resource_group_of
from backup_reconciler.spec.document import Manifests

_VAULTS = "Microsoft.RecoveryServices/Vaults"
_ITEMS = f"{_VAULTS}/backupFabrics/protectionContainers/protectedItems"
LIST_VMS = Permission("Microsoft.Compute/virtualMachines/read", "lists VMs, their tags, disks and status")
_ASK_STATUS = Permission(
    "Microsoft.RecoveryServices/locations/backupStatus/action",
    "asks which vault holds a VM, where Resource Graph and the lists leave that open",
)
_WRITE_ITEMS = Permission(f"{_ITEMS}/write", "protects, resumes, stops, suspends and undeletes VMs")
_WRITE_VMS = Permission(
    "Microsoft.Compute/virtualMachines/write", "begins backups of a VM: Azure asks for it on the VM"
)
"""Source: Learn, "Use Azure role-based access control to manage Azure Backup recovery points": enable backup."""
_BACK_UP = Permission(f"{_ITEMS}/backup/action", "starts first backups")
_DELETE_ITEMS = Permission(f"{_ITEMS}/delete", "deletes the backups of VMs, as far as they are approved")


def of_protection(manifests: Manifests) -> Iterator[Need]:
    """What finding, protecting, stopping and deleting takes.

    In which state Azure has a VM is not known here: whatever may be done to bring it where it is declared is in.
    """
    for assignment in manifests.assignments:
        if homes := looked_in(assignment, manifests):
            yield from _of_assignment(assignment, homes, manifests)
    for vault in manifests.vaults:
        if vault.spec.is_authoritative():
            yield from needs([LIST_VMS, READ_ITEMS], [vault], [subscription(vault.spec.subscription)])
            yield from _changed([vault], [vault])
        elif vault.spec.is_absent() and vault.spec.approval is not None:
            yield from _changed([vault], [vault], _DELETE_ITEMS)


def vm_scopes(assignment: Assignment, manifests: Manifests) -> frozenset[ArmId]:
    """Where the VMs are that an assignment can mean: their resource groups where it names them."""
    select, homes = assignment.spec.select, looked_in(assignment, manifests)
    if select.ids:
        return frozenset(map(resource_group_of, ids_of(select)))
    if select.resource_groups:
        pairs = product(homes, select.resource_groups)
        return frozenset(ArmId(f"{subscription(home).text}/resourceGroups/{name}") for home, name in pairs)
    return frozenset(map(subscription, homes))


def _of_assignment(assignment: Assignment, homes: Iterable[str], manifests: Manifests) -> Iterator[Need]:
    spec, vaults = assignment.spec, vaults_of(assignment, manifests)
    staying = [one for one in vaults if not one.spec.is_absent()]
    around = {subscription(name) for name in (*homes, *(one.spec.subscription for one in vaults))}
    yield from needs([LIST_VMS], [assignment], map(subscription, homes))
    yield from needs([READ_ITEMS], [assignment], around)
    yield from needs([JOBS], [assignment], map(vault_group, staying))
    yield from _changed([assignment], staying, *([_DELETE_ITEMS] if spec.protection == "deleted" else []))
    if spec.protection == "active":
        yield from needs([_ASK_STATUS], [assignment], map(subscription, homes))
        yield from needs([_WRITE_VMS], [assignment], vm_scopes(assignment, manifests), Purpose.APPLY)
        first = [_BACK_UP] if spec.initial_backup else []
        yield from needs(first, [assignment], map(vault_group, staying), Purpose.APPLY)


def _changed(documents: Iterable[object], vaults: Iterable[Vault], *more: Permission) -> list[Need]:
    """Changing backups, seen through: by their items and jobs."""
    groups = map(vault_group, vaults)
    return needs([_WRITE_ITEMS, READ_ITEMS, JOBS, *more], documents, groups, Purpose.APPLY)
