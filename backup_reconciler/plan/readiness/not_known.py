"""Saying of something that decides whether backups succeed that it could not be read."""

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.readiness.cause import Said
from backup_reconciler.spec.rules.readiness import NOT_KNOWN
from backup_reconciler.state.not_read import NotRead

_REGISTER = "register the resource provider Microsoft.PolicyInsights with the subscription: 'az provider register'"


def not_known(what: str, found: NotRead, address: str, label: str, severity: Severity = Severity.WARNING) -> Said:
    """That `what` could not be read, of what several VMs share."""
    rights = "with these rights" if found.forbidden else "now"
    message = f"{what} cannot be read {rights} ({found.why})"
    return Said(NOT_KNOWN, severity, message, _way_out(found), address, label)


def _way_out(found: NotRead) -> str:
    """What to do beside granting rights. Of the providers that are asked only Azure Policy's may not be registered."""
    if found.forbidden:
        return ""
    return _REGISTER if "registr" in found.why.casefold() else "check again later"
