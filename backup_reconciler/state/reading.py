"""How a snapshot was read, and what of it rests on Resource Graph."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.read_by import ReadBy


@dataclass(frozen=True, slots=True)
class Choice:
    """A way of reading, and why it is that one."""

    by: ReadBy = ReadBy.LISTS
    because: str = ""
    """Empty where it was asked for, or is what is usual."""


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on Resource Graph alone, minutes behind the services."""

    vaults: frozenset[ArmId] = frozenset()
    """Vaults with all that they hold."""
    vms: frozenset[ArmId] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.vaults or self.vms)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a snapshot was read."""

    choice: Choice = Choice()
    by_graph: Resting = Resting()
    """What nothing has confirmed since it was read by Resource Graph."""
    confirmed: int = 0
    """How many vaults were read by Resource Graph first, and by their own lists then."""
    not_shown_whole: frozenset[str] = frozenset()
    """Subscriptions (ids in lower case) that these rights do not show as a whole. Resource Graph would leave things out
    there without a word, and so they were read by lists."""

    @property
    def by(self) -> ReadBy:
        return self.choice.by

    def joined(self, other: "Reading") -> "Reading":
        """How two parts were read; by Resource Graph, and for its reason, where one of them was."""
        choices = (self.choice, other.choice)
        return Reading(
            choice=next((one for one in choices if one.by is ReadBy.GRAPH), self.choice),
            by_graph=Resting(self.by_graph.vaults | other.by_graph.vaults, self.by_graph.vms | other.by_graph.vms),
            confirmed=self.confirmed + other.confirmed,
            not_shown_whole=self.not_shown_whole | other.not_shown_whole,
        )


BY_LISTS = Reading()
