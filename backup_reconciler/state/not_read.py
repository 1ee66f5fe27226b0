"""What could not be read, where a plan can do without it: told as not known, never as absent or as fine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotRead:
    """Azure answered, and would not tell."""

    why: str
    """Status and code of the answer: `403 AuthorizationFailed`."""
    forbidden: bool
    """Whether rights are what lacks."""
