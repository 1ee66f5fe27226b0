"""Rules of which document a VM belongs to, as far as ids and selections tell it without Azure."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.manifest.rules.names import is_resource_group
from backup_reconciler.manifest.rules.selection import Selecting
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath, by_handle
from backup_reconciler.spec.limits import MOST_VMS
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.resource_type import VIRTUAL_MACHINE
from backup_reconciler.spec.rules.exemption import EXEMPTION_CLASH
from backup_reconciler.spec.rules.protection import SELECT_CONTRADICTION, VM_CLAIMED_TWICE, VMS_PER_VAULT
from backup_reconciler.spec.selector import Selector, id_test, is_told_by_id

_IDS: FieldPath = ("spec", "select", "ids")
_SELECT: FieldPath = ("spec", "select")


def select_contradiction(document: Selecting) -> Iterator[Problem]:
    """An id that the selection's other keys, or the exclusion's, take away."""
    select, exclude = document.spec.select, document.spec.exclude
    if select.ids is None:
        return
    tests = {key: id_test(Selector.model_validate({key: texts})) for key, texts in _other_keys(select)}
    excluded = id_test(exclude) if exclude is not None and is_told_by_id(exclude) else None
    for index, text in enumerate(select.ids):
        if id_fault(text, VIRTUAL_MACHINE):  # which is told as such
            continue
        vm = ArmId(text)
        key = next((key for key, wanted in tests.items() if not wanted(vm)), None)
        if key is not None:
            what, also = f"select.{key} leaves {quoted(vm.name)} out", document.written.tree.place((*_SELECT, key))
            yield document.problem(SELECT_CONTRADICTION, (*_IDS, index), what, also=also)
        elif excluded is not None and excluded(vm):
            what, also = f"the exclusion takes {quoted(vm.name)} away", document.written.tree.place(("spec", "exclude"))
            yield document.problem(SELECT_CONTRADICTION, (*_IDS, index), what, also=also)


def _other_keys(select: Selector) -> Iterator[tuple[str, list[str]]]:
    """What else a selection says of a VM's id, but for what cannot be part of one, which is told as such."""
    stated = select.stated()
    for key, fits in (
        ("subscriptions", forms.SUBSCRIPTION.fits),
        ("resourceGroups", is_resource_group),
        ("names", bool),
    ):
        if key in stated and all(map(fits, stated[key])):
            yield key, stated[key]


def vm_claimed_twice(collected: Collected) -> Iterator[Problem]:
    """VMs that two assignments name by id. Of two patterns only Azure can tell whether they meet."""
    first: dict[ArmId, tuple[FieldPath, Declared[AssignmentSpec]]] = {}
    for assignment in collected.assignments:
        for path, vm in _named_for_certain(assignment):
            other_path, other = first.setdefault(vm, (path, assignment))
            if other is not assignment:
                also = other.written.tree.place(other_path)
                yield assignment.problem(VM_CLAIMED_TWICE, path, f"{other} selects {quoted(vm.name)} too", also=also)


def same_selection_twice(collected: Collected) -> Iterator[Problem]:
    """Two assignments of one selection meet in every VM that there is, whatever it is."""
    vaults = {handle: vault.spec.subscription.casefold() for handle, vault in by_handle(collected.vaults).items()}
    first: dict[str, Declared[AssignmentSpec]] = {}
    for assignment in collected.assignments:
        meaning = _meaning(assignment, vaults)
        if meaning is None or assignment.spec.select.ids is not None:  # ids are told VM by VM
            continue
        other = first.setdefault(meaning, assignment)
        if other is not assignment:
            also = other.written.tree.place(_SELECT)
            what, remedy = f"{other} selects the same VMs", "remove one of the two, or let them select different VMs"
            yield assignment.problem(VM_CLAIMED_TWICE, _SELECT, what, remedy, also=also)


def assigned_and_exempt(collected: Collected) -> Iterator[Problem]:
    """VMs that are actively protected and exempt; one whose backups have ended may well be exempt."""
    assigned = {
        vm: (path, assignment)
        for assignment in collected.assignments
        if assignment.spec.protection == "active"
        for path, vm in _named_for_certain(assignment)
    }
    for exemption in collected.exemptions:
        for path, vm in _named_for_certain(exemption):
            if vm in assigned:
                other_path, other = assigned[vm]
                also = other.written.tree.place(other_path)
                yield exemption.problem(EXEMPTION_CLASH, path, f"{other} protects {quoted(vm.name)}", also=also)


def vms_per_vault(collected: Collected) -> Iterator[Problem]:
    """Counts what is named by id; patterns may select more."""
    named: dict[str, set[ArmId]] = defaultdict(set)
    for assignment in collected.assignments:
        if assignment.spec.vault is None or assignment.spec.protection == "deleted":
            continue
        vms = named[assignment.spec.vault.casefold()]
        before = len(vms)
        vms.update(vm for _, vm in _named_for_certain(assignment))
        if before <= MOST_VMS < len(vms):
            what = f"{len(vms)} VMs are named for the vault {quoted(assignment.spec.vault)}, not at most {MOST_VMS:,}"
            yield assignment.problem(VMS_PER_VAULT, _IDS, what)


def _named_for_certain(document: Selecting) -> Iterator[tuple[FieldPath, ArmId]]:
    """The VMs that a document names by id and that nothing else in it can take away."""
    select, exclude = document.spec.select, document.spec.exclude
    if select.ids is None or not is_told_by_id(select) or (exclude is not None and not is_told_by_id(exclude)):
        return
    wanted = id_test(select)
    excluded = id_test(exclude) if exclude is not None else None
    for index, text in enumerate(select.ids):
        vm = ArmId(text)
        if id_fault(text, VIRTUAL_MACHINE) is None and wanted(vm) and not (excluded and excluded(vm)):
            yield (*_IDS, index), vm


def _meaning(assignment: Declared[AssignmentSpec], vaults: Mapping[str, str]) -> str | None:
    """What a selection says and where it looks for VMs, in one form; None where a vault is not declared.

    `vaults` has the subscription of each vault by its handle.
    """
    homes = [vaults.get(handle.casefold()) for handle in assignment.spec.vault_handles()]
    if not homes or None in homes:
        return None
    select, exclude = assignment.spec.select, assignment.spec.exclude
    looked_in = [] if select.subscriptions else sorted({home for home in homes if home})
    return json.dumps([looked_in, _plain(select), _plain(exclude) if exclude else None], sort_keys=True)


def _plain(selector: Selector) -> dict[str, object]:
    """A selector without order, and without letter case where Azure ignores it: tag values keep theirs."""
    stated = selector.stated()
    plain: dict[str, object] = {
        name: sorted({text.casefold() for text in texts}) for name, texts in stated.items() if name != "tags"
    }
    for name, wanted in stated.get("tags", {}).items():
        plain[f"tag {name.casefold()}"] = sorted(set(wanted)) if isinstance(wanted, list) else wanted
    return plain


OF_SELECTIONS = (select_contradiction,)
RULES = (vm_claimed_twice, same_selection_twice, assigned_and_exempt, vms_per_vault)
