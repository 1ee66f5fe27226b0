"""What colour a word of a report has. No word is told by its colour alone."""

from collections.abc import Mapping

from backup_reconciler.plan.action import Risk
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.standing.machine import Health, Standing
from backup_reconciler.report.model.resource import ResourceState
from backup_reconciler.report.model.since import Origin

TONES: Mapping[str, str] = {
    ResourceState.AS_DECLARED: "good",
    ResourceState.MISSING: "bad",
    ResourceState.DIFFERS: "warn",
    ResourceState.UNDER_WAY: "info",
    ResourceState.UNWANTED: "odd",
    ResourceState.BLOCKED: "halt",
    Severity.WARNING: "warn",
    Severity.INFO: "info",
    Standing.PROTECTED: "good",
    Standing.WRONG_POLICY: "warn",
    Standing.UNCOVERED: "bad",
    Standing.STOPPED: "halt",
    Standing.ORPHAN: "odd",
    Standing.EXEMPT: "calm",
    Standing.NOT_LOOKED_FOR: "info",
    Standing.UNKNOWN: "faint",
    Health.IN_TIME: "good",
    Health.OVERDUE: "warn",
    Health.FAILED: "bad",
    Health.NEVER: "info",
    Health.NONE_DUE: "calm",
    Risk.SAFE: "good",
    Risk.ONE_WAY: "warn",
    Risk.DESTRUCTIVE: "bad",
    Origin.AS_BEFORE: "calm",
    Origin.AZURE: "warn",
    Origin.GIT: "info",
    Origin.BOTH: "odd",
}
"""By the word; the classes of the style sheet. A word that several enumerations have means the same in each."""
