"""Planning outbound access by a proxy."""

from collections.abc import Iterator, Sequence

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.proxy.errand import errands
from backup_reconciler.plan.outbound.proxy.left import left
from backup_reconciler.plan.outbound.proxy.running import plan_script
from backup_reconciler.plan.outbound.proxy.undoing import plan_undoing, written_by
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network


def plan_proxies(
    documents: Sequence[Outbound], targets: Targets, network: Network, draft: Draft
) -> Iterator[tuple[ArmId, str]]:
    """Decide what to do for the documents of this method; gives VMs with the ids of the actions that let them out."""
    spoken_of: set[ArmId] = set()
    for document in documents:
        if document.spec.state == "absent":
            written = written_by(document, network)
            plan_undoing(written, document, network, draft)
            spoken_of |= {one.id for one in written}
            if not written:
                draft.same(str(document), str(document), "no run command of it is there")
            continue
        for errand in errands(document, targets):
            spoken_of.add(errand.command)
            action = plan_script(errand, network, draft)
            if action is not None and errand.lets_out:
                yield errand.vm.id, action
    for finding in left(documents, spoken_of, network):
        draft.find(finding)
