"""What there is to say where a script cannot be run, or may not come through."""

from collections.abc import Iterator

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.address import run_command_address
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.proxy.errand import script_label
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.network import OWNED_CHANGED, OWNED_NAME_TAKEN
from backup_reconciler.spec.rules.proxy import SCRIPT_AGENT, SCRIPT_POWER, SCRIPT_SHOWN, SCRIPT_SYSTEM
from backup_reconciler.state.network.run_command import RunCommand
from backup_reconciler.state.snapshot import MOST_ASKED_FOR
from backup_reconciler.state.vm_status import VMStatus


def about(
    command: ArmId,
    document: Outbound,
    rule: Rule,
    severity: Severity,
    message: str,
    drift: DriftState | None = None,
    changes: tuple[Change, ...] = (),
) -> Finding:
    """A finding about a run command."""
    address, label = run_command_address(command.parent(2), command.name), script_label(command)
    place = document.place_of("proxy")
    return Finding(rule, severity, address, label, message, place, drift, changes)


def not_ours(found: RunCommand, document: Outbound) -> Finding | None:
    """The finding for somebody else's run command under a name of ours."""
    mark = Mark.read(found.script or "")
    if mark is not None and mark.handle.casefold() == document.handle.casefold():
        return None
    whose = f"the mark of another document, OutboundAccess/{mark.handle}" if mark else "no mark of ours"
    message = f"there is a run command of this name, and its script has {whose}"
    return about(found.id, document, OWNED_NAME_TAKEN, Severity.BLOCKED, message, DriftState.DIFFERS)


def changed(found: RunCommand, document: Outbound) -> Finding:
    """Of a script that is to be undone, and of which nobody knows what it did."""
    message = "somebody changed its script since it was written, so it is left, and nothing is undone"
    return about(found.id, document, OWNED_CHANGED, Severity.WARNING, message)


def obstacle(
    command: ArmId,
    document: Outbound,
    status: VMStatus | None,
    drift: DriftState,
    changes: tuple[Change, ...] = (),
) -> Finding | None:
    """What keeps Azure from taking a script: the VM does not run."""
    if status is None or status.power in (None, "running"):
        return None
    message = f"the VM is {status.power}, so no script can be sent into it"
    return about(command, document, SCRIPT_POWER, Severity.BLOCKED, message, drift, changes)


def doubts(command: ArmId, document: Outbound, status: VMStatus | None) -> Iterator[Finding]:
    """What may keep a script that Azure takes from being carried out."""
    if status is not None and status.agent is not None and status.agent.version is None:
        message = "the VM's agent does not report"
        yield about(command, document, SCRIPT_AGENT, Severity.WARNING, message)


def as_shown(document: Outbound) -> Finding:
    """Of a document that means too many VMs for each to be asked what is left there."""
    name, place = str(document), document.place_of("state")
    message = (
        f"it means more than {MOST_ASKED_FOR} VMs, so what Resource Graph shows is undone; what it does not show yet, "
        "a later run finds"
    )
    return Finding(SCRIPT_SHOWN, Severity.INFO, name, name, message, place)


def system_unknown(command: ArmId, document: Outbound) -> Finding:
    message = "Azure does not tell whether the VM runs Linux or Windows"
    return about(command, document, SCRIPT_SYSTEM, Severity.BLOCKED, message, DriftState.MISSING)
