"""Words that the methods of outbound access share."""

from collections.abc import Sequence

from backup_reconciler.spec.arm_id import ArmId

_MOST_TOLD = 5


def rule_label(group: ArmId, name: str) -> str:
    return f"security rule {name} in {group.name}"


def some_of(names: Sequence[str]) -> str:
    """a, b and c; of many the first."""
    more = len(names) - _MOST_TOLD
    told = [*names[:_MOST_TOLD], f"{more:,} more"] if more > 0 else names
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
