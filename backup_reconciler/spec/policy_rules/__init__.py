"""What the service refuses of a policy because of how its settings go together.

These rules hold for a policy as a whole. The validator judges what a manifest states, as far as it states enough; the
planner judges it again with what Azure has for the rest. A value that is wrong by itself is not their concern.
"""

from collections.abc import Iterator

from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.policy_rules import archive, instant_restore, local_hour, retention
from backup_reconciler.spec.policy_rules.breach import Breach
from backup_reconciler.spec.rules import Rule, rules_of
from backup_reconciler.spec.rules import retention as retention_rules
from backup_reconciler.spec.rules.policy import ENHANCED_ONLY, SNAPSHOT_GROUP_NAME
from backup_reconciler.spec.rules.schedule import HOURLY_INTERVAL, HOURLY_WINDOW, SCHEDULE_TIME, TIME_ZONE

JUDGED: tuple[Rule, ...] = (
    SCHEDULE_TIME,
    HOURLY_INTERVAL,
    HOURLY_WINDOW,
    TIME_ZONE,
    *rules_of(retention_rules),
    ENHANCED_ONLY,
    SNAPSHOT_GROUP_NAME,
)
"""The rules that a policy keeps when it is sent, of single fields and of fields together."""

_RULES = (*retention.RULES, *instant_restore.RULES, *archive.RULES, *local_hour.RULES)


def breaches(policy: BackupPolicySpec) -> Iterator[Breach]:
    """Every rule that the settings break together; what is not stated is not judged."""
    for rule in _RULES:
        yield from rule(policy)


__all__ = ["JUDGED", "Breach", "breaches"]
