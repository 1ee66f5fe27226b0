"""What is looked at in the networks of VMs: whether their backups could go over them, where they have to.

A way that is blocked is good to know of most VMs, because the platform takes the snapshots of managed disks; it is a
warning of those that are known to need it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from backup_reconciler.plan.address import network_address
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.network.access import Access, Barrier
from backup_reconciler.plan.network.verdict import Verdict
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Said
from backup_reconciler.plan.readiness.not_known import not_known
from backup_reconciler.plan.readiness.reach import Obstacle, Reach
from backup_reconciler.spec.rules.readiness import NETWORK_BLOCKED, NETWORK_NOT_KNOWN, NO_WAY_OUT
from backup_reconciler.state.not_read import NotRead

_KINDS = {
    "security rule": "network security group",
    "route": "route table",
    "subnet": "subnet",
    "firewall": "Azure Firewall",
}
_NOTHING = "nothing needs doing, unless its backups fail with ExtensionSnapshotFailedNoNetwork"


def said_of_networks(
    reaches: Iterable[Reach], unread: Mapping[str, NotRead]
) -> Iterator[tuple[Said, Sequence[Candidate]]]:
    """All that there is to say; `unread` are the networks that could not be read, by subscription."""
    for reach in reaches:
        subscription = reach.candidate.subscription
        if reach.seen:
            said = _said_of_verdicts(reach)
        elif subscription in unread:
            where = f"Subscription/{subscription}", f"subscription {subscription}"
            said = iter([not_known("the network of its VMs", unread[subscription], *where, _severity(reach))])
        else:
            message = "its primary network interface cannot be seen, so what it reaches is not known"
            said = iter([Said(NETWORK_NOT_KNOWN, _severity(reach), message, _instead(reach, "unseen"))])
        for one in said:
            yield one, [reach.candidate]


def _said_of_verdicts(reach: Reach) -> Iterator[Said]:
    stopped: dict[Barrier, list[Verdict]] = defaultdict(list)
    unseen: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in reach.lacking:
        for barrier in verdict.barriers:
            stopped[barrier].append(verdict)
        if verdict.access is Access.UNKNOWN:
            unseen[verdict.way].append(verdict)
    for barrier, verdicts in stopped.items():
        yield _blocked(reach, barrier, verdicts)
    for way, verdicts in unseen.items():
        message = f"whether {destinations(verdicts)} can be reached is not known: {way}{_because(reach)}"
        severity = Severity.INFO if reach.proven else _severity(reach)
        yield Said(NETWORK_NOT_KNOWN, severity, message, _instead(reach, "unseen"))


def _blocked(reach: Reach, barrier: Barrier, verdicts: Sequence[Verdict]) -> Said:
    part = " in part" if all(one.access is Access.PARTLY for one in verdicts) else ""
    message = f"{destinations(verdicts)} cannot be reached{part}: {barrier.words}{_because(reach)}"
    rule = NO_WAY_OUT if barrier.kind == "subnet" else NETWORK_BLOCKED
    said = Said(rule, _severity(reach), message, _instead(reach, barrier.kind))
    return said.about(network_address(barrier.resource), f"{_KINDS[barrier.kind]} {barrier.resource.name}")


def destinations(verdicts: Iterable[Verdict]) -> str:
    """`AzureBackup, Storage.japaneast, AzureActiveDirectory (port 443)`."""
    by_port: dict[int, list[str]] = defaultdict(list)
    for one in verdicts:
        by_port[one.port].append(one.destination)
    return ", ".join(f"{', '.join(names)} (port {port})" for port, names in by_port.items())


def _severity(reach: Reach) -> Severity:
    return Severity.WARNING if reach.need else Severity.INFO


def _because(reach: Reach) -> str:
    return f"; {reach.need}" if reach.need else ""


def _instead(reach: Reach, obstacle: Obstacle) -> str:
    """What to do in the place of the rule's advice."""
    if opening := reach.opened_by(obstacle):
        return f"run apply: {opening} opens it"
    if reach.documents and obstacle != "subnet":
        return f"see what a plan says of {reach.documents[0]}, or change what stops them"
    return "" if reach.need else _NOTHING
