"""Scripts that a document wishes to have run: in each of its VMs, and in the VM that is the proxy."""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.plan.address import run_command_address
from backup_reconciler.plan.outbound.proxy.script import Script, open_firewall, set_proxy
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.outbound import Proxy, owned_name
from backup_reconciler.state.snapshot import MOST_ASKED_FOR
from backup_reconciler.state.vm import LiveVM

_SETTINGS, _FIREWALL = "proxy", "proxy-in"
"""The parts of the names of run commands: what makes a VM use the proxy, and what opens the proxy's own firewall."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A script that is wished for in a VM."""

    document: Outbound
    vm: LiveVM
    name: str
    """Of the run command."""
    script: Script | None
    """None where it is not known which system the VM runs."""
    lets_out: bool = True
    """Whether the VM's own way out is what it is about."""

    @property
    def command(self) -> ArmId:
        return self.vm.id.child("runCommands", self.name)

    @property
    def address(self) -> str:
        return run_command_address(self.vm.id, self.name)

    @property
    def label(self) -> str:
        return script_label(self.command)


def script_label(command: ArmId) -> str:
    """What a plan calls the script of a run command."""
    return f"script {command.name} in {command.parent(2).name}"


def proxy_of(document: Outbound) -> Proxy:
    """The block of a document whose method is proxy."""
    assert document.spec.proxy is not None, "the validator asks for the block of the method"
    return document.spec.proxy


def proxy_vm(document: Outbound) -> ArmId | None:
    stated = proxy_of(document).vm
    return ArmId(stated) if stated else None


def clients(document: Outbound, targets: Targets) -> list[LiveVM]:
    """The VMs that are made to use the proxy. The proxy itself does not go through the proxy."""
    itself = proxy_vm(document)
    return [vm for vm in targets.vms_of(document) if vm.id != itself]


def errands(document: Outbound, targets: Targets) -> Iterator[Errand]:
    """What a document that is to be present wishes for."""
    proxy, itself = proxy_of(document), proxy_vm(document)
    for vm in clients(document, targets):
        script = set_proxy(vm.os, document.handle, proxy) if vm.os else None
        yield Errand(document, vm, owned_name(document.handle, _SETTINGS), script)
    known = targets.known.get(itself) if itself else None
    if known and known.os == "Windows":
        script = open_firewall(document.handle, proxy)
        yield Errand(document, known, owned_name(document.handle, _FIREWALL), script, lets_out=False)


def are_asked_for(document: Outbound, targets: Targets) -> bool:
    """Whether each VM of a document that is to be absent is asked for what is left there, whatever a list shows."""
    return len(targets.vms_of(document)) <= MOST_ASKED_FOR


def names_of(document: Outbound) -> frozenset[str]:
    """The names, in lower case, of all run commands that a document can have written."""
    return frozenset(owned_name(document.handle, part).casefold() for part in (_SETTINGS, _FIREWALL))


def is_for_firewall(name: str) -> bool:
    """Whether the run command of this name opens a proxy's own firewall."""
    return name.casefold().endswith(f"-{_FIREWALL}")
