"""VMs that several documents would make use a proxy, of which each VM can have one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.proxy.errand import clients
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.plan.outbound.words import some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.proxy import PROXY_TWICE


def meant_twice(documents: Sequence[Outbound], targets: Targets) -> Iterator[Finding]:
    """A finding for each document that means VMs which others mean as well: nobody knows which proxy is to count."""
    by_vm = defaultdict[ArmId, list[Outbound]](list)
    for document in documents:
        for vm in clients(document, targets):
            by_vm[vm.id].append(document)
    for document in documents:
        shared = [vm for vm, meant_by in by_vm.items() if len(meant_by) > 1 and document in meant_by]
        if shared:
            others = {str(other): None for vm in shared for other in by_vm[vm] if other is not document}
            message = f"{some_of(list(others))} would make {some_of([vm.name for vm in shared])} use a proxy as well"
            name, place = str(document), document.place_of("for")
            yield Finding(PROXY_TWICE, Severity.BLOCKED, name, name, message, place, resources=tuple(shared))
