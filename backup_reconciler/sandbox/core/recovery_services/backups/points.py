"""The recovery points of an item: which there are, and when they go.

Nothing happens when a point expires: it is not counted any more, and dropped when the next one comes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.recovery_services.policies import retention

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import ProtectedItem, RecoveryPoint
    from backup_reconciler.sandbox.core.wire.messages import Json

_PRUNING = timedelta(days=1)
"""How long after a change of retention the points that it ends are gone (Learn: backup-azure-vm-backup-faq)."""


def held(item: ProtectedItem, now: datetime) -> list[RecoveryPoint]:
    """The points that are there. A stopped item keeps all of them without end, any other at least its latest.

    The latest stays for good when backups are suspended (Learn: immutable-vault) and when the VM is gone (Learn:
    manage-recovery-points); that it does so too while backups merely fail is INFERRED.
    """
    if item.state == "ProtectionStopped":
        return item.recovery_points
    return [point for point in item.recovery_points[:-1] if point.expires > now] + item.recovery_points[-1:]


def add(item: ProtectedItem, point: RecoveryPoint, now: datetime) -> None:
    item.recovery_points = [*held(item, now), point]


def drop_expired(item: ProtectedItem, now: datetime) -> None:
    """Before an item stops expiring, or comes under another retention: what is over then does not come back."""
    item.recovery_points = held(item, now)


def apply(item: ProtectedItem, properties: Json, now: datetime) -> None:
    """Another retention holds for the points that are there too (Learn: backup-architecture)."""
    item.recovery_points = [_under(point, properties, now) for point in item.recovery_points]


def _under(point: RecoveryPoint, properties: Json, now: datetime) -> RecoveryPoint:
    expires = retention.expiry_anew(properties, point)
    if expires == point.expires and expires > now:
        return point
    return replace(point, expires=max(expires, now + _PRUNING))
