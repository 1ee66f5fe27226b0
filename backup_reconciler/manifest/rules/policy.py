"""Rules of kind BackupPolicy, other than those of its schedule and its retention."""

import re
from collections.abc import Iterator

from backup_reconciler.manifest.document import HANDLE, Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.policy import BUILT_IN_POLICIES, DATABASE_POLICY, BackupPolicySpec, built_in_policy
from backup_reconciler.spec.rules.policy import (
    BUILT_IN_TIER,
    DATABASE_POLICY_NAME,
    ENHANCED_ONLY,
    POLICY_ABSENT,
    POLICY_NAME,
    SNAPSHOT_GROUP_NAME,
)

_OF_ABSENT = {"name", "vaults", "state"}
_GROUP_PART = re.compile(r"[\w.()-]*")
_LONGEST_GROUP = 74
"""Characters of prefix and suffix; the service needs the rest of a name's 90 (source: Azure Backup)."""


def policy_name(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    path = policy.name_path()
    name = policy.spec.azure_name(policy.handle)
    if forms.POLICY.fits(name) or (path == HANDLE and not forms.HANDLE.fits(name)):  # a bad handle is told as such
        return
    remedy = "use 3 to 150 letters, digits, '-', '_' and '!', starting with a letter"
    instead = ", or state spec.name where only the handle is different" if path == HANDLE else ""
    yield policy.problem(POLICY_NAME, path, f"{quoted(name)} cannot be the name of a policy", remedy + instead)


def database_policy_name(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    if policy.spec.azure_name(policy.handle).casefold() == DATABASE_POLICY.casefold():
        what = f"the service's own {DATABASE_POLICY} is for databases in VMs"
        yield policy.problem(DATABASE_POLICY_NAME, policy.name_path(), what)


def absent_says_nothing(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    tree = policy.written.tree
    others = [name for name in tree.value(("spec",)) if name not in _OF_ABSENT]
    if policy.spec.is_absent() and others:
        path, also = ("spec", others[0]), tree.place(("spec", "state"))
        what = f"{', '.join(others)} cannot be stated of a policy that is to be absent"
        yield policy.written.problem(POLICY_ABSENT, path, what, at=tree.key_place(path), also=also)


def built_in_tier(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    name = built_in_policy(policy.spec.azure_name(policy.handle))
    if name is None or policy.spec.tier == BUILT_IN_POLICIES[name]:
        return
    tier = BUILT_IN_POLICIES[name]
    what = f"the service's own {name} has the tier {tier}, not {policy.spec.tier}"
    stated = policy.written.tree.value(("spec", "tier")) is not None
    path = ("spec", "tier") if stated else policy.name_path()
    remedy = f"{'use' if stated else 'add'} tier: {tier}, or another name"
    also = policy.written.tree.place(policy.name_path()) if stated else None
    yield policy.problem(BUILT_IN_TIER, path, what, remedy, also=also)


def enhanced_only(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    if policy.spec.tier == "Enhanced":
        return
    tree = policy.written.tree
    stated = tree.value(("spec", "tier")) is not None
    also = tree.place(("spec", "tier")) if stated else None
    remedy = f"{'use' if stated else 'add'} tier: Enhanced"
    if policy.spec.schedule is not None and policy.spec.schedule.frequency == "Hourly":
        what = "a Standard policy does not run Hourly"
        yield policy.problem(ENHANCED_ONLY, ("spec", "schedule", "frequency"), what, remedy, also=also)
    if policy.spec.snapshot_consistency == "OnlyCrashConsistent":
        what = "a Standard policy makes no snapshots that are OnlyCrashConsistent"
        yield policy.problem(ENHANCED_ONLY, ("spec", "snapshotConsistency"), what, remedy, also=also)


def snapshot_group_name(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    """The service names the groups prefix, number, suffix."""
    group = policy.spec.snapshot_resource_group
    if group is None:
        return
    path = ("spec", "snapshotResourceGroup")
    for part, text in (("prefix", group.prefix), ("suffix", group.suffix)):
        if text == "":
            remedy = "remove it" if part == "suffix" else "say what the names begin with, or remove the field"
            yield policy.problem(SNAPSHOT_GROUP_NAME, (*path, part), f"the {part} is empty", remedy)
        elif text is not None and not _GROUP_PART.fullmatch(text):
            what = f"{quoted(text)} cannot be part of a resource group's name"
            remedy = "use letters, digits, '_', '-', '.', '(' and ')'"
            yield policy.problem(SNAPSHOT_GROUP_NAME, (*path, part), what, remedy)
    if group.suffix is not None and group.suffix.endswith("."):
        what = "a resource group's name cannot end with a dot"
        yield policy.problem(SNAPSHOT_GROUP_NAME, (*path, "suffix"), what, "remove the dot")
    length = len(group.prefix) + len(group.suffix or "")
    if length > _LONGEST_GROUP:
        what = f"prefix and suffix have {length} characters together"
        yield policy.problem(SNAPSHOT_GROUP_NAME, path, what, f"shorten them to {_LONGEST_GROUP} or fewer")


RULES = (policy_name, database_policy_name, absent_says_nothing)
"""Of every policy."""

RULES_OF_SETTINGS = (built_in_tier, enhanced_only, snapshot_group_name)
"""Of policies that are to be present; what an absent one would be like is of no account."""
