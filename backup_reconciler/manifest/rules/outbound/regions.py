"""Rules of the regions that destinations name, against those of the vaults that the VMs are backed up to."""

from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.names import is_region
from backup_reconciler.manifest.rules.outbound.destinations import is_destination, stated
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.document import FieldPath, by_handle
from backup_reconciler.spec.outbound import OutboundAccessSpec, Traffic
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.outbound import SERVICE_TAG_REGION
from backup_reconciler.spec.service_tag import STORAGE_OF_THE_REGION, region_of
from backup_reconciler.spec.vault import VaultSpec

Backup = tuple[Declared[AssignmentSpec], Declared[VaultSpec]]
"""An assignment, and a vault that its VMs are backed up to."""


def service_tag_region(collected: Collected) -> Iterator[Problem]:
    """Tells each region that no tag covers. A VM is in the region of its vault: that is how its region is known."""
    assignments = by_handle(collected.assignments)
    vaults = by_handle(vault for vault in collected.vaults if is_region(vault.spec.location))
    for document in collected.outbound:
        if document.spec.state == "present":
            named = [assignments.get(handle.casefold()) for handle in document.spec.for_.assignments or ()]
            backups = [
                (assignment, vaults[handle.casefold()])
                for assignment in named
                if assignment is not None
                for handle in assignment.spec.vault_handles()
                if handle.casefold() in vaults
            ]
            for path, traffic in stated(document):
                yield from _not_covered(document, path, traffic, backups)


def _not_covered(
    document: Declared[OutboundAccessSpec], path: FieldPath, traffic: Traffic, backups: list[Backup]
) -> Iterator[Problem]:
    tags = traffic.destinations
    regional = {region: index for index, tag in enumerate(tags) if (region := region_of(tag))}
    if not regional or not {"Storage", STORAGE_OF_THE_REGION}.isdisjoint(tags) or not all(map(is_destination, tags)):
        return
    first = min(regional.values())
    told = set(regional)
    for assignment, vault in backups:
        region = vault.spec.location
        if region not in told:
            told.add(region)
            what = f"{quoted(tags[first])} is not of {quoted(region)}, the region in which {assignment} is backed up"
            remedy = f'write "Storage.{region}" or "{STORAGE_OF_THE_REGION}"'
            also = vault.written.tree.place(("spec", "location"))
            yield document.problem(SERVICE_TAG_REGION, (*path, "destinations", first), what, remedy, also=also)


RULES = (service_tag_region,)
