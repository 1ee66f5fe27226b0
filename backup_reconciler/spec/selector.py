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


def id_test(selector: Selector) -> Callable[[ArmId], bool]:
    """The test of a VM's id by the keys that an id can answer: subscription, group, name and the id itself.

    Locations and tags are not asked for; a VM whose id passes may still fail by those.
    """
    subscriptions = _folded(selector.subscriptions)
    groups = _folded(selector.resource_groups)
    patterns = _folded(selector.names)
    named = _any_of(patterns) if patterns is not None else None
    ids = None if selector.ids is None else {ArmId(text) for text in selector.ids}
    return lambda vm: (
        (ids is None or vm in ids)
        and (subscriptions is None or vm.subscription.casefold() in subscriptions)
        and (groups is None or vm.resource_group.casefold() in groups)
        and (named is None or named(vm.name.casefold()))
    )


def _any_of(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a name matches one of some patterns; * and ? are wildcards, and a bracket is a bracket."""
    matches = re.compile("|".join(translate(pattern.replace("[", "[[]")) for pattern in patterns)).match
    return lambda name: matches(name) is not None


def _folded(texts: Iterable[str] | None) -> set[str] | None:
    return None if texts is None else {text.casefold() for text in texts}
