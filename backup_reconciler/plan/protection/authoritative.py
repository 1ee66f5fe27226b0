"""What an authoritative vault backs up and no assignment selects is stopped, its data kept."""

from backup_reconciler.plan.action import Change, Stop
from backup_reconciler.plan.address import protection_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.protection.authority import Authority, Vault, Wishes
from backup_reconciler.plan.protection.binding import Policies, update_under_way
from backup_reconciler.plan.protection.transition import stop
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.remark import Remark, tell
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.vault import AUTHORITATIVE, AUTHORITATIVE_DOUBT
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import VaultContents

_FIELD = "authoritative"


def stop_undeclared(
    contents: VaultContents, authority: Authority, wishes: Wishes, where: Whereabouts, draft: Draft
) -> frozenset[ArmId]:
    """Plan the stops in one vault, or tell why there are none; returns the VMs.

    One that is selected for another vault is none of them: that it has not come there yet has its reasons. Neither is
    one that is not there for certain, or that was made anew since its last backup.
    """
    vault = authority.vaults.get(contents.vault.id)
    if vault is None:
        return frozenset()
    active = [
        item
        for vm, item in contents.items.items()
        if item.state is ItemState.ACTIVE and vm not in wishes and where.is_the_same(item)
    ]
    looked_in = authority.looked_in(vault)
    stopping = [item for item in active if item.vm.subscription.casefold() in looked_in]
    if len(stopping) < len(active):
        which = f"some of its VMs that none selects ({len(active) - len(stopping)})"
        message = f"no assignment into it looks into the subscription of {which}, so they stay as they are"
        tell(Remark(AUTHORITATIVE_DOUBT, (_FIELD,), message), Severity.INFO, vault, draft)
    if not stopping or not _has_its_way(vault, len(stopping), authority, draft):
        return frozenset()
    policies = Policies(contents.vault.id, contents, draft)
    for item in stopping:
        action = _stop(item, where.labels.of_vm(item.vm, contents.vault.id), vault)
        draft.act(action, vault_address(contents.vault.id), *update_under_way(item, policies))
    return frozenset(item.vm for item in stopping)


def _has_its_way(vault: Vault, number: int, authority: Authority, draft: Draft) -> bool:
    """Whether a vault has it about so many VMs, which is told."""
    doubt = authority.doubt(vault)
    if doubt is not None:
        message = f"{doubt.reason}, so its VMs that no assignment selects ({number}) stay as they are"
        tell(Remark(doubt.rule, (_FIELD,), message), doubt.severity, vault, draft)
        return False
    message = f"it backs up VMs that no assignment selects ({number}): they are to be stopped, their data kept"
    tell(Remark(AUTHORITATIVE, (_FIELD,), message), Severity.INFO, vault, draft)
    return True


def _stop(item: LiveItem, label: str, vault: Vault) -> Stop:
    id_, place = vault.spec.vault_id(vault.handle), vault.place_of(_FIELD)
    return stop(
        address=protection_address(id_, item.vm),
        label=label,
        changes=(Change("protection", item.state.value, "stopped", place),),
        place=place,
        vault=id_,
        vm=item.vm,
        found=item,
    )
