"""The arithmetic of docs/scale.md: the requests of a plan, and the least time that Azure's limits leave for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

PAGE = 100
"""Elements on a page of a list."""
ROWS = 1000
"""Rows on a page of Resource Graph (Azure Resource Graph, "Working with large data sets", Learn)."""
IN_FLIGHT, LATENCY = 16, 0.08
"""Requests at a time (`--concurrency`), and seconds until one is answered."""

ARM_READS, ARM_READS_A_SECOND = 250, 25
ARM_WRITES, ARM_WRITES_A_SECOND = 200, 10
"""A bucket and what it is filled with, per subscription, principal and region (Azure Resource Manager,
"Understand how Azure Resource Manager throttles requests", Learn)."""
ARM_ALL_PRINCIPALS = 15
"""How many times that a subscription bears, of all principals together (the same page)."""
ELEMENT = 40e-6
"""Seconds of CPU for an element that is read; of each VM there are three: itself, its item, its row of Resource Graph
(benchmarks/README.md)."""
BACKUP_READS_AN_HOUR = 150
"""Reads of one action of Azure Backup in a subscription, as refusals of 2021 said; 300 in 2022."""
GRAPH_QUERIES, GRAPH_SECONDS = 15, 5
"""Queries of one principal in so many seconds (Azure Resource Graph, "Guidance for throttled requests", Learn)."""


@dataclass(frozen=True, slots=True)
class Estate:
    """VMs, each protected, spread evenly over vaults and these over subscriptions; a manifest declares each vault."""

    vms: int
    vaults: int
    subscriptions: int

    @property
    def _inventory(self) -> int:
        """Pages of the vaults and of the VMs of a subscription."""
        return _pages(self.vaults / self.subscriptions, PAGE) + _pages(self.vms / self.subscriptions, PAGE)

    @property
    def item_pages(self) -> int:
        """Of the items of a vault."""
        return _pages(self.vms / self.vaults, PAGE)

    @property
    def _holders(self) -> int:
        """Pages of Resource Graph that tell which VMs some other vault holds."""
        return _pages(self.vms, ROWS)

    def in_subscription(self, shards: int = 1) -> int:
        """Requests to a subscription by lists in one of so many shards: all shards read the inventory, and each its own
        vaults, their policies and their items."""
        return self._inventory + ceil(self.vaults / self.subscriptions / shards) * (2 + self.item_pages)

    def by_lists(self, shards: int = 1) -> int:
        """All requests of one of so many shards."""
        own = ceil(self.vaults / shards) * (2 + self.item_pages)
        return self.subscriptions * self._inventory + own + self._holders

    def queries(self) -> int:
        """Of Resource Graph: pages of vaults, of the two policies for VMs of each, of items and of VMs."""
        return sum(_pages(rows, ROWS) for rows in (self.vaults, 2 * self.vaults, self.vms, self.vms))

    def by_graph(self) -> int:
        """All requests, where nothing differs: these, and one that tells what may be seen of each subscription."""
        return self.subscriptions + self.queries()

    def backup_hours(self) -> int:
        """Hours that the recorded quota of Azure Backup makes reading by lists wait."""
        return _pages(self.vaults / self.subscriptions * self.item_pages, BACKUP_READS_AN_HOUR) - 1


ESTATES = (
    Estate(1_000, 10, 1),
    Estate(10_000, 100, 1),
    Estate(50_000, 500, 1),
    Estate(100_000, 1_000, 10),
    Estate(100_000, 1_000, 2),
    Estate(1_000_000, 10_000, 100),
    Estate(1_000_000, 10_000, 20),
    Estate(1_000_000, 1_000, 100),
)
SHARDED = Estate(100_000, 1_000, 10)
SHARDS = (1, 2, 4, 10, 50)
WRITES = (100, 1_000, 10_000)
PRINCIPALS = (1, 4, ARM_ALL_PRINCIPALS, 50)


def arithmetic() -> str:
    """The tables."""
    at_most = [f"{one} identities" if one > 1 else "one identity" for one in PRINCIPALS]
    parts = (
        "## Reading",
        "Requests of a plan by lists and by Resource Graph, and what each limit makes them wait for at the least.",
        _table(_READING, map(_reading, ESTATES)),
        "## Shards",
        _SHARDED,
        _table(("shards", "requests of one", "of all", "one identity", "an identity each"), map(_shards, SHARDS)),
        "## Writing",
        "VMs of one subscription whose protection is changed, a write each; what ARM makes them wait for.",
        _table(("writes", *at_most), map(_writes, WRITES)),
    )
    return "\n\n".join(parts) + "\n"


_SHARDED = f"""{SHARDED.vms:,} VMs in {SHARDED.vaults:,} vaults of {SHARDED.subscriptions} subscriptions, by lists;
what ARM makes them wait for when all shards sign in as one identity, and when each has its own."""
_READING = (
    *("VMs", "vaults", "subscriptions"),
    *("requests by lists", "their answers", "ARM", "Azure Backup"),
    *("requests by graph", "Resource Graph", "CPU"),
)


def _reading(estate: Estate) -> Iterator[str]:
    lists, graph = estate.by_lists(), estate.by_graph()
    yield from (f"{one:,}" for one in (estate.vms, estate.vaults, estate.subscriptions, lists))
    yield _time(lists / IN_FLIGHT * LATENCY)
    yield _time(_bucket(estate.in_subscription(), ARM_READS, ARM_READS_A_SECOND))
    yield _time(3600 * estate.backup_hours())
    yield f"{graph:,}"
    yield _time(GRAPH_SECONDS * (_pages(estate.queries(), GRAPH_QUERIES) - 1))
    yield _time(3 * estate.vms * ELEMENT)


def _shards(count: int) -> Iterator[str]:
    one, here = SHARDED.by_lists(count), SHARDED.in_subscription(count)
    yield f"{count}"
    yield f"{one:,}"
    yield f"{count * one:,}"
    yield _time(_bucket(count * here, ARM_READS, ARM_READS_A_SECOND))
    yield _time(_shared(here, count, ARM_READS, ARM_READS_A_SECOND))


def _writes(number: int) -> Iterator[str]:
    yield f"{number:,}"
    for principals in PRINCIPALS:
        yield _time(_shared(ceil(number / principals), principals, ARM_WRITES, ARM_WRITES_A_SECOND))


def _shared(each: int, principals: int, bucket: int, a_second: int) -> float:
    """The least time when so many principals send `each` to a subscription, which has a bucket of its own for all."""
    of_all = _bucket(each * principals, ARM_ALL_PRINCIPALS * bucket, ARM_ALL_PRINCIPALS * a_second)
    return max(_bucket(each, bucket, a_second), of_all)


def _bucket(requests: int, bucket: int, a_second: int) -> float:
    """The least time in seconds for so many requests on a bucket that is full at first."""
    return max(0.0, (requests - bucket) / a_second)


def _pages(elements: float, page: int) -> int:
    """An empty list has a page too."""
    return max(1, ceil(elements / page))


def _time(seconds: float) -> str:
    """A time as a person says it; a dash where there is no wait."""
    if seconds < 0.5:
        return "–" if seconds == 0 else "< 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.0f} h"


def _table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    lines = (head, ("---:",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
