"""Who takes much longer than the others."""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import median_low
from typing import TYPE_CHECKING

from backup_reconciler.azure.clock import Clock

if TYPE_CHECKING:
    from datetime import datetime

_TIMES_THE_MEDIAN = 3


class Patience:
    """How long those who wait for one vault have waited, and how long it took for those whose time has come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: dict[object, datetime] = {}
        self._took: dict[object, float] = {}

    @contextmanager
    def waiting(self, who: object) -> Iterator[None]:
        """The block ends when what is waited for is seen, or known not to come."""
        self._since[who] = self._clock.now()
        try:
            yield
        finally:
            self.came(who)
            del self._since[who]

    def came(self, who: object) -> None:
        """What somebody waits for has come to be, as far as can be seen."""
        self._took.setdefault(who, self._waited(who))

    def overdue(self, all_of: Iterable[object]) -> bool:
        """Whether all of these have waited three times as long as half of all did. True of none at all."""
        still = len(self._since.keys() - self._took.keys())
        usual = median_low([*self._took.values(), *[math.inf] * still, math.inf])
        return all(self._waited(who) > _TIMES_THE_MEDIAN * usual for who in all_of)

    def longest(self) -> float:
        """Seconds that the one who waits longest has waited; 0 where nobody does."""
        return max(map(self._waited, self._since), default=0.0)

    def _waited(self, who: object) -> float:
        return (self._clock.now() - self._since[who]).total_seconds()
