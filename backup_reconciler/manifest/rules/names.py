"""The forms of names that several kinds use."""

import re

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RESOURCE_GROUP = re.compile(r"[\w.()-]{0,89}[\w()-]")
_REGION = re.compile(r"[a-z0-9]+")
_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._!-]{0,149}")


def is_guid(text: str) -> bool:
    return _GUID.fullmatch(text) is not None


def is_resource_group(name: str) -> bool:
    return _RESOURCE_GROUP.fullmatch(name) is not None


def is_region(name: str) -> bool:
    """Whether a normalised region can be the name of one. Which regions there are is for Azure to say."""
    return _REGION.fullmatch(name) is not None


def is_handle(text: str) -> bool:
    return _HANDLE.fullmatch(text) is not None
