"""The forms of names that several kinds use."""

import re

_RESOURCE_GROUP = re.compile(r"[\w.()-]{0,89}[\w()-]")
_REGION = re.compile(r"[a-z0-9]+")


def is_resource_group(name: str) -> bool:
    return _RESOURCE_GROUP.fullmatch(name) is not None


def is_region(name: str) -> bool:
    """Whether a normalised region can be the name of one. Which regions there are is for Azure to say."""
    return _REGION.fullmatch(name) is not None
