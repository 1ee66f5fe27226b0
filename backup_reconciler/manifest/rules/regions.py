"""Rules of regions across documents: a VM is backed up to a vault in its own region."""

from collections import defaultdict
from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.names import is_region
from backup_reconciler.manifest.rules.references import named_vaults
from backup_reconciler.manifest.words import either, quoted
from backup_reconciler.spec.document import FieldPath, by_handle
from backup_reconciler.spec.limits import MOST_VAULTS
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.protection import REGION_CHOICE, VM_REGION
from backup_reconciler.spec.rules.vault import VAULTS_PER_REGION
from backup_reconciler.spec.vault import VaultSpec

Candidate = tuple[FieldPath, Declared[VaultSpec]]
"""A vault that an assignment names, and the place where it does."""


def one_vault_for_a_region(collected: Collected) -> Iterator[Problem]:
    for assignment, candidates in _candidates(collected):
        first: dict[str, Candidate] = {}
        for path, vault in candidates:
            other_path, other = first.setdefault(vault.spec.location, (path, vault))
            if other is not vault:
                what = f"{quoted(vault.handle)} is in {vault.spec.location}, as {quoted(other.handle)} is"
                also = assignment.written.tree.place(other_path)
                yield assignment.problem(REGION_CHOICE, path, what, also=also)


def locations_have_a_vault(collected: Collected) -> Iterator[Problem]:
    for assignment, candidates in _candidates(collected):
        regions = {vault.spec.location: vault for _, vault in candidates}
        for index, location in enumerate(assignment.spec.select.locations or ()):
            if location not in regions and is_region(location):  # what is no region is told as such
                vault = next(iter(regions.values()))
                where = f"the vault is in {either(sorted(regions))}" if len(regions) == 1 else "no vault is there"
                what = f"VMs of {location} are selected, and {where}"
                path, also = ("spec", "select", "locations", index), vault.written.tree.place(("spec", "location"))
                yield assignment.problem(VM_REGION, path, what, "remove the region, or name a vault in it", also=also)


def vaults_per_region(collected: Collected) -> Iterator[Problem]:
    together: dict[tuple[str, str], list[Declared[VaultSpec]]] = defaultdict(list)
    for vault in collected.vaults:
        if vault.spec.state == "present":
            together[vault.spec.subscription.casefold(), vault.spec.location].append(vault)
    for (_, location), vaults in together.items():
        if len(vaults) > MOST_VAULTS:
            what = f"{len(vaults)} vaults are declared in {location} of one subscription, not at most {MOST_VAULTS}"
            yield vaults[MOST_VAULTS].problem(VAULTS_PER_REGION, ("spec", "location"), what)


def _candidates(collected: Collected) -> Iterator[tuple[Declared[AssignmentSpec], list[Candidate]]]:
    """Each assignment whose vaults are all declared, and in a region, with these."""
    vaults = by_handle(vault for vault in collected.vaults if is_region(vault.spec.location))
    for assignment in collected.assignments:
        named = list(named_vaults(assignment))
        known = [(path, vaults[handle.casefold()]) for path, handle in named if handle.casefold() in vaults]
        if known and len(known) == len(named):
            yield assignment, known


RULES = (one_vault_for_a_region, locations_have_a_vault, vaults_per_region)
