"""Which run commands have to be read to plan the proxies that are declared."""

from backup_reconciler.plan.outbound.proxy.errand import are_asked_for, errands, names_of
from backup_reconciler.plan.outbound.scope import network_scope
from backup_reconciler.plan.outbound.targets import Targets
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.network.run_command import RunCommandScope
from backup_reconciler.state.snapshot import Snapshot


def run_command_scope(manifests: Manifests, snapshot: Snapshot) -> RunCommandScope:
    """What to read, once the VMs are known; nothing where no proxy is declared."""
    documents = [one for one in manifests.outbound if one.spec.method == "proxy"]
    if not documents or snapshot.network is None:
        return RunCommandScope()
    targets = Targets.of(manifests, snapshot, snapshot.network)
    present = [one for one in documents if one.spec.state == "present"]
    absent = [one for one in documents if one.spec.state == "absent"]
    wished = [errand for document in present for errand in errands(document, targets)]
    return RunCommandScope(
        subscriptions=network_scope(manifests).status_subscriptions,
        scripts={errand.command: errand.script.text for errand in wished if errand.script},
        leaving=frozenset(name for one in absent for name in names_of(one)),
        sought=frozenset(
            errand.command for one in absent if are_asked_for(one, targets) for errand in errands(one, targets)
        ),
    )
