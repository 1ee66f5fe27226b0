"""What is new since an earlier report, what is gone, and who changed it: Azure or git."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Origin(StrEnum):
    """Which side of a difference has moved since an earlier report."""

    AS_BEFORE = "as before"
    """Neither: it was told then as well."""
    AZURE = "changed in Azure"
    GIT = "changed in git"
    BOTH = "changed in both"
    UNKNOWN = "unknown"
    """The earlier report does not tell."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A difference of the earlier report that there is no more."""

    address: str
    state: str
    """How it differed then."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class Since:
    """This report against an earlier one."""

    as_of: date
    """The day of the earlier one."""
    new: frozenset[str]
    """The addresses of differences that were none then."""
    gone: tuple[Gone, ...]
    origins: Mapping[str, Origin]
    """Of each difference, by its address."""
