"""Whatever a vault holds and whatever is approved: nothing goes that nobody approved, and nothing goes by halves."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure.codec import policy, protection, vault
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.action import DeleteData, DeleteVault, Risk
from backup_reconciler.spec.approval import Approval
from backup_reconciler.spec.document import Declaration, Manifests, Place, Source
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests.conftest import SUBSCRIPTION, daily_policy, vm_id

TODAY = date(2026, 11, 23)
VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
NAMES = [f"web-{number}" for number in range(4)]
STATES = [
    "IRPending",
    "Protected",
    "ProtectionStopped",
    "ProtectionPaused",
    "BackupsSuspended",
    "Hibernated",
    "deleted",
]


def item(name: str, state: str) -> Any:
    deleted = {"isScheduledForDeferredDelete": True, "deferredDeleteTimeInUTC": "2026-11-20T08:00:00Z"}
    properties = {"protectionState": state, "sourceResourceId": vm_id(name), **(deleted if state == "deleted" else {})}
    return protection.decode({"id": f"{VAULT}/items/VM;iaasvmcontainerv2;rg-web;{name}", "properties": properties})


items = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(STATES)).map(
    lambda states: [item(name, state) for name, state in states.items()]
)
settings = st.fixed_dictionaries(
    {},
    optional={
        "softDeleteSettings": st.fixed_dictionaries(
            {"softDeleteState": st.sampled_from(["Enabled", "AlwaysON", "Disabled"])},
            optional={"softDeleteRetentionPeriodInDays": st.integers(14, 180)},
        ),
        "immutabilitySettings": st.fixed_dictionaries({"state": st.sampled_from(["Disabled", "Unlocked", "Locked"])}),
    },
)
approvals = st.none() | st.builds(
    lambda days, names: Approval(by="Ada", reason="x", expires=TODAY + timedelta(days), vms=tuple(map(vm_id, names))),
    st.integers(-2, 2),
    st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
)


@given(items, settings, approvals)
def test_a_vault_goes_whole_and_approved_or_stays_whole(
    held: list[Any], security: dict[str, Any], approval: Approval | None
) -> None:
    where = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup", "location": "japaneast"}
    spec = VaultSpec.model_validate({**where, "state": "absent", **({"approval": approval} if approval else {})})
    declared = Declaration("Vault", "rsv", spec, Source({(): Place("f", 1, 1)}))
    own = policy.decode({"id": f"{VAULT}/backupPolicies/daily", "properties": daily_policy(30)})
    arm = {"id": VAULT, "location": "japaneast", "properties": {"securitySettings": security}}
    contents = VaultContents(vault.decode(arm), {own.id: own}, {one.vm: one for one in held})
    plan = make_plan(Manifests(vaults=(declared,)), Snapshot({contents.vault.id: contents}), TODAY)

    kept = {one.vm for one in held if one.state is not ItemState.SOFT_DELETED}
    approved = {one for one in kept if approval and approval.expires >= TODAY and one.text in approval.vms}
    immutable = security.get("immutabilitySettings", {}).get("state", "Disabled") != "Disabled"
    deletions = [action for action in plan.actions if isinstance(action, DeleteData)]
    if approved != kept or (kept and immutable):
        assert plan.actions == ()
        assert {finding.address for finding in plan.findings} == {f"Vault/{SUBSCRIPTION}/rg-backup/rsv"}
    else:
        assert {action.vm for action in deletions} == kept
        assert all(Risk.DESTRUCTIVE in action.risks for action in deletions)
        assert isinstance(plan.actions[-1], DeleteVault)
        assert set(plan.actions[-1].depends_on) >= {action.id for action in deletions}
        assert plan.findings == ()
