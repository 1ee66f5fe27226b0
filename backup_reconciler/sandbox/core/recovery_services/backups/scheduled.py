"""Backups by schedule: one effect for each run of a policy in a vault, none for a policy that protects nothing.

A run begins at the minute the policy names; the real service starts it within two hours (Learn:
backup-azure-vm-backup-faq).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.recovery_services.backups import phases
from backup_reconciler.sandbox.core.recovery_services.jobs import job as jobs
from backup_reconciler.sandbox.core.recovery_services.policies import retention, schedule
from backup_reconciler.sandbox.core.wire.call import guid

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Policy, ProtectedItem, Vault

ACTIVE = {"IRPending", "Protected"}
"""States in which an item is backed up."""


def arm(estate: Estate, vault: Vault, policy: Policy, now: datetime) -> None:
    """Let a policy run next when it says. A run that was awaited at another time comes to nothing."""
    if not (estate.settings.schedules and _protected_by(vault, policy)):
        policy.next_run = None
        return
    due = schedule.next_run(policy.properties, now)
    if policy.next_run != due:
        policy.next_run = due
        estate.schedule(due, "scheduled", vault, fold(policy.name))


def _protected_by(vault: Vault, policy: Policy) -> list[ProtectedItem]:
    key = fold(policy.name)
    return [item for item in vault.items.values() if item.state in ACTIVE and fold(item.policy_name) == key]


def run(estate: Estate, vault: Vault, key: str, now: datetime, rng: Random) -> None:
    """A policy's time has come."""
    policy = vault.policies.get(key)
    if policy is None or policy.next_run != now:
        return
    levels = retention.levels_at(policy.properties, now)
    expires = retention.expiry(policy.properties, levels, now)
    started = []
    for item in _protected_by(vault, policy):
        job = jobs.new(vault, "Backup", item, now, rng, guid(rng))
        job.expires, job.levels = expires, levels
        started.append((item, job))
    phases.begin(estate, vault, started, now)
    arm(estate, vault, policy, now)


EFFECTS = {"scheduled": run}
