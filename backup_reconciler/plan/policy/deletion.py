"""Planning the deletion of policies that are declared absent, once all that is planned for their VMs is known."""

from backup_reconciler.plan.action import (
    BindAction,
    Change,
    DeletePolicy,
    DeleteVault,
    Stop,
    Suspend,
)
from backup_reconciler.plan.address import policy_address, protection_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.plan import WhyHeld
from backup_reconciler.plan.policy.planning import comes_with_vault, policy_label
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.rules.policy import POLICY_IN_USE
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.snapshot import Snapshot, VaultContents

_KEPT = "not touched, no VM is bound to it any more"


def plan_policy_deletion(
    declaration: Declaration[BackupPolicySpec], vault: ArmId, snapshot: Snapshot, draft: Draft
) -> None:
    """Decide what to do about one policy that is declared absent, in one vault."""
    name = declaration.spec.azure_name(declaration.handle)
    contents = snapshot.vaults.get(vault)
    live = contents.policies.get(policy_id(vault, name)) if contents else None
    address, label = policy_address(vault, name), policy_label(vault, name)
    if contents is None or live is None:
        if comes_with_vault(name, vault, draft):
            draft.act(policy_deletion(vault, name, None, declaration), vault_address(vault))
        else:
            draft.same(address, label, "it is absent")
    elif not isinstance(draft.planned_at(vault_address(vault)), DeleteVault):
        _plan_existing(policy_deletion(vault, name, live, declaration), contents, declaration, draft)
    elif draft.planned_at(address) is None:
        draft.same(address, label, "it goes with its vault")


def policy_deletion(vault: ArmId, name: str, live: LivePolicy | None, declaration: Declaration[Model]) -> DeletePolicy:
    """The action; `declaration` is what declares the policy absent, or the vault that it is in."""
    return DeletePolicy(
        address=policy_address(vault, name),
        label=policy_label(vault, name),
        changes=(absence(declaration),),
        data_effect=_KEPT,
        place=declaration.place,
        vault=vault,
        policy=policy_id(vault, name),
        live=live,
    )


def absence(declaration: Declaration[Model]) -> Change:
    """What differs of something that is declared absent and is there."""
    return Change("state", "present", "absent", declaration.place_of("state"))


def _plan_existing(
    action: DeletePolicy, contents: VaultContents, declaration: Declaration[BackupPolicySpec], draft: Draft
) -> None:
    bound = [item.vm for _, item in sorted(contents.items.items()) if item.policy == action.policy]
    releases = {vm: _release(protection_address(action.vault, vm), action.policy, draft) for vm in bound}
    staying = [vm for vm, release in releases.items() if release is None]
    if not staying:
        draft.act(action, vault_address(action.vault), *filter(None, releases.values()))
        return
    postponed = _postponed(draft)
    if stuck := [vm for vm in staying if protection_address(action.vault, vm) not in postponed]:
        draft.find(_in_use(action, stuck, declaration))
    else:
        first = protection_address(action.vault, staying[0])
        draft.hold(action, first, postponed[first])


def _release(address: str, policy: ArmId, draft: Draft) -> str | None:
    """The id of the action after which the VM at an address is not bound to the policy any more."""
    action = draft.planned_at(address)
    if isinstance(action, Stop | Suspend) or (isinstance(action, BindAction) and action.policy != policy):
        return action.id
    return None


def _postponed(draft: Draft) -> dict[str, WhyHeld]:
    """The addresses at which a later run does what is left for it, and why not this one."""
    return {held.action.address: held.why for held in draft.held_back if held.why is not WhyHeld.BLOCKED}


def _in_use(action: DeletePolicy, vms: list[ArmId], declaration: Declaration[BackupPolicySpec]) -> Finding:
    names = ", ".join(f"{vm.resource_group}/{vm.name}" for vm in vms)
    return Finding(
        POLICY_IN_USE,
        Severity.BLOCKED,
        action.address,
        action.label,
        f"VMs ({len(vms)}) are bound to it, and stay so: {names}",
        declaration.place_of("state"),
        DriftState.UNWANTED,
        action.changes,
    )
