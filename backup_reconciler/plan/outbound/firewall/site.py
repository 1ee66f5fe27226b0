"""A place that was found, with what is around it; and what one document means there."""

from dataclasses import dataclass

from backup_reconciler.plan.network.flow import Space
from backup_reconciler.plan.outbound.firewall.place import Holder, Place
from backup_reconciler.plan.outbound.firewall.traffic import Traffic
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.state.network.firewall import RuleCollection
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class Site:
    """A place that was found."""

    place: Place
    holder: Holder
    network: Network

    @property
    def space(self) -> Space:
        """What tags stand for. Firewalls know service tags, and none that depends on who asks."""
        return Space(tags=self.network.service_tags)


@dataclass(frozen=True, slots=True)
class Part:
    """One rule collection that a document wants."""

    document: Outbound
    wanted: RuleCollection
    """Without its priority, and without a mark."""
    traffic: tuple[Traffic, ...]
    """What it is to let through."""
    live: RuleCollection | None
    """What is there under its name, written for the same document."""
    stated: int | None
    """The priority that the document states for it."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a document wants in a place."""

    document: Outbound
    parts: tuple[Part, ...]
    vms: tuple[LiveVM, ...]
    """The VMs that it lets out."""
