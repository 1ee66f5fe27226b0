"""A management lock."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock, and the place that it holds with all that lies in it."""

    name: str
    level: str
    """CanNotDelete, ReadOnly, or NotSpecified, which forbids nothing."""
    scope: ArmId

    @property
    def holds(self) -> bool:
        """Whether it keeps anything from being deleted."""
        return self.level.casefold() in ("cannotdelete", "readonly")

    def covers(self, place: ArmId) -> bool:
        """Whether a place is held by it, or holds something that is."""
        return _lies_in(place, self.scope) or _lies_in(self.scope, place)


def _lies_in(place: ArmId, around: ArmId) -> bool:
    return place == around or place.key.startswith(f"{around.key}/")
