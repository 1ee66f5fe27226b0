"""Rules of destinations: which of Azure's services are reached, and on which port."""

import re
from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import Fault
from backup_reconciler.manifest.rules.names import is_region
from backup_reconciler.manifest.words import nearest, quoted
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.outbound import OutboundAccessSpec, Traffic
from backup_reconciler.spec.rules.outbound import PORT, PORT_BY_DISK_KIND, SERVICE_TAG, SERVICE_TAG_OVERLAP
from backup_reconciler.spec.service_tag import SERVICE_TAGS, STORAGE_OF_THE_REGION, overlap, region_of

_MEANT = {
    **{tag: tag for tag in SERVICE_TAGS},
    "AzureAD": "AzureActiveDirectory",
    "MicrosoftEntraID": "AzureActiveDirectory",
}
"""What people write → the tag that they mean."""
_TOO_WIDE = re.compile(r"\*|(any|all|internet|azurecloud|virtualnetwork)(\..*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}(/[0-9]+)?|[0-9a-f]*:[0-9a-f:]+(/[0-9]+)?", re.IGNORECASE)
_DNS_NAME = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)+")


def stated(document: Declared[OutboundAccessSpec]) -> Iterator[tuple[FieldPath, Traffic]]:
    """What a document states of destinations, whatever its method, each with its path."""
    if document.spec.nsg is not None:
        yield ("spec", "nsg"), document.spec.nsg
    if document.spec.firewall is not None and document.spec.firewall.network_rule is not None:
        yield ("spec", "firewall", "networkRule"), document.spec.firewall.network_rule


def is_port(number: int) -> bool:
    return 1 <= number <= 65535


def is_destination(tag: str) -> bool:
    return _tag_fault(tag) is None


def service_tag(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    for path, traffic in stated(document):
        for index, tag in enumerate(traffic.destinations):
            fault = _tag_fault(tag)
            if fault:
                yield document.problem(SERVICE_TAG, (*path, "destinations", index), fault.what, fault.remedy)


def _tag_fault(tag: str) -> Fault | None:
    name, dot, rest = tag.partition(".")
    if tag in (*SERVICE_TAGS, STORAGE_OF_THE_REGION) or is_region(region_of(tag) or ""):
        return None
    if name in SERVICE_TAGS and name != "Storage":
        return Fault(f"{quoted(name)} is not regional", f"write {name}")
    if name == "Storage":
        return Fault(f"{quoted(tag)} names no region", f'write "{STORAGE_OF_THE_REGION}"')
    if _TOO_WIDE.fullmatch(tag):
        return Fault(f"{quoted(tag)} would open more than backups need", SERVICE_TAG.remedy)
    if _ADDRESS.fullmatch(tag):
        return Fault(f"{quoted(tag)} is an address, and those of Azure's services change", SERVICE_TAG.remedy)
    near = nearest(name, _MEANT)
    return _unknown(tag, _MEANT[near] if near else "", dot + rest)


def _unknown(tag: str, meant: str, region: str) -> Fault:
    if not meant and _DNS_NAME.fullmatch(tag):
        return Fault(f"{quoted(tag)} is a DNS name, and these rules know service tags only", SERVICE_TAG.remedy)
    regional = region if meant == "Storage" and is_region(region.removeprefix(".")) else ""
    remedy = f"did you mean {meant}{regional}?" if meant else SERVICE_TAG.remedy
    return Fault(f"{quoted(tag)} is not a service tag that backups need", remedy)


def service_tag_overlap(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    for path, traffic in stated(document):
        tags = traffic.destinations
        for index, tag in enumerate(tags):
            earlier = next((other for other in range(index) if tag != tags[other] and overlap(tag, tags[other])), None)
            if earlier is not None:
                also = document.written.tree.place((*path, "destinations", earlier))
                what = _shared(tag, tags[earlier])
                yield document.problem(SERVICE_TAG_OVERLAP, (*path, "destinations", index), what, also=also)


def _shared(tag: str, other: str) -> str:
    part, whole = (tag, other) if region_of(tag) or other == "Storage" else (other, tag)
    relation = "is part of" if whole == "Storage" else "is among what is meant by"
    return f"{quoted(part)} {relation} {quoted(whole)}"


def port(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    for path, traffic in stated(document):
        if isinstance(traffic.port, int) and not is_port(traffic.port):
            yield document.problem(PORT, (*path, "port"), f"{traffic.port} is not from 1 to 65535")


def port_by_disk_kind(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    for path, traffic in stated(document):
        if traffic.port != "byDiskKind":
            continue
        others = [tag for tag in traffic.destinations if tag in SERVICE_TAGS and tag != "Storage"]
        if others:
            also = document.written.tree.value((*path, "destinations"))
            by_default = "" if also else ", which is a destination where none is stated"
            what = f"byDiskKind does not go with {quoted(others[0])}{by_default}"
            yield document.problem(PORT_BY_DISK_KIND, (*path, "port"), what)


RULES = (service_tag, service_tag_overlap, port, port_by_disk_kind)
