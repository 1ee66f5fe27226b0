"""A live virtual network with its subnets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class Subnet:
    """A part of a virtual network."""

    id: ArmId
    prefixes: tuple[str, ...]
    security_group: ArmId | None = None
    route_table: ArmId | None = None
    nat_gateway: ArmId | None = None
    service_endpoints: frozenset[str] = frozenset()
    """The services that are reached from it directly, in lower case: microsoft.storage."""
    default_outbound: bool = True
    """Whether a VM without any other way out gets one from Azure; so it is where Azure does not tell (source: Default
    outbound access in Azure, Microsoft Learn)."""


@dataclass(frozen=True, slots=True)
class VirtualNetwork:
    """A virtual network."""

    id: ArmId
    location: str
    prefixes: tuple[str, ...]
    subnets: Mapping[ArmId, Subnet] = field(default_factory=dict)
    peered_prefixes: tuple[str, ...] = ()
    """The addresses of the networks that it is peered with."""
    peers: frozenset[ArmId] = frozenset()
    """The networks that it is peered with."""
