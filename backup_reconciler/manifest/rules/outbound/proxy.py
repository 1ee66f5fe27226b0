"""Rules of method proxy.

No message repeats what was written as host or as a bypass: where somebody put a password, it would stand in logs.
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import Fault, id_fault
from backup_reconciler.manifest.rules.outbound.destinations import is_port
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.resource_type import VIRTUAL_MACHINE
from backup_reconciler.spec.rules.outbound import PORT, PROXY_BYPASS, PROXY_CREDENTIALS, PROXY_HOST
from backup_reconciler.spec.rules.protection import VM_ID

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}$)({_LABEL}\.)*(?![0-9]+$){_LABEL}", re.IGNORECASE | re.ASCII)
"""A name that ends in a number would be taken for an address (source: RFC 1123)."""
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ADDRESS_PATTERN = re.compile(rf"({_OCTET}\.){{1,3}}\*")
_NUMBERS = re.compile(r"[0-9.]+")
_WIRE_SERVER = IPv4Address("168.63.129.16")

_PROXY: FieldPath = ("spec", "proxy")
_HOST: FieldPath = (*_PROXY, "host")


def host(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    proxy = document.spec.proxy
    if proxy is None:
        return
    if "@" in proxy.host:
        yield _credentials(document, _HOST)
        return
    fault = _host_fault(proxy.host)
    if fault:
        yield document.problem(PROXY_HOST, _HOST, fault.what, fault.remedy)


def _credentials(document: Declared[OutboundAccessSpec], path: FieldPath) -> Problem:
    return document.problem(PROXY_CREDENTIALS, path, "holds a user name, or a password, before @")


def _host_fault(text: str) -> Fault | None:
    address = _address(text)
    if address is not None:
        return _address_fault(address)
    tellings = (
        (_DNS_NAME.fullmatch(text) and text.casefold() != "localhost", None),
        (not text, Fault("is empty", "")),
        (text.casefold() == "localhost", _OF_ITSELF),
        ("/" in text, Fault("is a URL", "write the host alone, such as proxy.example.com, and the port in port")),
        (text.count(":") > 1, Fault("is an IPv6 address", "write an IPv4 address or a DNS name")),
        (":" in text, Fault("holds a port", "write the host alone, and the port in port")),
        (_NUMBERS.fullmatch(text), Fault("is not an IPv4 address", "write four numbers from 0 to 255: 10.1.0.4")),
        ("*" in text, Fault("is a pattern", "write the one name or address of the proxy")),
        (not text.isascii(), Fault("is not in ASCII", "write the name in its ASCII form, which begins with xn--")),
    )
    otherwise = Fault("is neither an IPv4 address nor a DNS name", "")
    return next((fault for holds, fault in tellings if holds), otherwise)


_OF_ITSELF = Fault("is each VM itself, not the proxy", PROXY_HOST.remedy)


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except AddressValueError:
        return None


def _address_fault(address: IPv4Address) -> Fault | None:
    if address.is_loopback or address.is_unspecified:
        return _OF_ITSELF
    if address == _WIRE_SERVER:
        return Fault("is Azure's own address for its services to VMs, which is no proxy", PROXY_HOST.remedy)
    if address.is_link_local:
        return Fault("is a link-local address, which nothing routes", PROXY_HOST.remedy)
    if address.is_multicast or address.is_reserved:
        return Fault("is not the address of one machine", PROXY_HOST.remedy)
    return None


def port(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    proxy = document.spec.proxy
    if proxy is not None and not is_port(proxy.port):
        what = f"{proxy.port} is not from 1 to 65535"
        yield document.problem(PORT, (*_PROXY, "port"), what, "use the port on which the proxy listens")


def vm(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    proxy = document.spec.proxy
    fault = id_fault(proxy.vm, VIRTUAL_MACHINE) if proxy is not None and proxy.vm is not None else None
    if fault:
        yield document.problem(VM_ID, (*_PROXY, "vm"), fault.what, fault.remedy)


def bypass(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    for path, text in _bypasses(document):
        fault = _bypass_fault(text)
        if "@" in text:
            yield _credentials(document, path)
        elif fault:
            yield document.problem(PROXY_BYPASS, path, fault.what, fault.remedy)


def _bypasses(document: Declared[OutboundAccessSpec]) -> Iterator[tuple[FieldPath, str]]:
    proxy = document.spec.proxy
    for index, text in enumerate((proxy and proxy.bypass) or ()):
        yield (*_PROXY, "bypass", index), text


def _bypass_fault(text: str) -> Fault | None:
    tellings = (
        (_address(text) or _ADDRESS_PATTERN.fullmatch(text), None),
        (_DNS_NAME.fullmatch(text.removeprefix("*.")), None),
        (not text, Fault("is empty", "")),
        (text in {"*", "*.*"}, Fault("would let everything bypass the proxy", "name what is meant")),
        ("://" in text, Fault("is a URL", "write the host of it alone")),
        ("/" in text, Fault("is a range with /, which not every program knows", "write a pattern such as 10.1.*")),
        (":" in text, Fault("holds a port, or is an IPv6 address", "write a name or an IPv4 address, without a port")),
        (text.startswith("."), Fault("begins with a dot", "write *. and the domain, such as *.internal")),
        ("*" in text, Fault("has * where it cannot stand", "write *.DOMAIN, or the first numbers of an address and *")),
    )
    otherwise = Fault("is neither a DNS name nor an IPv4 address", "")
    return next((fault for holds, fault in tellings if holds), otherwise)


RULES = (host, port, vm, bypass)
