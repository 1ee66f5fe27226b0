"""Planning vaults."""

from dataclasses import replace

from backup_reconciler.plan import difference
from backup_reconciler.plan.action import AwaitVault, Change, CreateVault, UpdateVault
from backup_reconciler.plan.address import vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.vault import (
    REDUNDANCY_LOCKED,
    REDUNDANCY_UNKNOWN,
    RESOURCE_GROUP_MISSING,
    VAULT_LOCATION,
    VAULT_MISSING,
    VAULT_NAME_REUSED,
    VAULT_NOT_READY,
)
from backup_reconciler.spec.vault import VaultSettings, VaultSpec
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from backup_reconciler.state.vault import LiveVault

_NEW = "none yet, the vault is new"
_KEPT = "not touched"


def plan_vault(declaration: Declaration[VaultSpec], snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about one declared vault."""
    contents = snapshot.vaults.get(declaration.spec.vault_id(declaration.handle))
    if contents is None:
        _plan_missing(declaration, snapshot, draft)
        return
    live, declared = contents.vault, declaration.spec
    if declared.location != live.settings.location:
        message = f"it is in {live.settings.location}, not in {declared.location}"
        _block(draft, declaration, VAULT_LOCATION, "location", message, _changes(declaration, live))
    elif live.being_created:
        _await(declaration, live, draft)
    elif declared.existing:
        draft.same(_address(declaration), _label(declaration), "it is owned elsewhere and is read only")
    elif not live.ready:
        message = f"its provisioning state is {live.provisioning_state}"
        _block(draft, declaration, VAULT_NOT_READY, "name", message)
    else:
        _plan_existing(declaration, contents, draft)


def _await(declaration: Declaration[VaultSpec], live: LiveVault, draft: Draft) -> None:
    draft.act(
        AwaitVault(
            address=_address(declaration),
            label=_label(declaration),
            changes=(),
            data_effect=_KEPT,
            place=declaration.place,
            vault=live.id,
            settings=None if declaration.spec.existing else declaration.spec.settings(),
        )
    )


def _plan_missing(declaration: Declaration[VaultSpec], snapshot: Snapshot, draft: Draft) -> None:
    vault = declaration.spec.vault_id(declaration.handle)
    if declaration.spec.existing:
        message = "it is declared as existing and does not exist"
        _block(draft, declaration, VAULT_MISSING, "existing", message, drift=DriftState.MISSING)
        return
    if any(_same_group(group, vault) for group in snapshot.missing_groups):
        message = f"the resource group {vault.resource_group} does not exist"
        _block(draft, declaration, RESOURCE_GROUP_MISSING, "resourceGroup", message, drift=DriftState.MISSING)
        return
    _warn_of_namesake(declaration, vault, snapshot, draft)
    settings = declaration.spec.settings()
    draft.act(
        CreateVault(
            address=_address(declaration),
            label=_label(declaration),
            changes=difference.creation(settings.stated(), declaration),
            data_effect=_NEW,
            place=declaration.place,
            vault=vault,
            settings=settings,
        )
    )


def _plan_existing(declaration: Declaration[VaultSpec], contents: VaultContents, draft: Draft) -> None:
    live, wished = contents.vault, declaration.spec.settings()
    changes = _changes(declaration, live)
    if wished.redundancy and not live.settings.redundancy:
        message = "Azure's answer does not tell the vault's redundancy, so it is not compared"
        draft.find(_finding(declaration, REDUNDANCY_UNKNOWN, Severity.WARNING, "redundancy", message))
    if any(change.path == "redundancy" for change in changes) and contents.items:
        message = f"it is {live.settings.redundancy} and protects VMs ({len(contents.items)}), so it cannot become"
        message = f"{message} {wished.redundancy}"
        _block(draft, declaration, REDUNDANCY_LOCKED, "redundancy", message, changes)
    elif not changes:
        draft.same(_address(declaration), _label(declaration), "it is as declared")
    else:
        changed = {change.path.partition(".")[0] for change in changes}
        stated = {name: value for name, value in wished.stated().items() if name in changed}
        draft.act(
            UpdateVault(
                address=_address(declaration),
                label=_label(declaration),
                changes=changes,
                data_effect=_KEPT,
                place=declaration.place,
                vault=live.id,
                live=live,
                settings=VaultSettings.model_validate(stated),
            )
        )


def _changes(declaration: Declaration[VaultSpec], live: LiveVault) -> tuple[Change, ...]:
    """What differs; a redundancy that Azure's answer does not tell is not compared."""
    declared, found = declaration.spec.settings().stated(), live.settings.stated()
    if "redundancy" not in found:
        declared.pop("redundancy", None)
    if "tags" in declared:
        found["tags"] = _tags_as_declared(declared["tags"], live.settings.tags or {})
    return difference.changes(declared, found, declaration)


def _tags_as_declared(wished: dict[str, str | None], live: dict[str, str | None]) -> dict[str, str | None]:
    """The live values of the tags that are declared, under the names as declared; tag names ignore letter case."""
    by_name = {name.casefold(): value for name, value in live.items()}
    return {name: by_name.get(name.casefold()) for name in wished}


def _warn_of_namesake(declaration: Declaration[VaultSpec], vault: ArmId, snapshot: Snapshot, draft: Draft) -> None:
    for other in snapshot.listed_vaults:
        if other.name.casefold() == vault.name.casefold() and (
            other.subscription.casefold() == vault.subscription.casefold()
        ):
            message = f"the resource group {other.resource_group} holds another vault of this name"
            draft.find(_finding(declaration, VAULT_NAME_REUSED, Severity.WARNING, "name", message))


def _block(
    draft: Draft,
    declaration: Declaration[VaultSpec],
    rule: Rule,
    field: str,
    message: str,
    changes: tuple[Change, ...] = (),
    drift: DriftState | None = None,
) -> None:
    """Block the vault; with changes, it is a difference that cannot be put right."""
    finding = _finding(declaration, rule, Severity.BLOCKED, field, message)
    draft.find(replace(finding, changes=changes, drift=drift or (DriftState.DIFFERS if changes else None)))


def _finding(declaration: Declaration[VaultSpec], rule: Rule, severity: Severity, field: str, message: str) -> Finding:
    return Finding(rule, severity, _address(declaration), _label(declaration), message, declaration.place_of(field))


def _same_group(group: ArmId, vault: ArmId) -> bool:
    return (group.subscription.casefold(), group.name.casefold()) == (
        vault.subscription.casefold(),
        vault.resource_group.casefold(),
    )


def _address(declaration: Declaration[VaultSpec]) -> str:
    return vault_address(declaration.spec.vault_id(declaration.handle))


def _label(declaration: Declaration[VaultSpec]) -> str:
    return f"vault {declaration.spec.azure_name(declaration.handle)}"
