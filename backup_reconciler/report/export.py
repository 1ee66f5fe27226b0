"""The live side written down as manifests that plan to nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backup_reconciler.manifest import Problem, Severity, check
from backup_reconciler.manifest.writing import write
from backup_reconciler.plan.policy.words import in_words
from backup_reconciler.report.exported_vault import untold, vault_spec
from backup_reconciler.report.local_hours import NO_HOURS, LocalHours
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.policy import BackupPolicySpec, built_in_policy
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.selector import Selector
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import VaultContents

Document = tuple[str, str, Model]

_LONGEST = 140
"""Of a name, so that with its suffix it stays below what a handle may have."""


@dataclass(frozen=True, slots=True)
class ExportedVault:
    """One vault as a file's worth of manifests, and what the words of a manifest could not tell."""

    handle: str
    text: str
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]
    """What is exported, and somebody should look at."""


def export(vaults: Sequence[VaultContents], hours: LocalHours = NO_HOURS) -> list[ExportedVault]:
    """A set of manifests that planned over the same vaults finds nothing to do.

    Policies of which it is known by `hours` are declared to keep their local hour.
    Handles are the names of vaults and policies; where several share a name each gets a suffix that depends on its own
    ARM id alone, so that exporting again, or fewer, gives the same handles.
    """
    ordered = sorted(vaults, key=lambda contents: contents.vault.id)
    told = {contents.vault.id: _told(contents, hours) for contents in ordered}
    handles = _handles({id_: id_.name for id_ in told})
    policy_handles = _handles({policy.id: policy.name for one in told.values() for policy in one.policies})
    alike = {contents.vault.id: _alike(contents, policy_handles) for contents in ordered}
    groups = {
        _group_id(id_, policy): f"{handles[id_]}-{policy_handles.get(policy, policy.name) if policy else 'stopped'}"
        for id_, (found, _) in alike.items()
        for policy in found
    }
    names = _Names(handles, policy_handles, _handles(groups), hours)
    return [_exported(contents, names, told[contents.vault.id], *alike[contents.vault.id]) for contents in ordered]


@dataclass(frozen=True, slots=True)
class _Told:
    """The policies of a vault that a manifest may state, why others are left out, and what to look at in those."""

    policies: list[LivePolicy] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Names:
    """The handles of everything that is exported, and the hours that policies are told by."""

    vaults: Mapping[ArmId, str]
    policies: Mapping[ArmId, str]
    assignments: Mapping[ArmId, str]
    hours: LocalHours


Alike = Mapping[ArmId | None, list[ArmId]]
"""VMs by the policy they are bound to; None for those whose protection is stopped."""


def _exported(
    contents: VaultContents,
    names: _Names,
    told: _Told,
    alike: Alike,
    untold_vms: Sequence[str],
) -> ExportedVault:
    vault = contents.vault.id
    handle = names.vaults[vault]
    documents: list[Document] = [("Vault", handle, vault_spec(contents.vault, handle))]
    documents += [_policy(policy, names.policies[policy.id], handle, names.hours) for policy in told.policies]
    for policy, vms in alike.items():
        reference = names.policies.get(policy, policy.name) if policy else ""
        documents.append(_assignment(names.assignments[_group_id(vault, policy)], handle, reference, vms))
    left_out = (*untold(contents.vault), *told.left_out, *untold_vms)
    return ExportedVault(handle, write(documents), left_out, tuple(told.warnings))


def _told(contents: VaultContents, hours: LocalHours) -> _Told:
    told = _Told()
    for _, policy in sorted(contents.policies.items()):
        problems = [] if policy.not_understood else _problems(contents, policy, hours)
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        if policy.not_understood or errors:
            told.left_out.append(f"policy {policy.name}: {policy.not_understood or _in_words(errors)}")
            continue
        told.policies.append(policy)
        if problems:
            told.warnings.append(f"policy {policy.name}: {_in_words(problems)}")
    return told


def _problems(contents: VaultContents, policy: LivePolicy, hours: LocalHours) -> list[Problem]:
    """What the rules have against a live policy: the service still runs what it would refuse today."""
    vault = "Vault", "rsv", vault_spec(contents.vault, "rsv")
    return check(write([vault, _policy(policy, "policy", "rsv", hours)]))


def _in_words(problems: Sequence[Problem]) -> str:
    return "; ".join(f"{each.field.removeprefix('spec.')} {each.what} [{each.rule.id}]" for each in problems)


def _policy(policy: LivePolicy, handle: str, vault_handle: str, hours: LocalHours) -> Document:
    settings = hours.get(policy.id, policy.settings)
    assert settings is not None
    stated = in_words(settings, keeps_hour=policy.id in hours)
    name = {"name": policy.name} if policy.name != handle else {}
    where = {**name, "vaults": [vault_handle], "tier": policy.tier}
    spec = BackupPolicySpec.model_validate({**stated, **where})
    return "BackupPolicy", handle, spec


def _alike(contents: VaultContents, policy_handles: Mapping[ArmId, str]) -> tuple[Alike, list[str]]:
    """The VMs that are protected alike; and the items no assignment can wish for."""
    alike: dict[ArmId | None, list[ArmId]] = defaultdict(list)
    untold = []
    for vm, item in sorted(contents.items.items()):
        policy = item.policy
        if item.state is ItemState.STOPPED:
            alike[None].append(vm)
        elif item.state is not ItemState.ACTIVE:
            untold.append(f"VM {vm.name}: its protection is {item.state.value} ({item.wire_state})")
        elif policy is None or (policy not in policy_handles and not built_in_policy(policy.name)):
            untold.append(f"VM {vm.name}: its policy {policy.name if policy else 'is not told and'} is left out")
        else:
            alike[policy].append(vm)
    return alike, untold


def _assignment(handle: str, vault: str, policy: str, vms: list[ArmId]) -> Document:
    select = Selector(ids=tuple(vm.text for vm in vms))
    if not policy:
        return "VMAssignment", handle, AssignmentSpec(vault=vault, select=select, protection="stopped")
    return "VMAssignment", handle, AssignmentSpec(vault=vault, select=select, policy=policy)


def _group_id(vault: ArmId, policy: ArmId | None) -> ArmId:
    """An id for the VMs of a vault that are bound to one policy, to tell their assignments apart by."""
    return vault.child("assignments", policy.name if policy else "*stopped*")


def _handles(names: Mapping[ArmId, str]) -> dict[ArmId, str]:
    """A handle for each: its name where that is its alone and short enough, else the name and a digest of the id."""
    shared = Counter(name.casefold() for name in names.values())
    return {
        id_: name if shared[name.casefold()] == 1 and len(name) <= _LONGEST else f"{name[:_LONGEST]}-{_digest(id_)}"
        for id_, name in names.items()
    }


def _digest(id_: ArmId) -> str:
    return hashlib.sha256(id_.key.encode()).hexdigest()[:6]
