"""Rules of a policy's settings taken together, each told at the value that is at fault."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.policy_rules import Breach, breaches


def combinations(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    for breach in breaches(policy.spec):
        also = policy.written.tree.place(("spec", *breach.also)) if breach.also else None
        yield policy.problem(breach.rule, _path(policy, breach), breach.what, breach.remedy, also=also)


def _path(policy: Declared[BackupPolicySpec], breach: Breach) -> FieldPath:
    path = ("spec", *breach.path)
    if breach.item is None:
        return path
    return (*path, policy.written.tree.value(path).index(breach.item))


RULES = (combinations,)
