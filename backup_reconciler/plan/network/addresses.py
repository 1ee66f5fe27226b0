"""IPv4 addresses as Azure's rules and routes write them."""

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from backup_reconciler.plan.network.intervals import Interval, Intervals


@lru_cache(maxsize=4096)
def addresses(text: str) -> Intervals | None:
    """The addresses of an address, of a prefix, or of a range from one to another, which Azure Firewall takes too.

    None for what is no address, such as a service tag. Those of IPv6 are the empty set.
    """
    if ":" in text:
        return Intervals()
    interval = _interval(text)
    return Intervals((interval,)) if interval else None


@lru_cache(maxsize=256)
def addresses_of(prefixes: tuple[str, ...]) -> Intervals:
    """The addresses of many prefixes, such as the thousands behind a service tag."""
    return Intervals.of(filter(None, map(_interval, prefixes)))


def _interval(text: str) -> Interval | None:
    try:
        if "-" in text:
            first, last = (int(IPv4Address(each.strip())) for each in text.split("-", 1))
        else:
            network = IPv4Network(text, strict=False)
            first, last = int(network.network_address), int(network.broadcast_address)
    except (AddressValueError, NetmaskValueError):
        return None
    return (first, last) if first <= last else None
