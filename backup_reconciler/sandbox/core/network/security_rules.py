"""What a security rule must be, and the refusals of one that is not.

Codes and messages are those of the service as people have met them: SecurityRuleConflict and
SecurityRuleInvalidPortRange (TF issues 11137, 1530), SecurityRuleInvalidAddressPrefix (azure-powershell issue 4557),
SecurityRuleInvalidPriority and SecurityRuleParameterContains… (third-party pages). Everything else that is malformed is
InvalidRequestFormat here, which is chosen.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import Json, fold
from backup_reconciler.sandbox.core.network.inventory import by_id
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused, missing_reference, unparsable
from backup_reconciler.sandbox.core.network.service_tags import is_tag

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate, NetworkResource

_ENUMS = {
    "protocol": ("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"),
    "access": ("Allow", "Deny"),
    "direction": ("Inbound", "Outbound"),
}
_PORTS = ("sourcePortRange", "destinationPortRange")
_ADDRESSES = ("sourceAddressPrefix", "destinationAddressPrefix")
_PLURAL = {**{name: f"{name}s" for name in _PORTS}, **{name: f"{name}es" for name in _ADDRESSES}}
_GROUPS = {
    "sourceAddressPrefix": "sourceApplicationSecurityGroups",
    "destinationAddressPrefix": "destinationApplicationSecurityGroups",
}
_PORT_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)
_NAME = re.compile(r"\w(?:[\w.-]{0,78}\w)?", re.ASCII)


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise NetworkRefused(
            400,
            "InvalidResourceName",
            f"Resource name {name} is invalid. The name can be up to 80 characters long. It must begin with a word "
            "character, and it must end with a word character or with '_'. The name may contain word characters or "
            "'.', '-', '_'.",
        )


def read(rule_id: str, told: Json) -> Json:
    """A rule out of a request, as it is kept; what the service says of a rule when it is read is passed over."""
    rule: Json = {}
    for name, values in _ENUMS.items():
        rule[name] = _choice(name, told.get(name), values)
    rule["priority"] = _priority(told.get("priority"))
    if told.get("description") is not None:
        rule["description"] = _text("description", told["description"])
    for name in _PORTS:
        rule |= _ports(name, told)
    for name in _ADDRESSES:
        rule |= _addresses(rule_id, name, told)
    return kept(rule)


def kept(rule: Json) -> Json:
    """A rule as it is read back: the plural fields are there always, empty where the singular ones speak."""
    return {**rule, **{plural: rule.get(plural, []) for plural in _PLURAL.values()}}


def _choice(name: str, told: Any, values: tuple[str, ...]) -> str:
    for value in values:
        if isinstance(told, str) and fold(told) == fold(value):
            return value
    raise unparsable(f"The value {told!r} of {name} is not one of {', '.join(values)}.")


def _priority(told: Any) -> int:
    if not isinstance(told, int) or isinstance(told, bool):
        raise unparsable("priority must be a number.")
    if not 100 <= told <= 4096:
        raise NetworkRefused(
            400,
            "SecurityRuleInvalidPriority",
            f"Security rule has invalid Priority. Value provided: {told} Allowed range 100-4096.",
        )
    return told


def _text(name: str, told: Any) -> str:
    if not isinstance(told, str):
        raise unparsable(f"{name} must be a text.")
    return told


def _texts(name: str, told: Any) -> list[str]:
    if told is None:
        return []
    if not isinstance(told, list):
        raise unparsable(f"{name} must be a list.")
    return [_text(name, each) for each in told]


def _ports(name: str, told: Json) -> Json:
    """One range, or several; `*` only alone."""
    plural = _PLURAL[name]
    several = _texts(plural, told.get(plural))
    if "*" in several:
        raise NetworkRefused(
            400,
            "SecurityRuleParameterContainsInvalidPortRanges",
            f"Security rule parameter {plural[0].upper()}{plural[1:]} contains invalid port ranges: *.",
        )
    one = _one_or_several(name, told.get(name), several)
    for value in [one] if one is not None else several:
        _check_port_range(value)
    return {name: one} if one is not None else {plural: several}


def _one_or_several(name: str, one: Any, several: list[str]) -> str | None:
    if one is not None and several:
        raise unparsable(f"Both {name} and {_PLURAL[name]} are given.")
    if one is None and not several:
        raise unparsable(f"Neither {name} nor {_PLURAL[name]} is given.")
    return None if one is None else _text(name, one)


def _check_port_range(value: str) -> None:
    if value == "*":
        return
    match = _PORT_RANGE.fullmatch(value)
    if match is None or not int(match[1]) <= int(match[2] or match[1]) <= 65535:
        raise NetworkRefused(
            400,
            "SecurityRuleInvalidPortRange",
            f"Security rule has invalid Port range. Value provided: {value}. Value should be an integer OR integer "
            "range with '-' delimiter. Valid range 0-65535.",
        )


def _addresses(rule_id: str, name: str, told: Json) -> Json:
    """One prefix or tag, or several prefixes, or application security groups."""
    groups = _ids(_GROUPS[name], told.get(_GROUPS[name]))
    several = _texts(_PLURAL[name], told.get(_PLURAL[name]))
    if groups:
        if several or told.get(name):
            raise unparsable(f"Both {_GROUPS[name]} and address prefixes are given.")
        return {_GROUPS[name]: [{"id": each} for each in groups]}
    for value in several:
        if value == "*" or is_tag(value):
            raise NetworkRefused(
                400,
                "SecurityRuleParameterContainsUnsupportedValue",
                f"Security rule parameter {name[0].upper()}{name[1:]} for rule with Id {rule_id} cannot specify "
                "existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value used: "
                f"{value}.",
            )
    one = _one_or_several(name, told.get(name), several)
    for value in [one] if one is not None else several:
        if value != "*" and not is_tag(value) and not _is_prefix(value):
            raise NetworkRefused(
                400,
                "SecurityRuleInvalidAddressPrefix",
                f"Security rule {rule_id} has invalid Address prefix. Value provided: {value}",
            )
    return {name: one} if one is not None else {_PLURAL[name]: several}


def _ids(name: str, told: Any) -> list[str]:
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise unparsable(f"{name} must be a list of objects.")
    return [_text("id", each.get("id")) for each in told]


def _is_prefix(value: str) -> bool:
    """An address or a prefix, host bits all zero."""
    try:
        ip_network(value)
    except ValueError:
        return False
    return True


def check_unique(name: str, rule: Json, others: dict[str, Json]) -> None:
    """No two rules of one direction have one priority; default rules have theirs above the range."""
    for other_name, other in others.items():
        taken = (other["direction"], other["priority"]) == (rule["direction"], rule["priority"])
        if taken and fold(other_name) != fold(name):
            raise NetworkRefused(
                400,
                "SecurityRuleConflict",
                f"Security rule {other_name} conflicts with rule {name}. Rules cannot have the same Priority and "
                "Direction. To learn more, see aka.ms/nsgrules.",
            )


def check_groups(estate: Estate, owner: NetworkResource, rule_id: str, rule: Json) -> None:
    """The application security groups of a rule are there, in the security group's own region."""
    for field in _GROUPS.values():
        for reference in rule.get(field, []):
            found = by_id(estate, reference["id"])
            if (
                found is None
                or found.kind != "applicationSecurityGroups"
                or found.location.replace(" ", "").lower() != owner.location.replace(" ", "").lower()
            ):
                raise missing_reference(reference["id"], rule_id)
