"""Findings about a document of outbound access as a whole."""

from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules import Rule


def finding_of(
    document: Outbound,
    rule: Rule,
    severity: Severity,
    message: str,
    *path: str | int,
    instead: str = "",
    drift: DriftState | None = None,
    resources: tuple[ArmId, ...] = (),
) -> Finding:
    """A finding about a document, at one of its fields."""
    name = str(document)
    place = document.place_of(*path)
    return Finding(rule, severity, name, name, message, place, drift=drift, instead=instead, resources=resources)
