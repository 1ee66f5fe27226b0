"""VMs that a world has appear later: before their moment they exist nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Arrival, Estate


def announce(estate: Estate, arrival: Arrival) -> None:
    """Let a VM appear when its time has come."""
    key = fold(arrival.vm.id)
    estate.arrivals[key] = arrival
    estate.schedule_outside(arrival.vm.created, "arrival", key)


def arrive(estate: Estate, key: str, _now: datetime) -> None:
    welcome(estate, estate.arrivals.pop(key))


def welcome(estate: Estate, arrival: Arrival) -> None:
    """The VM is there, and the network interfaces that are its own."""
    group = estate.group_of(arrival.vm.id)
    assert group is not None, "resource groups do not go"
    group.take_in(arrival.vm)
    for nic in arrival.interfaces:
        group.network.setdefault(nic.kind, {})[fold(nic.name)] = nic


OUTSIDE_EFFECTS = {"arrival": arrive}
