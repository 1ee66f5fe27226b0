"""Whether a text is the id of a resource of some type, and if not, what about it is wrong."""

import re
from dataclasses import dataclass

from backup_reconciler.manifest.rules.names import is_resource_group
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.resource_type import ResourceType, called

_FOREIGN = re.compile(r"[^\w./()-]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, and what would be right."""

    what: str
    remedy: str


def id_fault(text: str, wanted: ResourceType) -> Fault | None:
    """What keeps `text` from being the id of a resource of the wanted type; None where nothing does. Letter case is no
    fault, because ARM ignores it (source: Azure resource naming rules)."""
    segments = text.split("/")[1:]
    return _of_text(text, wanted) or _of_scope(segments, wanted) or _of_type(segments[5:], wanted)


def _of_text(text: str, wanted: ResourceType) -> Fault | None:
    """What can be told before the id is taken apart."""
    foreign, whole = _FOREIGN.search(text), text.casefold()
    # Most ids are right, and some manifests list thousands: what is wrong is put into words only where something is.
    if not foreign and whole.startswith("/subscriptions/") and not whole.endswith("/") and "//" not in whole:
        return None
    printed = _printed(wanted)
    tellings = (
        (not text, Fault("is empty", printed)),
        ("://" in text, Fault("is a web address, not an id", "write the part of it that begins with /subscriptions/")),
        ("/" not in text, Fault(f"{quoted(text)} is not the id of {wanted.words}", printed)),
        (foreign, Fault(f"holds {quoted(foreign[0] if foreign else '')}, which no id has", printed)),
        (whole.startswith("subscriptions/"), Fault("begins without /", "begin it with /subscriptions/")),
        (not whole.startswith("/subscriptions/"), Fault("does not begin with /subscriptions/", printed)),
        (text.endswith("/"), Fault("ends with /", "remove the / at its end")),
        (True, Fault("holds //", "write one / there")),
    )
    return next(fault for broken, fault in tellings if broken)


def _of_scope(segments: list[str], wanted: ResourceType) -> Fault | None:
    """What is wrong with the subscription and the resource group: /subscriptions/…/resourceGroups/…/providers."""
    _, subscription, *rest = segments
    fault: Fault | None = None
    match [step.casefold() for step in rest]:
        case _ if not forms.SUBSCRIPTION.fits(subscription):
            what = f"its subscription {quoted(subscription)} is not a GUID"
            fault = Fault(what, "use the id that 'az account list --output table' prints")
        case []:
            fault = _other("a subscription", wanted)
        case ["resourcegroups"]:
            fault = Fault("ends before the name of a resource group", _printed(wanted))
        case ["resourcegroups", _, *_] if not is_resource_group(rest[1]):
            fault = Fault(f"{quoted(rest[1])} in it cannot be the name of a resource group", _printed(wanted))
        case ["resourcegroups", _]:
            fault = _other("a resource group", wanted)
        case ["resourcegroups", _, step, *_] if step != "providers":
            fault = Fault(f"has {quoted(rest[2])} where providers is expected", _printed(wanted))
        case [step, *_] if step != "resourcegroups":
            fault = Fault("names no resource group", "add /resourceGroups/NAME after the subscription")
    return fault


def _of_type(named: list[str], wanted: ResourceType) -> Fault | None:
    """What is wrong with the rest of the id: a namespace, then types and names in turn."""
    types, names = named[1::2], named[2::2]
    found = "/".join((*named[:1], *types))
    key, depth = found.casefold(), wanted.name.count("/")
    if key == wanted.key and len(names) == depth:
        return None
    if key.startswith("microsoft.classic"):
        return Fault("is the id of a classic resource", f"write the id of {wanted.words} of Azure Resource Manager")
    if len(types) > len(names) or not types:
        return Fault("ends before the name of a resource", _printed(wanted))
    if wanted.key.startswith(f"{key}/"):
        return Fault(f"is the id of {_called(found)}, not of {wanted.words}", f"add {wanted.name[len(found) :]}/NAME")
    if key.startswith(f"{wanted.key}/"):
        last = f"{types[depth - 1]}/{names[depth - 1]}"
        return Fault(f"is the id of something inside {wanted.words}", f"end it after {quoted(last)}")
    return _other(_called(found), wanted)


def _called(type_name: str) -> str:
    return called(type_name) or f"a resource of type {quoted(type_name)}"


def _other(found: str, wanted: ResourceType) -> Fault:
    return Fault(f"is the id of {found}, not of {wanted.words}", _printed(wanted))


def _printed(wanted: ResourceType) -> str:
    return f"use the id that '{wanted.show} --query id' prints"
