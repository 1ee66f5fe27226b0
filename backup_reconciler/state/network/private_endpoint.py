"""A live private endpoint."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class PrivateEndpoint:
    """An address of a subnet behind which a service lies."""

    id: ArmId
    subnet: ArmId
    targets: frozenset[ArmId]
    """The resources that it leads to."""
