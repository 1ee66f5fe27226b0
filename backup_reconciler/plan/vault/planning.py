"""Planning vaults."""

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Severity
from backup_reconciler.plan.remark import Remark, address, block, label, tell
from backup_reconciler.plan.vault import steps
from backup_reconciler.plan.vault.difference import vault_changes
from backup_reconciler.plan.vault.refusals import refusals, refusals_of_new
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.rules.vault import (
    REDUNDANCY_UNKNOWN,
    RESOURCE_GROUP_MISSING,
    SOFT_DELETE_ENFORCED,
    VAULT_LOCATION,
    VAULT_MISSING,
    VAULT_NAME_REUSED,
    VAULT_NOT_READY,
)
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot, VaultContents


def plan_vault(declaration: Declaration[VaultSpec], snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about one declared vault."""
    contents = snapshot.vaults.get(declaration.spec.vault_id(declaration.handle))
    if contents is None:
        _plan_missing(declaration, snapshot, draft)
        return
    live, declared = contents.vault, declaration.spec
    if declared.location != live.settings.location:
        message = f"it is in {live.settings.location}, not in {declared.location}"
        changes = vault_changes(declaration, live)
        block([Remark(VAULT_LOCATION, ("location",), message)], declaration, draft, changes)
    elif live.being_created:
        steps.wait(declaration, live, draft)
    elif declared.existing and not live.being_deleted:
        draft.same(address(declaration), label(declaration), "it is owned elsewhere and is read only")
    elif not live.ready:
        message = f"its provisioning state is {live.provisioning_state}"
        block([Remark(VAULT_NOT_READY, ("name",), message)], declaration, draft)
    else:
        _plan_existing(declaration, contents, draft)


def _plan_missing(declaration: Declaration[VaultSpec], snapshot: Snapshot, draft: Draft) -> None:
    vault = declaration.spec.vault_id(declaration.handle)
    refused = list(refusals_of_new(declaration.spec.settings()))
    if declaration.spec.existing:
        refused = [Remark(VAULT_MISSING, ("existing",), "it is declared as existing and does not exist")]
    elif any(_same_group(group, vault) for group in snapshot.missing_groups):
        message = f"the resource group {vault.resource_group} does not exist"
        refused = [Remark(RESOURCE_GROUP_MISSING, ("resourceGroup",), message)]
    if refused:
        block(refused, declaration, draft, drift=DriftState.MISSING)
        return
    _warn_of_namesake(declaration, vault, snapshot, draft)
    steps.create(declaration, draft)


def _plan_existing(declaration: Declaration[VaultSpec], contents: VaultContents, draft: Draft) -> None:
    live, wished = contents.vault, declaration.spec.settings()
    changes = vault_changes(declaration, live)
    if wished.redundancy and "redundancy" not in live.stated():
        message = "Azure's answer does not tell the vault's redundancy, so it is not compared"
        tell(Remark(REDUNDANCY_UNKNOWN, ("redundancy",), message), Severity.WARNING, declaration, draft)
    if wished.soft_delete and live.settings.soft_delete:
        _tell_what_is_enforced(wished.soft_delete.state, live.settings.soft_delete.state, declaration, draft)
    if refused := list(refusals(wished, contents)):
        block(refused, declaration, draft, changes)
    elif not changes:
        draft.same(address(declaration), label(declaration), "it is as declared")
    else:
        steps.change(declaration, contents, changes, draft)


def _tell_what_is_enforced(wished: str, found: str, declaration: Declaration[VaultSpec], draft: Draft) -> None:
    if (wished, found) == ("Enabled", "AlwaysOn"):
        message = "it is AlwaysOn, which holds what Enabled asks for"
        tell(Remark(SOFT_DELETE_ENFORCED, ("softDelete", "state"), message), Severity.INFO, declaration, draft)


def _warn_of_namesake(declaration: Declaration[VaultSpec], vault: ArmId, snapshot: Snapshot, draft: Draft) -> None:
    for other in snapshot.listed_vaults:
        if other.name.casefold() == vault.name.casefold() and (
            other.subscription.casefold() == vault.subscription.casefold()
        ):
            message = f"the resource group {other.resource_group} holds another vault of this name"
            tell(Remark(VAULT_NAME_REUSED, ("name",), message), Severity.WARNING, declaration, draft)


def _same_group(group: ArmId, vault: ArmId) -> bool:
    return (group.subscription.casefold(), group.name.casefold()) == (
        vault.subscription.casefold(),
        vault.resource_group.casefold(),
    )
