"""Why a selection means a VM, or which of its keys leaves it out; the matching itself is `selection.matching`'s."""

from collections.abc import Sequence

from backup_reconciler.plan.selection.matching import Selecting, ids_of, selected_by_id, tests_by_key
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.selector import Selector, TagPresence
from backup_reconciler.state.vm import LiveVM

_WANTED_SHOWN = 5


def judged(spec: Selecting, vm: LiveVM) -> tuple[bool, str]:
    """Whether a selection means a VM, and why; of several keys that leave it out the first."""
    for key, test in tests_by_key(spec.select).items():
        if not test(vm):
            return False, _why_not(key, spec.select, vm)
    if spec.exclude is None:
        return True, _told_keys(spec.select, vm)
    if all(test(vm) for test in tests_by_key(spec.exclude).values()):
        return False, f"its exclusion means it: {_told_keys(spec.exclude, vm)}"
    key = next(key for key, test in tests_by_key(spec.exclude).items() if not test(vm))
    return True, f"{_told_keys(spec.select, vm)}; not excluded: {_why_not(key, spec.exclude, vm)}"


def judged_by_id(spec: Selecting, vm: ArmId) -> tuple[bool, str]:
    """The same of a VM that nobody sees: it is reached by its id alone."""
    if spec.select.ids is None:
        return False, "it is not seen, and so not selected but by its id"
    if vm not in ids_of(spec.select):
        return False, _not_among(spec.select.ids)
    if selected_by_id(spec, vm):
        return True, "its id is named"
    return False, "it is not seen, and by its id alone it is not selected for certain"


def _told_keys(selector: Selector, vm: LiveVM) -> str:
    """What of the VM each key has found."""
    found = ["its id is named"] if selector.ids is not None else []
    found += [_found(key, vm) for key in tests_by_key(selector) if key != "ids"]
    return ", ".join(found)


def _why_not(key: str, selector: Selector, vm: LiveVM) -> str:
    wanted = _wanted(key, selector)
    if isinstance(wanted, TagPresence):
        return f"{_found(key, vm)}, and must {'be' if wanted.exists else 'not be'} there"
    if key == "ids":
        return _not_among(wanted)
    more = len(wanted) - _WANTED_SHOWN
    shown = " or ".join(wanted[:_WANTED_SHOWN]) + (f" or one of {more} more" if more > 0 else "")
    return f"{_found(key, vm)}, not {shown}"


def _not_among(ids: Sequence[str]) -> str:
    return f"its id is not among the {len(ids)} that are named"


def _wanted(key: str, selector: Selector) -> tuple[str, ...] | TagPresence:
    """What a key asks for, as the manifest has it."""
    if key.startswith("tags."):
        return (selector.tags or {})[key.removeprefix("tags.")]
    wanted = {
        "ids": selector.ids,
        "subscriptions": selector.subscriptions,
        "resourceGroups": selector.resource_groups,
        "names": selector.names,
        "locations": selector.locations,
    }[key]
    return wanted or ()


def _found(key: str, vm: LiveVM) -> str:
    """What the VM has of a key."""
    match key:
        case "subscriptions":
            return f"its subscription is {vm.id.subscription}"
        case "resourceGroups":
            return f"its resource group is {vm.id.resource_group}"
        case "names":
            return f"its name is {vm.name}"
        case "locations":
            return f"its region is {vm.location}"
    return f"{key} is {vm.tags.get(key.removeprefix('tags.').casefold(), 'not set') or 'empty'}"
