"""What declared traffic comes to for certain VMs: the service tags in their region, and the ports for their disks."""

from collections.abc import Collection, Iterator, Mapping

from backup_reconciler.spec.outbound import Traffic
from backup_reconciler.spec.service_tag import STORAGE_OF_THE_REGION, region_of
from backup_reconciler.state.vm import DiskKind

_PORTS: Mapping[DiskKind, tuple[int, ...]] = {
    "managed": (8443,),
    "unmanaged encrypted": (443,),
    "unmanaged": (80, 443),
}
"""Of Storage by the kind of a VM's disks (source: Prepare Azure VMs for backup, 2019). Whether the storage account of
an unmanaged disk encrypts by itself is not told by the VM, so that both ports are opened for it."""
_WHERE_NO_VM_IS: DiskKind = "managed"
"""What VMs that are still to come have: others cannot be made any more (source: Azure unmanaged disks retirement)."""


def tags_in(region: str, traffic: Traffic) -> Iterator[tuple[int, str]]:
    """The service tags that destinations stand for in a region, each with its index among them.

    That of another region's storage is passed over.
    """
    for index, destination in enumerate(traffic.destinations):
        if destination == STORAGE_OF_THE_REGION:
            yield index, f"Storage.{region}"
        elif region_of(destination) in (None, region):
            yield index, destination


def not_covered(region: str, traffic: Traffic) -> int | None:
    """The index of a destination that is another region's storage, where none is the storage of this one."""
    regional = (index for index, tag in enumerate(traffic.destinations) if region_of(tag))
    covered = any(tag.partition(".")[0] == "Storage" for _, tag in tags_in(region, traffic))
    return None if covered else next(regional, None)


def ports_of(traffic: Traffic, disk_kinds: Collection[DiskKind]) -> list[int]:
    """The ports that are opened for VMs whose disks are of some kinds."""
    if traffic.port != "byDiskKind":
        return [traffic.port]
    return sorted({port for kind in disk_kinds or (_WHERE_NO_VM_IS,) for port in _PORTS[kind]})
