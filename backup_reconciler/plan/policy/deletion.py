"""Planning the deletion of policies that are declared absent, once all that is planned for their VMs is known."""

from backup_reconciler.plan.action import (
    BindAction,
    Change,
    DeleteData,
    DeletePolicy,
    DeleteVault,
    Stop,
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
    bound = {protection_address(action.vault, item.vm): item.vm for item in contents.items.values()
             if item.policy == action.policy}  # fmt: skip
    released = {address: id_ for address in bound if (id_ := _release(action.policy, address, draft))}
    staying = {address: vm for address, vm in bound.items() if address not in released}
    postponed = _postponed(draft) if staying else {}
    if stuck := [vm for address, vm in staying.items() if address not in postponed]:
        draft.find(_in_use(action, stuck, declaration))
    elif staying:
        first = min(staying)
        draft.hold(action, first, postponed[first])
    else:
        draft.act(action, vault_address(action.vault), *(released[address] for address in sorted(bound)))


def _release(policy: ArmId, vm: str, draft: Draft) -> str:
    """The id of the action after which a VM, by its address, is not bound to the policy any more; empty for none."""
    action = draft.planned_at(vm)
    goes = isinstance(action, Stop | DeleteData) or (isinstance(action, BindAction) and action.policy != policy)
    return action.id if action is not None and goes else ""


def _postponed(draft: Draft) -> dict[str, WhyHeld]:
    """The addresses of VMs that a later run binds to another policy, and why not this one."""
    return {
        held.action.address: held.why
        for held in draft.held_back
        if isinstance(held.action, BindAction) and held.why is not WhyHeld.BLOCKED
    }


def _in_use(action: DeletePolicy, vms: list[ArmId], declaration: Declaration[BackupPolicySpec]) -> Finding:
    names = ", ".join(f"{vm.resource_group}/{vm.name}" for vm in sorted(vms))
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
