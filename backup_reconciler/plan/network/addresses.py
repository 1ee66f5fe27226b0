"""IPv4 addresses as Azure's rules and routes write them."""

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from backup_reconciler.plan.network.intervals import Interval, Intervals

ANY = Intervals(((0, 2**32 - 1),))


def addresses(text: str) -> Intervals | None:
    """The IPv4 addresses of an address, a prefix, or a range of addresses, which Azure Firewall takes too.

    None for IPv6 there are, but in a set of IPv4 addresses they are none; for what is no address at all, such as a
    service tag, the result is None.
    """
    if ":" in text:
        return Intervals()
    interval = _interval(text)
    return None if interval is None else Intervals((interval,))


@lru_cache(maxsize=256)
def addresses_of(prefixes: tuple[str, ...]) -> Intervals:
    """The addresses of many prefixes at once, such as a service tag's thousands."""
    return Intervals.of(filter(None, map(_interval, prefixes)))


def _interval(text: str) -> Interval | None:
    try:
        if "-" in text:
            first, _, last = text.partition("-")
            return int(IPv4Address(first.strip())), int(IPv4Address(last.strip()))
        network = IPv4Network(text, strict=False)
    except (AddressValueError, NetmaskValueError):
        return None
    return int(network.network_address), int(network.broadcast_address)
