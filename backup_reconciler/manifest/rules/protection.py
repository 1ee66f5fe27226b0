"""Rules of kind VMAssignment."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.names import is_guid, is_region, is_resource_group
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.arm_id import is_vm_id
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.protection import AssignmentSpec, Selector
from backup_reconciler.spec.rules.protection import POLICY_NEEDED, SELECT_EMPTY, VM_ID
from backup_reconciler.spec.rules.value import REGION_NAME, RESOURCE_GROUP_NAME, SUBSCRIPTION_ID


def policy_needed(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    if assignment.spec.protection == "active" and assignment.spec.policy is None:
        yield assignment.problem(POLICY_NEEDED, ("spec", "policy"), "is missing, and protection is active")


def select_empty(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    for path, selector in _selectors(assignment):
        if not selector.stated():
            yield assignment.problem(SELECT_EMPTY, path, "the selection is empty")
        elif selector.tags == {}:
            yield assignment.problem(SELECT_EMPTY, (*path, "tags"), "no tag is named", "name a tag, or leave tags out")


def select_subscriptions(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    for path, text in _items(assignment, "subscriptions"):
        if not is_guid(text):
            yield assignment.problem(SUBSCRIPTION_ID, path, f"{quoted(text)} is not the id of a subscription")


def select_resource_groups(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    for path, text in _items(assignment, "resourceGroups"):
        if not is_resource_group(text):
            what = f"{quoted(text)} cannot be the name of a resource group"
            remedy = "wildcards work in names only" if {"*", "?"} & set(text) else ""
            yield assignment.problem(RESOURCE_GROUP_NAME, path, what, remedy)


def select_locations(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    for path, text in _items(assignment, "locations"):
        if not is_region(text):
            yield assignment.problem(REGION_NAME, path, f"{quoted(text)} is not the name of a region")


def select_ids(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    for path, text in _items(assignment, "ids"):
        if not is_vm_id(text):
            remedy = "" if "/" in text else f"put a VM's name into names, or {VM_ID.remedy}"
            yield assignment.problem(VM_ID, path, f"{quoted(text)} is not the id of a VM", remedy)


def _selectors(assignment: Declared[AssignmentSpec]) -> Iterator[tuple[FieldPath, Selector]]:
    yield ("spec", "select"), assignment.spec.select
    if assignment.spec.exclude is not None:
        yield ("spec", "exclude"), assignment.spec.exclude


def _items(assignment: Declared[AssignmentSpec], key: str) -> Iterator[tuple[FieldPath, str]]:
    """The items of one list of both selections, each with its path."""
    for path, selector in _selectors(assignment):
        for index, text in enumerate(selector.stated().get(key, ())):
            yield (*path, key, index), text


RULES = (policy_needed, select_empty, select_subscriptions, select_resource_groups, select_locations, select_ids)
