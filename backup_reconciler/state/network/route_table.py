"""A live route table."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class Route:
    """Where connections to some addresses go."""

    name: str
    prefix: str
    """An address prefix, or a service tag."""
    hop: str
    """Azure's own word: VirtualAppliance, VirtualNetworkGateway, VnetLocal, Internet, None."""
    hop_address: str | None = None
    """Of an appliance."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The routes of the subnets that it is tied to, in the place of Azure's own."""

    id: ArmId
    routes: tuple[Route, ...]
