"""The policies that an export tells by their local hour: Azure's data do not say which, manifests do."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from backup_reconciler.plan.policy.words import in_local_hour
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings
from backup_reconciler.spec.policy_rules import breaches
from backup_reconciler.spec.rules.schedule import LOCAL_HOUR_MIDNIGHT
from backup_reconciler.state.snapshot import VaultContents

LocalHours = Mapping[ArmId, PolicySettings]
"""The settings of live policies in their own zone's local hour."""
NO_HOURS: LocalHours = MappingProxyType({})


def local_hours(vaults: Iterable[VaultContents], declared: Manifests, as_of: date) -> LocalHours:
    """Of the policies that are declared to keep their local hour and are written so: what they say on a day.

    One whose live hour could not be declared so, because monthly points would move to another day, stays as it is.
    """
    specs = _specs(declared)
    found: dict[ArmId, PolicySettings] = {}
    for policy in (policy for contents in vaults for policy in contents.policies.values() if policy.id in specs):
        told = in_local_hour(specs[policy.id], policy.settings, as_of) if policy.settings else None
        if told and not _moves_monthly_points(specs[policy.id], told):
            found[policy.id] = told
    return found


def _specs(declared: Manifests) -> dict[ArmId, BackupPolicySpec]:
    return {
        policy_id(vault.spec.vault_id(vault.handle), policy.spec.azure_name(policy.handle)): policy.spec
        for policy in declared.policies
        for vault in declared.vaults_of(policy)
    }


def _moves_monthly_points(spec: BackupPolicySpec, told: PolicySettings) -> bool:
    as_found = spec.model_copy(update=dict(told))
    return any(breach.rule is LOCAL_HOUR_MIDNIGHT for breach in breaches(as_found))
