"""Which VMs are meant."""

import re
from collections.abc import Callable, Iterable
from fnmatch import translate
from typing import Annotated

from pydantic import ConfigDict, Field

from backup_reconciler.spec import forms
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.resource_type import VIRTUAL_MACHINE
from backup_reconciler.spec.values import Location


class TagPresence(Model):
    """Whether a VM has a tag, whatever its value."""

    exists: bool = Field(description="true: the VM has the tag. false: it has not.")


class Selector(Model):
    """Which VMs. Every key that is stated must match (AND); one of a key's values is enough (OR).

    Names, groups and tag names ignore letter case, tag values do not: that is Azure's own rule.
    """

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})  # rule select-empty

    subscriptions: Items[Annotated[str, forms.SUBSCRIPTION]] | None = Field(
        default=None, description="Ids of subscriptions to look in."
    )
    resource_groups: Items[str] | None = Field(
        default=None, description="Names of resource groups.", examples=[["rg-web"]]
    )
    locations: Items[Location] | None = Field(default=None, description="Regions.")
    names: Items[str] | None = Field(
        default=None, description="Names of VMs; * and ? are wildcards here.", examples=[["web-*"]]
    )
    ids: Items[Annotated[str, VIRTUAL_MACHINE]] | None = Field(default=None, description="ARM ids of VMs.")
    tags: dict[str, Items[str] | TagPresence] | None = Field(
        default=None,
        description="For each tag name the values of which the VM must have one, or {exists: true} for any value, or "
        "{exists: false} for VMs without the tag.",
        examples=[{"env": ["prod"]}, {"env": {"exists": True}}],
    )


def id_tests(selector: Selector) -> dict[str, Callable[[ArmId], bool]]:
    """The keys of a selector that a VM's id can answer, by their YAML names, each with its test of the id."""
    tests: dict[str, Callable[[ArmId], bool]] = {}
    if selector.ids is not None:
        ids = {ArmId(text) for text in selector.ids}
        tests["ids"] = lambda vm: vm in ids
    if selector.subscriptions is not None:
        subscriptions = _folded(selector.subscriptions)
        tests["subscriptions"] = lambda vm: vm.subscription.casefold() in subscriptions
    if selector.resource_groups is not None:
        groups = _folded(selector.resource_groups)
        tests["resourceGroups"] = lambda vm: vm.resource_group.casefold() in groups
    if selector.names is not None:
        named = _any_of(_folded(selector.names))
        tests["names"] = lambda vm: named(vm.name.casefold())
    return tests


def id_test(selector: Selector) -> Callable[[ArmId], bool]:
    """The test of a VM's id by all the keys that an id can answer.

    Locations and tags are not asked for; a VM whose id passes may still fail by those.
    """
    tests = tuple(id_tests(selector).values())
    return lambda vm: all(test(vm) for test in tests)


def is_told_by_id(selector: Selector) -> bool:
    """Whether a VM's id is enough to tell if it is meant."""
    return selector.locations is None and selector.tags is None


def _any_of(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a name matches one of some patterns; * and ? are wildcards, and a bracket is a bracket."""
    matches = re.compile("|".join(translate(pattern.replace("[", "[[]")) for pattern in patterns)).match
    return lambda name: matches(name) is not None


def _folded(texts: Iterable[str]) -> set[str]:
    return {text.casefold() for text in texts}
