"""What there is to say of the way to the proxy, and of the VM that it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.network.access import Access
from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.verdict import Verdicts
from backup_reconciler.plan.outbound.proxy.errand import proxy_of, proxy_vm
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.plan.outbound.words import some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.proxy import PROXY_ADDRESS, PROXY_REACHED, PROXY_VM
from backup_reconciler.state.network.network import Network


def about_proxy(document: Outbound, path: Path | None, targets: Targets) -> Iterator[Finding]:
    """What is odd about the VM that is the proxy. `path` is its own, where that is known."""
    itself, host = proxy_vm(document), _address(proxy_of(document).host)
    if itself is None:
        return
    if itself not in targets.known:
        message = f"there is no VM {itself.name} in resource group {itself.resource_group}, or it is not shown"
        yield _finding(PROXY_VM, Severity.BLOCKED, document, message, "vm")
    elif path is None:
        message = f"no IPv4 address of {itself.name} in a subnet that is read was found, so nothing is opened for it"
        yield _finding(PROXY_VM, Severity.WARNING, document, message, "vm")
    elif host is not None and str(host) != path.address:
        message = f"host is {host}, and {itself.name} has {path.address}"
        yield _finding(PROXY_ADDRESS, Severity.WARNING, document, message, "host")


def not_reached(document: Outbound, clients: Sequence[ArmId], network: Network) -> Iterator[Finding]:
    """Which VMs do not get to the proxy, and what keeps them. Where it has a name, nobody looks up what that is."""
    proxy = proxy_of(document)
    host = _address(proxy.host)
    if host is None:
        return
    verdicts, kept = Verdicts(network), defaultdict[str, list[ArmId]](list)
    for vm in clients:
        path = Path.of(vm, network)
        found = verdicts.of(path, str(host), proxy.port) if path else None
        if found and found.access in (Access.BLOCKED, Access.PARTLY):
            kept["; ".join(barrier.words for barrier in found.barriers)].append(vm)
    for words, vms in sorted(kept.items()):
        message = f"the way to {host} on port {proxy.port} is blocked for {some_of([vm.name for vm in vms])}: {words}"
        yield _finding(PROXY_REACHED, Severity.WARNING, document, message, "host", resources=tuple(vms))


def _address(host: str) -> IPv4Address | None:
    try:
        return IPv4Address(host)
    except AddressValueError:
        return None


def _finding(
    rule: Rule, severity: Severity, document: Outbound, message: str, field: str, resources: tuple[ArmId, ...] = ()
) -> Finding:
    name, place = str(document), document.place_of("proxy", field)
    return Finding(rule, severity, name, name, message, place, resources=resources)
