"""Planning backup policies: one declaration, in each of its vaults."""

from dataclasses import replace

from backup_reconciler.plan import difference
from backup_reconciler.plan.action import Change, CreatePolicy, Risk, UpdatePolicy
from backup_reconciler.plan.address import policy_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.policy_refusals import refusals
from backup_reconciler.plan.retention import losses
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings, built_in_policy
from backup_reconciler.spec.policy_rules.instant_restore import default_days
from backup_reconciler.spec.rules.policy import POLICY_INCOMPLETE, POLICY_NOT_UNDERSTOOD, POLICY_TIER
from backup_reconciler.spec.rules.protection import UNDECLARED_POLICY
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Snapshot, VaultContents

_TIME_ZONE = "UTC"
"""What the service's own portal fills in for a new policy; filled in here, so that the plan shows it."""


def plan_policy(declaration: Declaration[BackupPolicySpec], vault: ArmId, snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about one declared policy in one vault."""
    name = declaration.spec.azure_name(declaration.handle)
    address, label = policy_address(vault, name), policy_label(vault, name)
    contents = snapshot.vaults.get(vault)
    live = contents.policies.get(policy_id(vault, name)) if contents else None
    if contents is None or live is None:
        _plan_missing(declaration, vault, address, label, draft)
    elif live.settings is None:
        draft.find(_not_comparable(declaration, live, address, label))
    else:
        _plan_existing(declaration, contents, live, live.settings, draft)


def _not_comparable(declaration: Declaration[BackupPolicySpec], live: LivePolicy, address: str, label: str) -> Finding:
    """A live policy that differs in a way that a Standard daily policy has no words for."""
    rule, field = POLICY_NOT_UNDERSTOOD, "schedule"
    found, declared = live.not_understood, declaration.spec.settings().stated().get("schedule")
    if live.tier != declaration.spec.tier:
        rule, field, found, declared = POLICY_TIER, "tier", live.tier, declaration.spec.tier
    place = declaration.place_of(field)
    message = f"{live.not_understood}, so it cannot be compared with a Standard daily policy"
    changes = (Change(field, found, declared, place),)
    return Finding(rule, Severity.BLOCKED, address, label, message, place, DriftState.DIFFERS, changes)


def plan_undeclared(vault: ArmId, contents: VaultContents, declared: set[ArmId], draft: Draft) -> None:
    """List the policies of a vault that nobody declared; the service's own are not worth a word."""
    for policy in sorted(contents.policies):
        if policy not in declared and not built_in_policy(policy.name):
            address, label = policy_address(vault, policy.name), policy_label(vault, policy.name)
            message = "no manifest declares it; it is left as it is"
            draft.find(Finding(UNDECLARED_POLICY, Severity.INFO, address, label, message))


def policy_label(vault: ArmId, name: str) -> str:
    return f"policy {name} in {vault.name}"


def _plan_missing(
    declaration: Declaration[BackupPolicySpec], vault: ArmId, address: str, label: str, draft: Draft
) -> None:
    wished = declaration.spec.settings()
    missing = [name for name in ("schedule", "retention") if getattr(wished, name) is None]
    if missing:
        message = f"it does not exist yet, and its {' and '.join(missing)} is not stated"
        finding = Finding(POLICY_INCOMPLETE, Severity.BLOCKED, address, label, message, declaration.place_of())
        draft.find(replace(finding, drift=DriftState.MISSING))
        return
    usual = {"instant_restore_days": default_days(declaration.spec.tier, wished), "time_zone": _TIME_ZONE}
    defaults = {name: value for name, value in usual.items() if getattr(wished, name) is None}
    settings = wished.model_copy(update=defaults)
    draft.act(
        CreatePolicy(
            address=address,
            label=label,
            changes=difference.creation(settings.stated(), declaration),
            data_effect="not touched, no VM is bound to a new policy",
            place=declaration.place,
            vault=vault,
            policy=policy_id(vault, declaration.spec.azure_name(declaration.handle)),
            tier=declaration.spec.tier,
            settings=settings,
        ),
        vault_address(vault),
    )


def _plan_existing(
    declaration: Declaration[BackupPolicySpec],
    contents: VaultContents,
    live: LivePolicy,
    found: PolicySettings,
    draft: Draft,
) -> None:
    vault, wished = contents.vault.id, declaration.spec.settings()
    address, label = policy_address(vault, live.name), policy_label(vault, live.name)
    changes = difference.changes(wished.stated(), found.stated(), declaration)
    if not changes:
        draft.same(address, label, "it is as declared")
        return
    refused = list(refusals(declaration, found, changes, address, label))
    if refused:
        for finding in refused:
            draft.find(finding)
        return
    vms = tuple(sorted(item.vm for item in contents.items.values()
                       if item.state is ItemState.ACTIVE and item.policy == live.id))  # fmt: skip
    lost = losses(found.retention, wished.retention) if found.retention and wished.retention else []
    draft.act(
        UpdatePolicy(
            address=address,
            label=label,
            changes=changes,
            data_effect=_data_effect(changes, lost, len(vms)),
            risks=frozenset({Risk.DESTRUCTIVE}) if lost else frozenset(),
            critical=frozenset({CriticalOperation.LOWER_POLICY}) if lost else frozenset(),
            place=declaration.place,
            vault=vault,
            live=live,
            settings=wished,
            vms=vms,
        ),
        vault_address(vault),
    )


def _data_effect(changes: tuple[Change, ...], lost: list[str], vms: int) -> str:
    whose = f"for the VMs it backs up ({vms})" if vms else "for VMs that are bound to it later"
    if lost:
        return f"deleted earlier, {whose}: {'; '.join(lost)}"
    if any(change.path.startswith("retention") for change in changes):
        return f"kept longer, the existing ones too, {whose}"
    if any(change.path == "instantRestoreDays" and change.declared < (change.found or 0) for change in changes):
        return f"not touched in the vault; snapshots for instant restore are deleted earlier, {whose}"
    return f"not touched; new ones are made as declared, {whose}"
