"""A live network interface."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class IpConfiguration:
    """One address of an interface, and what goes with it."""

    primary: bool
    address: str | None
    """Its private IPv4 address; None for one of IPv6."""
    subnet: ArmId | None
    public_ip: ArmId | None = None
    application_groups: frozenset[ArmId] = frozenset()
    """The application security groups that it is in."""
    backend_pools: frozenset[ArmId] = frozenset()
    """The backend address pools of load balancers that it is in."""


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface."""

    id: ArmId
    vm: ArmId | None
    primary: bool
    """Whether it is the one that its VM speaks to the world through."""
    configurations: tuple[IpConfiguration, ...]
    security_group: ArmId | None = None

    @property
    def outgoing(self) -> IpConfiguration | None:
        """The address that connections begin from, unless a program chooses another."""
        own = [one for one in self.configurations if one.address]
        return next((one for one in own if one.primary), own[0] if own else None)
