"""Planning one script that is wished for in a VM."""

from collections.abc import Collection, Iterator

from backup_reconciler.plan.action import Change, RunScript
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState
from backup_reconciler.plan.outbound.proxy.errand import Errand
from backup_reconciler.plan.outbound.proxy.outcome import told
from backup_reconciler.plan.outbound.proxy.remarks import doubts, not_ours, obstacle, system_unknown
from backup_reconciler.plan.outbound.proxy.script import Script, assigned, is_intact, system_of
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand

_EFFECTS = {
    "Linux": "not touched; the VM goes out through the proxy from then on, and its agent is restarted",
    "Windows": "not touched; the VM goes out through the proxy from then on",
}
_EFFECT_ON_PROXY = "not touched; the proxy's own firewall lets its port through"


def plan_script(errand: Errand, network: Network, draft: Draft, needs: Collection[str] = ()) -> str | None:
    """Have the script run after what it needs, unless it has run already and did well; gives the id of the action."""
    found, status = network.run_commands.get(errand.command), network.statuses.get(errand.vm.id)
    if errand.script is None:
        draft.find(system_unknown(errand.command, errand.document))
        return None
    if found is not None and found.script == errand.script.text and found.succeeded:
        draft.same(errand.address, errand.label, "its script ran, and is as declared")
        return None
    drift = DriftState.DIFFERS if found else DriftState.MISSING
    changes = tuple(_changes(errand, errand.script, found))
    bar = found and not_ours(found, errand.document)
    bar = bar or obstacle(errand.command, errand.document, status, drift, changes)
    if bar:
        draft.find(bar)
        return None
    for finding in doubts(errand.command, errand.document, status):
        draft.find(finding)
    return draft.act(
        RunScript(
            address=errand.address,
            label=errand.label,
            changes=changes,
            data_effect=_EFFECTS[system_of(errand.script.text)] if errand.lets_out else _EFFECT_ON_PROXY,
            place=errand.document.place,
            command=errand.command,
            location=errand.vm.location,
            script=errand.script.text,
            found=found,
        ),
        *needs,
    )


def _changes(errand: Errand, wished: Script, found: RunCommand | None) -> Iterator[Change]:
    """What it sets otherwise; where that tells nothing, that the script itself is another; and how it ended."""
    at = errand.document.place_of
    before = _set_by(found)
    differing = [(name, value) for name, value in assigned(wished.text).items() if before.get(name) != value]
    for name, value in differing:
        yield Change(f"proxy.{name}", before.get(name), value, at("proxy", name))
    if found is not None and found.script != wished.text and not (before and differing):
        yield Change("script", _version(found), "as this version writes it", at("proxy"))
    if found is not None and not found.succeeded:
        yield Change("result", told(found), "the script succeeded", at("proxy"))


def _set_by(found: RunCommand | None) -> dict[str, str]:
    """What a script of ours set; nothing where somebody changed it."""
    text = found.script if found else None
    return assigned(text) if text and is_intact(text) else {}


def _version(found: RunCommand) -> str:
    return "as an earlier run wrote it" if is_intact(found.script or "") else "changed by somebody"
