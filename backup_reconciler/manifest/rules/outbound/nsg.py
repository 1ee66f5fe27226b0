"""Rules of method nsg: rules in network security groups."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.rules.outbound import NSG_PRIORITY

_LOWEST, _HIGHEST = 100, 4096


def priority(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    rules = document.spec.nsg
    if rules is None or rules.priority is None:
        return
    path, first, count = ("spec", "nsg", "priority"), rules.priority, len(rules.destinations)
    if not _LOWEST <= first <= _HIGHEST:
        yield document.problem(NSG_PRIORITY, path, f"{first} is not from {_LOWEST} to {_HIGHEST}")
    elif first + count - 1 > _HIGHEST:
        what = f"{first} leaves no room for the rules of {count} destinations up to {_HIGHEST}"
        yield document.problem(NSG_PRIORITY, path, what, f"use {_HIGHEST - count + 1} or lower")


RULES = (priority,)
