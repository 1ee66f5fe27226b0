"""Planning backup policies: one declaration, in each of its vaults."""

from dataclasses import replace

from backup_reconciler.plan import difference
from backup_reconciler.plan.action import AwaitVault, Change, CreatePolicy, CreateVault, Risk, UpdatePolicy
from backup_reconciler.plan.address import policy_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.policy.effect import effect_of
from backup_reconciler.plan.policy.refusals import Judged, kept_from_before, refusals
from backup_reconciler.plan.policy.words import as_told, as_update, as_written, found_in_words, in_words
from backup_reconciler.plan.runs import next_runs
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings, built_in_policy
from backup_reconciler.spec.policy_rules.instant_restore import default_days
from backup_reconciler.spec.rules.policy import POLICY_INCOMPLETE, POLICY_NOT_UNDERSTOOD, POLICY_TIER
from backup_reconciler.spec.rules.protection import UNDECLARED_POLICY
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
    elif live.tier != declaration.spec.tier:
        draft.find(_other_tier(declaration, live, address, label))
    elif not declaration.spec.settings().stated():
        draft.same(address, label, "nothing of it is stated but that it is there")
    elif live.settings is None:
        draft.find(_not_comparable(declaration, live, address, label))
    else:
        _plan_existing(declaration, contents, live, live.settings, draft)


def _other_tier(declaration: Declaration[BackupPolicySpec], live: LivePolicy, address: str, label: str) -> Finding:
    declared, place = declaration.spec.tier, declaration.place_of("tier")
    message = f"Azure has it as a {live.tier} policy, and it is declared as an {declared} one"
    if declared == "Standard":
        unstated = "" if "tier" in declaration.spec.model_fields_set else ", because it states no tier"
        message = f"Azure has it as an {live.tier} policy, and it is declared as a {declared} one{unstated}"
    changes = (Change("tier", live.tier, declared, place),)
    instead = f"declare tier: {live.tier}, or a new policy under another name and assign the VMs to that"
    return Finding(POLICY_TIER, Severity.BLOCKED, address, label, message, place, DriftState.DIFFERS, changes, instead)


def _not_comparable(declaration: Declaration[BackupPolicySpec], live: LivePolicy, address: str, label: str) -> Finding:
    place = declaration.place_of()
    message = f"{live.not_understood}, so it cannot be compared"
    return Finding(POLICY_NOT_UNDERSTOOD, Severity.BLOCKED, address, label, message, place, DriftState.DIFFERS)


def plan_undeclared(vault: ArmId, contents: VaultContents, declared: set[ArmId], draft: Draft) -> None:
    """List the policies of a vault that nobody declared; the service's own are not worth a word."""
    for policy in sorted(contents.policies):
        if policy not in declared and not built_in_policy(policy.name):
            address, label = policy_address(vault, policy.name), policy_label(vault, policy.name)
            message = "no manifest declares it; it is left as it is"
            draft.find(Finding(UNDECLARED_POLICY, Severity.INFO, address, label, message))


def comes_with_vault(name: str, vault: ArmId, draft: Draft) -> bool:
    """Whether the service will put a policy of this name into the vault, because that is still to be created."""
    is_to_come = isinstance(draft.planned_at(vault_address(vault)), CreateVault | AwaitVault)
    return is_to_come and built_in_policy(name) is not None


def policy_label(vault: ArmId, name: str) -> str:
    return f"policy {name} in {vault.name}"


def _plan_missing(
    declaration: Declaration[BackupPolicySpec], vault: ArmId, address: str, label: str, draft: Draft
) -> None:
    wished, tier = declaration.spec.settings(), declaration.spec.tier
    name = declaration.spec.azure_name(declaration.handle)
    built_in = comes_with_vault(name, vault, draft)
    if built_in and not wished.stated():
        draft.same(address, label, "it comes with the vault, and nothing else of it is stated")
        return
    if missing := [field for field in ("schedule", "retention") if getattr(wished, field) is None]:
        instead = f"run again when the vault is there, or state {' and '.join(missing)}" if built_in else ""
        message = f"it does not exist yet, and its {' and '.join(missing)} is not stated"
        finding = Finding(POLICY_INCOMPLETE, Severity.BLOCKED, address, label, message, declaration.place_of())
        draft.find(replace(finding, drift=DriftState.MISSING, instead=instead))
        return
    usual = {"instant_restore_days": default_days(tier, wished), "time_zone": _TIME_ZONE}
    defaults = {name: value for name, value in usual.items() if getattr(wished, name) is None}
    settings = wished.model_copy(update=defaults)
    enhanced = {"tier": tier} if tier == "Enhanced" else {}
    kept_in = declaration.spec.keeps_hour_of()
    changes = difference.creation({**enhanced, **in_words(settings, keeps_hour=kept_in is not None)}, declaration)
    judged = Judged(declaration, address, label, settings, None, draft.vaults_after[vault], bound=False)
    if _refused(judged, changes, draft):
        return
    written = as_written(declaration.spec, settings, draft.as_of)
    draft.act(
        CreatePolicy(
            address=address,
            label=label,
            changes=changes,
            data_effect="not touched, no VM is bound to a new policy",
            place=declaration.place,
            vault=vault,
            policy=policy_id(vault, name),
            tier=tier,
            settings=written,
            comes_with_vault=built_in,
            runs=next_runs(written, draft.as_of, kept_in),
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
    vault, spec = contents.vault.id, declaration.spec
    address, label = policy_address(vault, live.name), policy_label(vault, live.name)
    told, kept_in = as_told(spec, found, draft.as_of), spec.keeps_hour_of()
    declared = in_words(spec.settings(), keeps_hour=kept_in is not None)
    changes = difference.changes(declared, found_in_words(told, found), declaration)
    if not changes:
        for finding in kept_from_before(declaration, address, label):
            draft.find(finding)
        draft.same(address, label, "it is as declared")
        return
    vms = tuple(sorted(item.vm for item in contents.items.values()
                       if item.state is ItemState.ACTIVE and item.policy == live.id))  # fmt: skip
    wished = spec.settings().over(told)
    judged = Judged(declaration, address, label, wished, told, draft.vaults_after[vault], bound=bool(vms))
    if _refused(judged, changes, draft):
        return
    written = as_update(spec, told, found, draft.as_of)
    after = written.over(found)
    effect = effect_of(found, after, len(vms))
    words = effect.words
    if Risk.DESTRUCTIVE in effect.risks and after.retention != wished.retention:
        words = f"{words}; days are told as Azure has them, in {after.time_zone}"
    draft.act(
        UpdatePolicy(
            address=address,
            label=label,
            changes=changes,
            data_effect=words,
            risks=effect.risks,
            critical=effect.critical,
            place=declaration.place,
            vault=vault,
            live=live,
            settings=written,
            vms=vms,
            runs=next_runs(after, draft.as_of, kept_in),
        ),
        vault_address(vault),
    )


def _refused(judged: Judged, changes: tuple[Change, ...], draft: Draft) -> bool:
    """Tell what the service would refuse, if anything."""
    found = list(refusals(judged, changes))
    for finding in found:
        draft.find(finding)
    return bool(found)
