"""Custom roles as JSON, in the form that `az role definition create` and `New-AzRoleDefinition -InputFile` take.

Source: Learn, "Azure custom roles" (custom role properties), "az role definition create".
"""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal

from backup_reconciler.plan.permissions.need import Purpose
from backup_reconciler.plan.permissions.role import Role

_MEANT_FOR = {
    Purpose.PLAN: "What backup-reconciler reads to plan, and to tell drift, readiness and jobs.",
    Purpose.APPLY: "What backup-reconciler reads and writes to apply manifests.",
}


class RoleDefinition(BaseModel):
    """A definition that Azure does not have yet."""

    model_config = ConfigDict(frozen=True, alias_generator=to_pascal, validate_by_name=True, serialize_by_alias=True)

    name: str
    is_custom: bool = True
    description: str
    actions: list[str]
    not_actions: list[str] = []
    data_actions: list[str] = []
    not_data_actions: list[str] = []
    assignable_scopes: list[str]


def role_name(begins: str, purpose: Purpose) -> str:
    """The name of a role, of which a tenant has each once."""
    return f"{begins} {purpose}"


def role_data(role: Role, begins: str) -> RoleDefinition:
    """The definition of a role whose name begins like that."""
    return RoleDefinition(
        name=role_name(begins, role.purpose),
        description=_MEANT_FOR[role.purpose],
        actions=role.actions,
        assignable_scopes=[scope.text for scope in role.subscriptions],
    )
