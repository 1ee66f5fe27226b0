"""How many VMs a run may change, as the command line says it."""

import re
from dataclasses import dataclass

_WRITTEN = re.compile("([0-9]{1,7})(%?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class MaxChanges:
    """A number of VMs, or a share of all those that the vaults of the run hold, in percent."""

    number: int
    is_percent: bool = False

    @classmethod
    def written(cls, text: str) -> "MaxChanges | None":
        """What a text such as 40 or 25% says; None where it says no such thing."""
        match = _WRITTEN.fullmatch(text)
        if match is None or (match[2] and int(match[1]) > 100):
            return None
        return cls(int(match[1]), is_percent=bool(match[2]))

    def of(self, population: int) -> int:
        """How many VMs that is, where the vaults of the run hold so many."""
        return self.number * population // 100 if self.is_percent else self.number

    def __str__(self) -> str:
        return f"{self.number}%" if self.is_percent else str(self.number)
