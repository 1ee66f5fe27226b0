"""What a rule collection of ours lets through, and whether another one decides over that first.

Where nobody can tell (an IP group, a web category, a tag that Azure does not list), a rule that denies is taken to be
about the traffic, and one that allows is not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from backup_reconciler.plan.network.addresses import addresses, addresses_of
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.outbound.firewall.wanted import FQDN_TAG, HTTPS
from backup_reconciler.spec.service_tag import SERVICE_TAGS
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection, RuleKind
from backup_reconciler.state.network.service_tags import ServiceTags

_ANY = frozenset({"*", "any"})
_HTTPS_PORT = "443"
_SUFFIXES = (
    "microsoft.com",
    "windowsazure.com",
    "microsoftonline.com",
    "windows.net",
    "blob.core.windows.net",
    "queue.core.windows.net",
    "blob.storage.azure.net",
)
"""What the names of the services end with (source: Azure Backup: network connectivity)."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """TCP connections of one rule of ours."""

    kind: RuleKind
    sources: Intervals
    tags: tuple[str, ...]
    """The services that they go to."""
    ports: tuple[str, ...]


def traffic_of(ours: RuleCollection) -> Iterator[Traffic]:
    """What each of its rules is about. The FQDN tag AzureBackup stands for names whose addresses are behind the service
    tags that backups need."""
    for rule in ours.rules:
        tags, ports = (rule.destinations, rule.ports) if ours.kind == "network" else (SERVICE_TAGS, (_HTTPS_PORT,))
        yield Traffic(ours.kind, _addresses(rule.sources), tags, ports)


def denies(collection: RuleCollection, ours: RuleCollection, known: ServiceTags) -> bool:
    """Whether a rule collection denies, or may deny, some of what ours lets through."""
    if collection.allows or collection.kind == "nat":
        return False
    return any(_meets(rule, collection.kind, each, known) for each in traffic_of(ours) for rule in collection.rules)


def allows(collection: RuleCollection, ours: RuleCollection, known: ServiceTags) -> bool:
    """Whether a rule collection lets through all that ours does."""
    if not collection.allows or collection.kind == "nat":
        return False
    return all(
        any(_holds(rule, collection.kind, each, known) for rule in collection.rules) for each in traffic_of(ours)
    )


def _meets(rule: FirewallRule, kind: RuleKind, traffic: Traffic, known: ServiceTags) -> bool:
    if not (rule.source_ip_groups or _has_any(rule.sources) or _addresses(rule.sources) & traffic.sources):
        return False
    if kind == "application":
        return traffic.kind == "application" and _is_for_https(rule) and _may_name_the_services(rule)
    return (
        _is_for_tcp(rule)
        and any(_has_port(rule, port) for port in traffic.ports)
        and _may_lead_to(rule, traffic.tags, known)
    )


def _holds(rule: FirewallRule, kind: RuleKind, traffic: Traffic, known: ServiceTags) -> bool:
    if not (_has_any(rule.sources) or traffic.sources <= _addresses(rule.sources)):
        return False
    if kind == "application":
        named = _has_any(rule.fqdns) or FQDN_TAG.casefold() in _folded(rule.fqdn_tags)
        return traffic.kind == "application" and HTTPS in _folded(rule.protocols) and named
    return (
        _is_for_tcp(rule)
        and all(_has_port(rule, port) for port in traffic.ports)
        and all(_leads_to(rule, tag, known) for tag in traffic.tags)
    )


def _is_for_https(rule: FirewallRule) -> bool:
    return not rule.protocols or HTTPS in _folded(rule.protocols)


def _is_for_tcp(rule: FirewallRule) -> bool:
    return bool({"tcp", "any"} & _folded(rule.protocols))


def _may_name_the_services(rule: FirewallRule) -> bool:
    if rule.web_categories or FQDN_TAG.casefold() in _folded(rule.fqdn_tags):
        return True
    return any(_may_be_of_a_service(name) for name in (*rule.fqdns, *(url.partition("/")[0] for url in rule.urls)))


def _may_be_of_a_service(name: str) -> bool:
    """Whether a name, or a pattern such as *.windows.net, has names in common with those of the services."""
    ending = name.casefold().lstrip("*").lstrip(".")
    if "*" in ending or not ending:
        return True
    return any(_ends_with(ending, suffix) or _ends_with(suffix, ending) for suffix in _SUFFIXES)


def _ends_with(name: str, suffix: str) -> bool:
    return name == suffix or name.endswith(f".{suffix}")


def _has_port(rule: FirewallRule, port: str) -> bool:
    number = int(port)
    for text in rule.ports:
        first, _, last = text.partition("-")
        if text in _ANY or (first.isdecimal() and int(first) <= number <= int(last or first)):
            return True
    return False


def _may_lead_to(rule: FirewallRule, tags: Iterable[str], known: ServiceTags) -> bool:
    if rule.destination_ip_groups or any(map(_may_be_of_a_service, rule.fqdns)):
        return True
    return any(_may_be_behind(text, tag, known) for text in rule.destinations for tag in tags)


def _may_be_behind(text: str, tag: str, known: ServiceTags) -> bool:
    if text in _ANY or text.casefold() == tag.casefold():
        return True
    there, wanted = _destination(text, known), _destination(tag, known)
    return there is None or wanted is None or bool(there & wanted)


def _leads_to(rule: FirewallRule, tag: str, known: ServiceTags) -> bool:
    if _has_any(rule.destinations) or _folded((tag, tag.partition(".")[0])) & _folded(rule.destinations):
        return True
    there, wanted = _union(_destination(text, known) for text in rule.destinations), _destination(tag, known)
    return wanted is not None and wanted <= there


def _destination(text: str, known: ServiceTags) -> Intervals | None:
    """The addresses behind a tag, or those that are written; None for a tag that Azure does not list."""
    listed = known.of(text)
    return addresses_of(listed) if listed else addresses(text)


def _addresses(texts: Iterable[str]) -> Intervals:
    return _union(map(addresses, texts))


def _union(sets: Iterable[Intervals | None]) -> Intervals:
    return reduce(or_, filter(None, sets), Intervals())


def _has_any(texts: Iterable[str]) -> bool:
    return bool(_ANY & _folded(texts))


def _folded(texts: Iterable[str]) -> set[str]:
    return {text.casefold() for text in texts}
