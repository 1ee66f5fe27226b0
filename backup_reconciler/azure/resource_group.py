"""Resource groups: only whether one is there."""

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId


def group_id(of: ArmId) -> ArmId:
    """The id of the resource group that a resource is in."""
    return ArmId(f"/subscriptions/{of.subscription}/resourceGroups/{of.resource_group}")


def get_request(group: ArmId) -> ArmRequest:
    return get(group.text, Api.RESOURCES)
