"""Rules of how much one run may change."""

from backup_reconciler.spec.rules.rule import rule

CHANGE_LIMIT = rule(
    "change-limit",
    "One run changes the backups of no more VMs than was agreed to.",
    why="A tag that was lost or a policy that was mistaken changes many VMs at once. VMs that come under protection, "
    "or back to it, do not count.",
    remedy="look through the plan; if all of it is meant, agree with --max-changes, or for every run with spec.limits "
    "in backup-reconciler.yaml",
)
