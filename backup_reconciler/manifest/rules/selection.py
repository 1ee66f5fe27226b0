"""Rules of the selections of VMs, whatever kind of document makes them."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.manifest.rules.names import is_region, is_resource_group
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.resource_type import VIRTUAL_MACHINE
from backup_reconciler.spec.rules.protection import SELECT_EMPTY, VM_ID
from backup_reconciler.spec.rules.value import REGION_NAME, RESOURCE_GROUP_NAME, SUBSCRIPTION_ID
from backup_reconciler.spec.selector import Selector

Selecting = Declared[AssignmentSpec] | Declared[ExemptionSpec]


def select_empty(document: Selecting) -> Iterator[Problem]:
    for path, selector in _selectors(document):
        if not selector.stated():
            remedy = "state ids, names, tags or another key, or leave exclude out" if path[-1] == "exclude" else ""
            yield document.problem(SELECT_EMPTY, path, "the selection is empty", remedy)
        elif selector.tags == {}:
            yield document.problem(SELECT_EMPTY, (*path, "tags"), "no tag is named", "name a tag, or leave tags out")


def select_subscriptions(document: Selecting) -> Iterator[Problem]:
    for path, text in _items(document, "subscriptions"):
        if not forms.SUBSCRIPTION.fits(text):
            yield document.problem(SUBSCRIPTION_ID, path, f"{quoted(text)} is not the id of a subscription")


def select_resource_groups(document: Selecting) -> Iterator[Problem]:
    for path, text in _items(document, "resourceGroups"):
        if not is_resource_group(text):
            what = f"{quoted(text)} cannot be the name of a resource group"
            remedy = "wildcards work in names only" if {"*", "?"} & set(text) else ""
            yield document.problem(RESOURCE_GROUP_NAME, path, what, remedy)


def select_locations(document: Selecting) -> Iterator[Problem]:
    for path, text in _items(document, "locations"):
        if not is_region(text):
            yield document.problem(REGION_NAME, path, f"{quoted(text)} is not the name of a region")


def select_ids(document: Selecting) -> Iterator[Problem]:
    for path, text in _items(document, "ids"):
        fault = id_fault(text, VIRTUAL_MACHINE)
        if fault:
            remedy = fault.remedy if "/" in text else f"put a VM's name into names, or {fault.remedy}"
            yield document.problem(VM_ID, path, fault.what, remedy)


def _selectors(document: Selecting) -> Iterator[tuple[FieldPath, Selector]]:
    yield ("spec", "select"), document.spec.select
    if document.spec.exclude is not None:
        yield ("spec", "exclude"), document.spec.exclude


def _items(document: Selecting, key: str) -> Iterator[tuple[FieldPath, str]]:
    """The items of one list of both selections, each with its path."""
    for path, selector in _selectors(document):
        for index, text in enumerate(selector.stated().get(key, ())):
            yield (*path, key, index), text


RULES = (select_empty, select_subscriptions, select_resource_groups, select_locations, select_ids)
