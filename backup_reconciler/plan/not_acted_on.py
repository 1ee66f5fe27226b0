"""What the language can say and this version does not act on: such documents are blocked, never half carried out."""

from collections.abc import Mapping
from types import MappingProxyType

from backup_reconciler.plan.address import policy_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.rules.document import NOT_ACTED_ON

FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Settings": frozenset({"connection", "lock"}),
    }
)  # fmt: skip
"""The fields of each kind whose being stated keeps a document from being carried out."""

SETTINGS = "Settings"
"""The address of findings about the settings file."""


def withhold(manifests: Manifests, draft: Draft) -> set[str]:
    """Block the documents that cannot be carried out whole, and so what depends on them; returns their names."""
    withheld: set[str] = set()
    for declaration in (*manifests.declarations, *((manifests.settings,) if manifests.settings else ())):
        fields = _not_acted_on(declaration)
        if fields:
            withheld.add(str(declaration))
            for address, label in _addresses(declaration, manifests):
                what = _told(declaration, fields)
                message = f"this version does not act on {what}, so nothing of it is compared or carried out"
                place = declaration.place_of(fields[0])
                draft.find(Finding(NOT_ACTED_ON, Severity.BLOCKED, address, label, message, place))
    return withheld


def _not_acted_on(declaration: Declaration[Model]) -> list[str]:
    return [name for name in declaration.spec.stated() if name in FIELDS.get(declaration.kind, ())]


def _told(declaration: Declaration[Model], fields: list[str]) -> str:
    """The fields; or the kind, where none of its documents can do without one of them."""
    required = {info.alias or name for name, info in type(declaration.spec).model_fields.items() if info.is_required()}
    return " and ".join(fields) if required.isdisjoint(fields) else f"any {declaration.kind}"


def _addresses(declaration: Declaration[Model], manifests: Manifests) -> list[tuple[str, str]]:
    """What the document stands for in a plan, each with its label."""
    for vault in manifests.vaults:
        if vault is declaration:
            name = vault.spec.azure_name(vault.handle)
            return [(vault_address(vault.spec.vault_id(vault.handle)), f"vault {name}")]
    for policy in manifests.policies:
        if policy is declaration:
            name = policy.spec.azure_name(policy.handle)
            holders = [holder.spec.vault_id(holder.handle) for holder in manifests.vaults_of(policy)]
            return [(policy_address(holder, name), f"policy {name} in {holder.name}") for holder in holders]
    if declaration is manifests.settings:
        return [(SETTINGS, "settings")]
    return [(str(declaration), str(declaration))]
