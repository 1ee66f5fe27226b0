"""Findings that say the same of several VMs, told once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backup_reconciler.plan.finding import Finding
from backup_reconciler.spec.document import Place

_VM = re.compile(r"VM (?P<name>\S+) in (?P<vault>\S+)")


@dataclass(frozen=True, slots=True)
class Same:
    """One message, and of what it is said."""

    title: str
    names: list[str]
    """Of the VMs, where the title counts them."""
    message: str
    place: Place | None
    """The manifest's line, where it is one."""


def by_message(findings: Iterable[Finding]) -> Iterator[Same]:
    """The findings in their order; VMs of which the same is said together, others by themselves."""
    messages: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        messages[finding.message].append(finding)
    for message, alike in messages.items():
        vms = [vm for finding in alike if (vm := _VM.fullmatch(finding.label))]
        if len(vms) == len(alike) > 1:
            yield _together(message, alike, vms)
        else:
            yield from (Same(one.label, [], message, one.place) for one in alike)


def _together(message: str, alike: Sequence[Finding], vms: Sequence[re.Match[str]]) -> Same:
    vaults, places = {vm["vault"] for vm in vms}, {one.place for one in alike}
    where = f" in {vaults.pop()}" if len(vaults) == 1 else ""
    names = [vm["name"] for vm in vms]
    return Same(f"{len(vms):,} VMs{where}", names, message, places.pop() if len(places) == 1 else None)
