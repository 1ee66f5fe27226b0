"""The live side written down as manifests that plan to nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from backup_reconciler.manifest import Problem, Severity, check
from backup_reconciler.manifest.writing import write
from backup_reconciler.plan.policy.words import in_words
from backup_reconciler.report.exported_vault import untold, vault_spec
from backup_reconciler.report.local_hours import NO_HOURS, LocalHours
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.disks import ALL
from backup_reconciler.spec.policy import BackupPolicySpec, built_in_policy
from backup_reconciler.spec.protection import AssignmentSpec, ProtectionSettings
from backup_reconciler.spec.selector import Selector
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import LiveItem
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
        _group_id(id_, settings): f"{handles[id_]}-{_word(settings, policy_handles)}"
        for id_, (found, _) in alike.items()
        for settings in found
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


Alike = Mapping[ProtectionSettings, list[ArmId]]
"""VMs by how they are protected."""


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
    for settings, vms in alike.items():
        assigned = _assignment(handle, settings, names.policies, vms)
        documents.append(("VMAssignment", names.assignments[_group_id(vault, settings)], assigned))
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
    alike: dict[ProtectionSettings, list[ArmId]] = defaultdict(list)
    untold = []
    for vm, item in sorted(contents.items.items()):
        settings = _declarable(item)
        if settings is None:
            untold.append(f"VM {vm.name}: its protection is {item.state.value} ({item.wire_state})")
        elif settings.protection == "active" and not _is_told(item.policy, policy_handles):
            untold.append(
                f"VM {vm.name}: its policy {item.policy.name if item.policy else 'is not told and'} is left out"
            )
        else:
            alike[settings].append(vm)
    return alike, untold


def _declarable(item: LiveItem) -> ProtectionSettings | None:
    """How a VM is protected, as far as a manifest says so; disks matter where backups are made."""
    settings = item.settings
    if settings is None or settings.protection == "deleted":
        return None
    told = settings.protection == "active" and settings.disks != ALL
    return settings if told else replace(settings, disks=None)


def _is_told(policy: ArmId | None, policy_handles: Mapping[ArmId, str]) -> bool:
    return policy is not None and (policy in policy_handles or bool(built_in_policy(policy.name)))


def _assignment(
    vault: str, settings: ProtectionSettings, policy_handles: Mapping[ArmId, str], vms: list[ArmId]
) -> AssignmentSpec:
    stated: dict[str, Any] = {"vault": vault, "select": Selector(ids=tuple(vm.text for vm in vms))}
    if settings.policy is not None:
        stated["policy"] = policy_handles.get(settings.policy, settings.policy.name)
    else:
        stated["protection"] = settings.protection
    if settings.disks is not None:
        stated["disks"] = settings.disks.words
    return AssignmentSpec.model_validate(stated)


def _word(settings: ProtectionSettings, policy_handles: Mapping[ArmId, str]) -> str:
    """What tells apart VMs of one vault that are protected differently."""
    policy = settings.policy
    word = policy_handles.get(policy, policy.name) if policy else settings.protection
    return f"{word}-{_disks(settings)}" if settings.disks else word


def _disks(settings: ProtectionSettings) -> str:
    """The disks in a word: osOnly, include-0-1, exclude-2."""
    words = settings.disks.words if settings.disks else ""
    return (
        words if isinstance(words, str) else "-".join([*words, *(str(lun) for luns in words.values() for lun in luns)])
    )


def _group_id(vault: ArmId, settings: ProtectionSettings) -> ArmId:
    """An id for the VMs of a vault that are protected alike, to tell their assignments apart by."""
    policy = settings.policy.name if settings.policy else f"*{settings.protection}*"
    return vault.child("assignments", *filter(None, (policy, _disks(settings))))


def _handles(names: Mapping[ArmId, str]) -> dict[ArmId, str]:
    """A handle for each: its name where that is its alone and short enough, else the name and a digest of the id."""
    shared = Counter(name.casefold() for name in names.values())
    return {
        id_: name if shared[name.casefold()] == 1 and len(name) <= _LONGEST else f"{name[:_LONGEST]}-{_digest(id_)}"
        for id_, name in names.items()
    }


def _digest(id_: ArmId) -> str:
    return hashlib.sha256(id_.key.encode()).hexdigest()[:6]
