"""What applying tells in the log: what became of each action, as it ends, and waits for somebody else's operation."""

import logging

from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.event import event
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.outcome import Outcome

log = logging.getLogger(__name__)


def tell_outcome(outcome: Outcome) -> None:
    """An action has ended, in whatever way; people read it again in the result, where it stands in the plan's order."""
    action = outcome.action
    log.info(
        "%s: %s (%s)",
        outcome.status.value,
        action.label,
        action.verb,
        extra=event(
            "action",
            verb=action.verb,
            address=action.address,
            outcome=outcome.status.value,
            detail=outcome.detail or None,
            code=outcome.code or None,
        ),
    )


def tell_conflict(request: ArmRequest, error: AzureError, attempt: int) -> None:
    """A write is barred by another operation, and waits until that is over."""
    log.info(
        "%s %s: %s; it waits its turn",
        request.method,
        request.path,
        error.brief,
        extra=event("conflict", method=request.method, path=request.path, code=error.code, attempt=attempt),
    )
