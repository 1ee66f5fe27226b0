"""What an hour's quota leaves of each action's reads."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from backup_reconciler.apply.watching.cadence import READS_AN_HOUR
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.ledger import Key, counted_as
from backup_reconciler.azure.request import ArmRequest


class Budget:
    """The reads that are left, less those that somebody is about to send."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm
        self._reserved: Counter[Key] = Counter()

    def left(self, request: ArmRequest) -> int:
        """How many requests that count as this one does may go out now; all that this process sent counts."""
        sent = self._arm.ledger.in_last_hour(request, self._arm.clock.now())
        return max(0, READS_AN_HOUR - sent - self._reserved[counted_as(request)])

    @contextmanager
    def reserved(self, request: ArmRequest, reads: int) -> Iterator[None]:
        """While the block reads, nobody else counts on the same requests.

        Those that have gone out count twice until the block ends: rather a look too late than a read too many.
        """
        key = counted_as(request)
        self._reserved[key] += reads
        try:
            yield
        finally:
            self._reserved[key] -= reads
