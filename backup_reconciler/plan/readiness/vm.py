"""What is looked at in a VM itself: its agent, the extension of Azure Backup, whether it runs."""

import re
from collections.abc import Iterator

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Said
from backup_reconciler.spec.rules.readiness import (
    CRASH_CONSISTENT,
    NOT_KNOWN,
    SNAPSHOT_EXTENSION,
    VM_AGENT,
    VM_AGENT_VERSION,
    VM_OFF,
    VM_PROVISIONING,
)
from backup_reconciler.state.vm_status import VMStatus

OLDEST_WINDOWS_AGENT = (2, 6, 1198, 718)
"""The first that Azure Backup takes (source: Back up Azure VMs in a Recovery Services vault, Microsoft Learn)."""

_INSTALL = {
    "Windows": "where it is installed, start its services RdAgent and WindowsAzureGuestAgent; custom images and "
    "machines migrated from on-premises come without it: inside the VM, as administrator, install it from its MSI, "
    "version 2.6.1198.718 or later, https://go.microsoft.com/fwlink/?LinkID=394789",
    "Linux": "where it is installed, start its service walinuxagent or waagent; custom images and machines migrated "
    "from on-premises come without it: inside the VM install the distribution's own package and not the one on "
    "GitHub: walinuxagent (Debian, Ubuntu), WALinuxAgent (Red Hat and its kin), python-azure-agent (SUSE)",
}
"""By operating system (source: Azure Virtual Machines, Windows and Linux agent)."""


def said_of_vm(candidate: Candidate, status: VMStatus | None) -> Iterator[Said]:
    """All that there is to say of a VM; None for one of which Azure tells no status."""
    if status is None or status.power is None:
        message = "Azure does not tell whether it runs, so its agent is not known"
        yield Said(NOT_KNOWN, Severity.WARNING, message, "check again when its last change is done")
        return
    yield from _power(status)
    if candidate.without_agent:
        yield Said(CRASH_CONSISTENT, Severity.INFO, f"{candidate.policy.name} backs it up without its agent")
    else:
        yield from _agent(candidate, status)
        yield from _extension(status)
    yield from _provisioning(status)


def _power(status: VMStatus) -> Iterator[Said]:
    if status.power != "running":
        yield Said(VM_OFF, Severity.INFO, f"it is {status.power}, so its agent is not known")


def _agent(candidate: Candidate, status: VMStatus) -> Iterator[Said]:
    """A VM that is off tells nothing of its agent, and is backed up without it."""
    if status.power != "running":
        return
    version = status.agent.version if status.agent else None
    if version is None:
        message = "it runs, and no VM agent reports"
        yield Said(VM_AGENT, Severity.WARNING, message, _INSTALL.get(candidate.vm.os or "", ""))
    elif candidate.vm.os == "Windows" and _is_too_old(version):
        yield Said(VM_AGENT_VERSION, Severity.WARNING, f"its VM agent has version {version}")


def _is_too_old(version: str) -> bool:
    """Versions are compared number by number; one that is not made of numbers is let pass."""
    numbers = tuple(map(int, version.split("."))) if re.fullmatch(r"\d+(\.\d+)*", version) else OLDEST_WINDOWS_AGENT
    return numbers < OLDEST_WINDOWS_AGENT


def _extension(status: VMStatus) -> Iterator[Said]:
    if failed := status.snapshot_extension:
        yield Said(
            SNAPSHOT_EXTENSION, Severity.WARNING, _with_words(f"its extension {failed.name} failed", failed.message)
        )


def _provisioning(status: VMStatus) -> Iterator[Said]:
    if status.provisioning_failure is not None:
        message = _with_words("its provisioning state is Failed", status.provisioning_failure)
        yield Said(VM_PROVISIONING, Severity.WARNING, message)


def _with_words(what: str, azure_says: str) -> str:
    return f"{what}: {azure_says.rstrip('.')}" if azure_says else what
