"""Findings that say the same of several VMs, told once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backup_reconciler.plan.finding import Finding
from backup_reconciler.spec.document import Place

_VM = re.compile(r"VM (?P<name>\S+) in (?P<vault>\S+)")
_SCRIPT = re.compile(r"script (?P<script>\S+) in (?P<name>\S+)")


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
        for told in (_vms, _scripts):
            title, names = told(alike)
            if len(names) == len(alike) > 1:
                places = {one.place for one in alike}
                yield Same(title, names, message, places.pop() if len(places) == 1 else None)
                break
        else:
            yield from (Same(one.label, [], message, one.place) for one in alike)


def _vms(alike: Sequence[Finding]) -> tuple[str, list[str]]:
    """What those findings are told of together that are about VMs in vaults, and the VMs' names."""
    vms = [vm for finding in alike if (vm := _VM.fullmatch(finding.label))]
    vaults = {vm["vault"] for vm in vms}
    where = f" in {vaults.pop()}" if len(vaults) == 1 else ""
    return f"{len(vms):,} VMs{where}", [vm["name"] for vm in vms]


def _scripts(alike: Sequence[Finding]) -> tuple[str, list[str]]:
    """The same of those that are about scripts in VMs."""
    found = [script for finding in alike if (script := _SCRIPT.fullmatch(finding.label))]
    scripts = sorted({script["script"] for script in found})
    return f"script {' and '.join(scripts)} in {len(found):,} VMs", [script["name"] for script in found]
