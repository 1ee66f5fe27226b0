"""Planning that what scripts wrote into VMs is taken away again.

A run command is given the script that undoes, and is deleted once that has done well: where it fails, its result is
there to be read, and the next run has it run again.
"""

from collections.abc import Iterable, Sequence

from backup_reconciler.plan.action import Change, DeleteRunCommand, RunScript
from backup_reconciler.plan.address import run_command_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState
from backup_reconciler.plan.outbound.proxy.errand import is_for_firewall, names_of, script_label
from backup_reconciler.plan.outbound.proxy.outcome import told
from backup_reconciler.plan.outbound.proxy.remarks import changed, doubts, not_ours, obstacle
from backup_reconciler.plan.outbound.proxy.script import Script, close_firewall, is_intact, system_of, unset_proxy
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand

_EFFECTS = {
    "Linux": "not touched; the VM goes out without the proxy from then on, and its agent is restarted",
    "Windows": "not touched; the VM goes out without the proxy from then on",
}
_EFFECT_ON_PROXY = "not touched; the proxy's own firewall does not let its port through any more"


def written_by(document: Outbound, network: Network) -> list[RunCommand]:
    """The run commands that bear the names which the document gives."""
    names = names_of(document)
    return [network.run_commands[id_] for id_ in sorted(network.run_commands) if id_.name.casefold() in names]


def plan_undoing(found: Sequence[RunCommand], document: Outbound, network: Network, draft: Draft) -> list[RunCommand]:
    """Undo and delete the run commands that a document wrote, those of the proxy last; gives those that are undone."""
    undone: list[RunCommand] = []
    for one in sorted(found, key=lambda one: is_for_firewall(one.id.name)):
        foreign = not_ours(one, document)
        if foreign is not None:
            draft.find(foreign)
        elif not is_intact(one.script or ""):
            draft.find(changed(one, document))
        else:
            _undo(one, document, network, draft, addresses(undone) if is_for_firewall(one.id.name) else ())
            undone.append(one)
    return undone


def addresses(commands: Iterable[RunCommand]) -> list[str]:
    """What these run commands are called in a plan."""
    return [run_command_address(one.vm, one.id.name) for one in commands]


def _undo(found: RunCommand, document: Outbound, network: Network, draft: Draft, after: Sequence[str]) -> None:
    script, status = _undoing(found, document), network.statuses.get(found.vm)
    bar = obstacle(found.id, document, status, DriftState.UNWANTED)
    if bar is not None:
        draft.find(bar)
        return
    for finding in doubts(found.id, document, status):
        draft.find(finding)
    address, label, place = run_command_address(found.vm, found.id.name), script_label(found.id), document.place
    effect = _EFFECT_ON_PROXY if is_for_firewall(found.id.name) else _EFFECTS[system_of(found.script or "")]
    needs = [*after]
    if not (found.script == script.text and found.succeeded):
        undoing = RunScript(
            address=address,
            label=label,
            changes=_failed(found, document),
            data_effect=effect,
            place=place,
            command=found.id,
            location=found.location,
            script=script.text,
            found=found,
            undoes=True,
        )
        needs.append(draft.act(undoing, *after))
    deleting = DeleteRunCommand(
        address=address,
        label=f"run command {found.id.name} in {found.vm.name}",
        changes=(),
        data_effect="not touched",
        place=place,
        command=found.id,
        script=script.text,
    )
    draft.act(deleting, *needs)


def _undoing(found: RunCommand, document: Outbound) -> Script:
    if is_for_firewall(found.id.name):
        return close_firewall(document.handle)
    return unset_proxy(system_of(found.script or ""), document.handle)


def _failed(found: RunCommand, document: Outbound) -> tuple[Change, ...]:
    if found.succeeded:
        return ()
    return (Change("result", told(found), "what it wrote is taken away", document.place_of("state")),)
