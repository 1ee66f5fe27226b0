"""What the files of an export are called, so that every system can hold them and none of them is taken for another."""

import re
from collections.abc import Iterable

_SUFFIX = ".yaml"
_LONGEST = 100
"""Characters, of which systems take 255 bytes with the suffix."""
_PLAIN = re.compile(r"[^A-Za-z0-9._-]")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Devices on Windows, whatever follows a dot (Learn, "Naming Files, Paths, and Namespaces")."""
_OF_OUR_OWN = re.compile(r"backup-reconciler|.*\.world", re.IGNORECASE)
"""The file of settings, and worlds, which are no manifests."""


def file_names(handles: Iterable[str]) -> dict[str, str]:
    """For each handle the name of a file in one folder. No two of them differ in letter case alone."""
    taken: set[str] = set()
    return {handle: _free(_plain(handle), taken) for handle in handles}


def _plain(handle: str) -> str:
    name = _PLAIN.sub("_", handle)[:_LONGEST].strip(".") or "vault"
    return f"{name}_" if _DEVICE.fullmatch(name) or _OF_OUR_OWN.fullmatch(name) else name


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken."""
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return f"{free}{_SUFFIX}"
