"""Backup now: a backup that somebody asks for, kept as long as they say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.recovery_services.backups import phases
from backup_reconciler.sandbox.core.recovery_services.backups.scheduled import ACTIVE
from backup_reconciler.sandbox.core.recovery_services.items import item as items
from backup_reconciler.sandbox.core.recovery_services.jobs import job, operation
from backup_reconciler.sandbox.core.wire.messages import Refused, Response
from backup_reconciler.sandbox.core.wire.router import ITEM, Route
from backup_reconciler.sandbox.core.wire.times import american, parse_stamp

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Operation, ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_KEPT = timedelta(days=30)
"""Where the request names no expiry."""
_LONGEST = timedelta(days=99 * 365.25)
"""No limit but 99 years (Learn: support-matrix-iaas); that an expiry beyond it is refused is INFERRED."""
_ATTEMPTS, _DAY = 9, timedelta(days=1)
"""More than so many requests a day for one VM are refused (Learn: backup-azure-vm-backup-faq)."""


def backup_now(call: Call) -> Response:
    """The operation succeeds at once; the job goes on (R21 job.json)."""
    vault, item = call.vault, items.find(call)
    if call.field("objectType") != "IaasVMBackupRequest" or item.state not in ACTIVE:
        # The code for an item that is stopped or soft-deleted is in no source.
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid.")
    expires = _expiry(call)
    _count_attempt(item, call.now)
    started = job.start(call, vault, "Backup", item, {"Recovery Point Expiry Time in UTC": american(expires)})
    started.expires = expires
    phases.begin(call.estate, vault, [(item, started)], call.now)
    begun = operation.begin(call, vault, "backup", 0, [], [started], {})
    return operation.accepted_under(call, call.request.path.removesuffix("/backup"), begun)


def _expiry(call: Call) -> datetime:
    text = call.field("recoveryPointExpiryTimeInUTC")
    try:
        expires = parse_stamp(str(text)) if text else call.now + _KEPT
    except ValueError:
        expires = call.now
    if not call.now < expires <= call.now + _LONGEST:
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid.")
    return expires


def _count_attempt(item: ProtectedItem, now: datetime) -> None:
    """The code and words are those of other operations with a limit a day (azure-content issue 5067); for backups of
    VMs, and for the status, no source is known.
    """
    recent = [moment for moment in item.asked_for if moment > now - _DAY]
    if len(recent) >= _ATTEMPTS:
        raise Refused(
            400,
            "CloudDosAbsoluteLimitReached",
            "Operation is blocked as you have reached the limit on number of operations permitted in 24 hours.",
        )
    item.asked_for = [*recent, now]


def finish_request(_estate: Estate, _vault: Vault, done: Operation, _now: datetime, _rng: Random) -> None:
    """The request is done as soon as the job exists."""
    done.status = "Succeeded"


ROUTES = (Route("POST", f"{ITEM}/backup", backup_now),)
OPERATIONS = {"backup": finish_request}
