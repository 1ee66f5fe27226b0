"""Choosing how to read: by lists while the request budget has room for them, else by Resource Graph."""

from collections import Counter
from collections.abc import Callable

from backup_reconciler.state.read_by import ReadBy
from backup_reconciler.state.reading import Choice
from backup_reconciler.state.snapshot import Scope

READS_OF_A_VAULT = 3
"""Its settings, its policies, its backups: each an action of its own, with a quota of its own."""
_SHARE = 2
"""A plan may spend one part in so many of what is left in an hour: an apply after it reads by lists again, and watches
by them."""


def chosen(scope: Scope, left: Callable[[str], int]) -> Choice:
    """The way to read, and why.

    `left` tells how many lists of backups a subscription (id in lower case) may still be asked for in this hour. A run
    reads one for each of its vaults, more where they have several pages, which nobody knows beforehand.
    """
    vaults = Counter(vault.subscription.casefold() for vault in scope.vaults)
    lists = f"lists would take {len(scope.vaults) * READS_OF_A_VAULT + len(vaults):,} requests or more"
    over = {one: number for one, number in vaults.items() if number * _SHARE > left(one)}
    if not over:
        return Choice(ReadBy.LISTS, f"{lists}, which the hourly limits have room for")
    fullest = min(over, key=lambda one: (left(one) - over[one], one))
    return Choice(
        ReadBy.GRAPH,
        f"{lists}, {over[fullest]:,} of them for backups in subscription {fullest}, "
        f"which has {left(fullest):,} of these left in this hour, and half of them are for apply",
    )
