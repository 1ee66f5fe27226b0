"""Rules of exemptions."""

from backup_reconciler.spec.rules.rule import rule

EXEMPTION_EXPIRED = rule(
    "exemption-expired",
    "An exemption that has expired is renewed or removed.",
    why="The VMs count as uncovered again.",
    remedy="remove the exemption, or renew it with a later day",
)
EXEMPTION_CLASH = rule(
    "exemption-clash",
    "A VM is not both actively protected by an assignment and exempt.",
    why="Either it is meant to have a backup, or it is not. Until that is said, it is backed up.",
    remedy="remove the VM from one of the two",
)
