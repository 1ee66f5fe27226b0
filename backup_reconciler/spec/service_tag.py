"""Service tags: Azure's names for the addresses of its own services, as far as the backup of VMs needs them."""

from typing import Annotated

from pydantic import BeforeValidator

SERVICE_TAGS = ("AzureBackup", "Storage", "AzureActiveDirectory")
"""AzureBackup, and the two tags that it depends on (source: Azure virtual network service tags)."""

STORAGE_OF_THE_REGION = "Storage.{region}"
"""Stands for Storage of the region that the VMs are in."""

_STORAGE = "Storage"
_BY_KEY = {tag.casefold(): tag for tag in SERVICE_TAGS}


def _in_normal_form(value: object) -> object:
    if not isinstance(value, str):
        return value
    name, dot, region = value.partition(".")
    tag = _BY_KEY.get(name.casefold(), name)
    return tag + dot + (region.replace(" ", "").lower() if tag == _STORAGE else region)


ServiceTag = Annotated[str, BeforeValidator(_in_normal_form)]
"""A service tag in Azure's spelling, its region as Azure's programmatic name: "storage.Japan East" becomes
Storage.japaneast. Azure's tags ignore letter case."""


def region_of(tag: str) -> str | None:
    """The region that a tag of Storage names; None where it names none, or leaves it to be filled in."""
    name, _, region = tag.partition(".")
    return region if name == _STORAGE and region and tag != STORAGE_OF_THE_REGION else None


def overlap(tag: str, other: str) -> bool:
    """Whether some addresses are behind both: Storage holds every region's, and any region may be `{region}`."""
    open_ended = {_STORAGE, STORAGE_OF_THE_REGION}
    both_storage = {tag.partition(".")[0], other.partition(".")[0]} == {_STORAGE}
    return tag == other or (both_storage and not open_ended.isdisjoint((tag, other)))
