"""The live side written down as manifests that plan to nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backup_reconciler.manifest import write
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.policy import BUILT_IN_POLICIES, BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec, ProtectionSettings, Selector
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.snapshot import VaultContents

Document = tuple[str, str, Model]


@dataclass(frozen=True, slots=True)
class ExportedVault:
    """One vault as a file's worth of manifests, and what the words of a manifest could not tell."""

    handle: str
    text: str
    left_out: tuple[str, ...]


def export(vaults: Sequence[VaultContents]) -> list[ExportedVault]:
    """A set of manifests that planned over the same vaults finds nothing to do.

    Handles are the names of vaults and policies; where several share a name each gets a suffix that depends on its own
    ARM id alone, so that exporting again, or fewer, gives the same handles.
    """
    ordered = sorted(vaults, key=lambda contents: contents.vault.id)
    vault_handles = _handles(contents.vault.id for contents in ordered)
    policies = [policy for contents in ordered for policy in _told(contents)]
    policy_handles = _handles(policy.id for policy in policies)
    return [_exported(contents, vault_handles[contents.vault.id], policy_handles) for contents in ordered]


def _exported(contents: VaultContents, handle: str, policy_handles: dict[ArmId, str]) -> ExportedVault:
    vault: Document = ("Vault", handle, _vault(contents, handle))
    policies = [_policy(policy, policy_handles[policy.id], handle) for policy in _told(contents)]
    assignments, untold = _assignments(contents, handle, policy_handles)
    left_out = [
        f"policy {policy.name}: {policy.not_understood}"
        for _, policy in sorted(contents.policies.items())
        if policy.settings is None
    ]
    return ExportedVault(handle, write([vault, *policies, *assignments]), (*left_out, *untold))


def _told(contents: VaultContents) -> list[LivePolicy]:
    return [policy for _, policy in sorted(contents.policies.items()) if policy.settings is not None]


def _vault(contents: VaultContents, handle: str) -> VaultSpec:
    vault = contents.vault
    stated = vault.settings.stated()
    if not stated.get("tags"):
        stated.pop("tags", None)
    if vault.id.name != handle:
        stated["name"] = vault.id.name
    return VaultSpec.model_validate(
        {**stated, "subscription": vault.id.subscription, "resourceGroup": vault.id.resource_group}
    )


def _policy(policy: LivePolicy, handle: str, vault_handle: str) -> Document:
    assert policy.settings is not None
    name = {"name": policy.name} if policy.name != handle else {}
    spec = BackupPolicySpec.model_validate({**policy.settings.stated(), **name, "vaults": [vault_handle]})
    return "BackupPolicy", handle, spec


def _assignments(
    contents: VaultContents, handle: str, policy_handles: dict[ArmId, str]
) -> tuple[list[Document], list[str]]:
    """One assignment for the VMs that are protected alike; and the items no assignment can wish for."""
    alike: dict[tuple[str, str], list[ArmId]] = defaultdict(list)
    untold = []
    for vm, item in sorted(contents.items.items()):
        settings = item.settings
        policy = _policy_reference(settings, policy_handles)
        if settings is None:
            untold.append(f"VM {vm.name}: its protection is {item.state.value} ({item.wire_state})")
        elif policy is None:
            untold.append(f"VM {vm.name}: its policy {settings.policy.name if settings.policy else ''} is left out")
        else:
            alike[settings.protection, policy].append(vm)
    return [_assignment(handle, state, policy, vms) for (state, policy), vms in sorted(alike.items())], untold


def _policy_reference(settings: ProtectionSettings | None, policy_handles: dict[ArmId, str]) -> str | None:
    """How an assignment names the policy: "" where it needs none, None where it has no words for it."""
    if settings is None:
        return None
    if settings.policy is None:
        return ""
    if settings.policy.name in BUILT_IN_POLICIES:
        return policy_handles.get(settings.policy, settings.policy.name)
    return policy_handles.get(settings.policy)


def _assignment(handle: str, protection: str, policy: str, vms: list[ArmId]) -> Document:
    spec = AssignmentSpec.model_validate(
        {"vault": handle, "select": Selector(ids=tuple(vm.text for vm in vms)), "protection": protection}
        | ({"policy": policy} if policy else {})
    )
    return "VMAssignment", f"{handle}-{policy or protection}", spec


def _handles(ids: Iterable[ArmId]) -> dict[ArmId, str]:
    every = list(ids)
    shared = Counter(id_.name.casefold() for id_ in every)
    return {id_: id_.name if shared[id_.name.casefold()] == 1 else f"{id_.name}-{_digest(id_)}" for id_ in every}


def _digest(id_: ArmId) -> str:
    return hashlib.sha256(id_.key.encode()).hexdigest()[:6]
