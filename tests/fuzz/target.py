"""What is fuzzed: one thing that is read, and examples of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Language = Literal["yaml", "json", "text"]


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is read."""

    name: str
    language: Language
    """What it is written in, as far as its shape goes."""
    read: Callable[[bytes], None]
    """Reads any bytes as this. Returns where they were taken or refused as documented; everything else it raises."""
    examples: Callable[[], list[bytes]]
    """Good ones, which fuzzing starts from."""
    passes: int = 1
    """How often it is read in one go, for which a bound of time makes allowance."""
