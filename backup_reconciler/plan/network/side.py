"""The ends of a flow, and which part of them the sides of a security rule take."""

from dataclasses import dataclass

from backup_reconciler.plan.network.addresses import addresses, addresses_of
from backup_reconciler.plan.network.flow import Space
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import RuleSide

_NOTHING = Intervals()
_IPV4 = addresses_of(("0.0.0.0/0",))
_UNLISTED = Intervals(((2**32, 2**32),))
"""One number beyond IPv4 in the place of the addresses of a tag that is not on the list of service tags: what takes
every address takes it as well, and of what takes some public addresses nobody can tell."""
_EVERYTHING = _IPV4 | _UNLISTED

_PRIVATE = addresses_of(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""What networks are made of, as a rule (source: Azure Virtual Network FAQ: RFC 1918 and RFC 6598)."""
_HOST = addresses_of(("168.63.129.16",))
"""Azure itself, as every VM sees it (source: What is IP address 168.63.129.16, Microsoft Learn)."""
_METADATA = addresses_of(("169.254.169.254",))
"""The instance metadata service (source: Azure Instance Metadata Service, Microsoft Learn)."""
_PLATFORM = {"azureloadbalancer": _HOST, "azureplatformdns": _HOST, "azureplatformimds": _METADATA}
"""Tags that mean the same everywhere, and are not on the list (source: Azure virtual network service tags)."""
_SERVICES = _EVERYTHING - _PRIVATE - _HOST - _METADATA
"""Where the addresses of service tags can be."""


class End:
    """One end of a flow."""

    def __init__(self, text: str, groups: frozenset[ArmId], space: Space) -> None:
        self.text = text
        self.groups = groups
        """The application security groups that it is in."""
        self.space = space
        meaning = _meaning(text, space)
        self.addresses = _UNLISTED if meaning is None else meaning
        """All that it may be."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a rule takes of one end."""

    surely: Intervals
    at_most: Intervals
    """With what nobody can tell of."""


def share(side: RuleSide, end: End) -> Share:
    """What one side of a rule takes of an end. Application security groups stand in the place of addresses."""
    if side.application_groups & end.groups:
        return Share(end.addresses, end.addresses)
    shares = [_share_of(text, end) for text in side.addresses]
    members = _possible_members(end) if side.application_groups else _NOTHING
    at_most = Intervals.union((*(each.at_most for each in shares), members))
    return Share(Intervals.union(each.surely for each in shares), at_most)


def _share_of(text: str, end: End) -> Share:
    own, found = end.addresses, _meaning(text, end.space)
    if _is_part(end.text.casefold(), text.casefold()):
        return Share(own, own)
    if found is None:
        return Share(_NOTHING, own & _SERVICES)
    unclear = own == _UNLISTED and bool(found & _SERVICES)
    return Share(own & found, own if unclear else own & found)


def _is_part(tag: str, other: str) -> bool:
    """Whether a tag is another one, or the other one's in a region: Storage.japaneast is a part of Storage."""
    return tag == other or tag.startswith(f"{other}.")


def _possible_members(end: End) -> Intervals:
    """The addresses that may be in application security groups which the end is not in as a whole.

    One address is in the groups that are told of it and in no others; a public service is in none.
    """
    alone = len(end.addresses) == 1
    return _NOTHING if alone or end.space.tags.of(end.text) else end.addresses & _network(end.space)


def _meaning(text: str, space: Space) -> Intervals | None:
    """The addresses that a rule's word stands for; None for a tag that is not on the list."""
    match text.casefold():
        case "*" | "any" | "0.0.0.0/0":
            return _EVERYTHING
        case "virtualnetwork":
            return _network(space)
        case "internet":
            # all that is outside, Azure's public services too (source: Azure virtual network service tags)
            return _EVERYTHING - _network(space)
        case tag if tag in _PLATFORM:
            return _PLATFORM[tag]
    listed = space.tags.of(text)
    return addresses_of(listed) if listed else addresses(text)


def _network(space: Space) -> Intervals:
    """VirtualNetwork; where a group is in use in no network, whatever one may have."""
    found = addresses_of(space.virtual_network) or _PRIVATE
    return _EVERYTHING if found >= _IPV4 else found
