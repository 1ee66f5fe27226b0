"""What earlier runs wrote into VMs and no document wishes for: it is told, and left."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.proxy.errand import script_label
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.outbound.words import some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.network import OWNED_LEFT
from backup_reconciler.state.network.network import Network


def left(declared: Sequence[Outbound], spoken_of: Collection[ArmId], network: Network) -> Iterator[Finding]:
    """A finding for each document that wrote such run commands, declared or not."""
    documents = {one.handle.casefold(): one for one in declared}
    for name, commands in _by_document(spoken_of, network).items():
        document = documents.get(name.casefold())
        why = "nothing that it declares needs" if document else "it declares no proxy here, and wrote"
        address = f"OutboundAccess/{name}"
        place = document.place if document else None
        message = f"{why} {some_of([script_label(command) for command in commands])}"
        yield Finding(OWNED_LEFT, Severity.INFO, address, address, message, place, resources=tuple(commands))


def _by_document(spoken_of: Collection[ArmId], network: Network) -> Mapping[str, list[ArmId]]:
    found: dict[str, list[ArmId]] = defaultdict(list)
    for id_ in sorted(network.run_commands):
        mark = Mark.read(network.run_commands[id_].script or "")
        if mark is not None and id_ not in spoken_of:
            found[mark.handle].append(id_)
    return found
