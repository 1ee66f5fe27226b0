"""The actions that make a vault as it is declared: which of them, how many, and in which order.

A vault is created or updated by one request, with two exceptions. Its immutability is locked by a request of its own,
because the service takes Locked only after Unlocked (terraform-provider-azurerm, recovery_services_vault). And what a
Resource Guard watches over goes apart, so that the rest need not wait for its approval.
"""

from collections.abc import Sequence
from typing import Any

from backup_reconciler.plan import difference
from backup_reconciler.plan.action import (
    AwaitVault,
    Change,
    ChangeVault,
    CreateVault,
    LockVault,
    Risk,
    UpdateVault,
    WeakenVault,
)
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import WhyHeld
from backup_reconciler.plan.remark import Remark, address, label, tell
from backup_reconciler.plan.vault.difference import changed_settings
from backup_reconciler.plan.vault.effect import critical_operation, data_effect, is_first_key, is_for_good, risks
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.rules.vault import KEY_ACCESS
from backup_reconciler.spec.vault import VaultSettings, VaultSpec
from backup_reconciler.state.snapshot import VaultContents
from backup_reconciler.state.vault import LiveVault

_NEW = "none yet, the vault is new"


def _creation_settings(declared: VaultSettings) -> VaultSettings:
    """What a vault is created with: it is locked afterwards, and gets its key once its own identity may read it."""
    later: dict[str, Any] = {}
    if declared.immutability == "Locked":
        later["immutability"] = "Unlocked"
    if _reads_by_itself(declared):
        later["encryption"] = None
    return declared.model_copy(update=later)


def create(declaration: Declaration[VaultSpec], draft: Draft) -> None:
    """Create the vault."""
    declared = declaration.spec.settings()
    settings = _creation_settings(declared)
    vault = declaration.spec.vault_id(declaration.handle)
    created = draft.act(
        CreateVault(
            address=address(declaration),
            label=label(declaration),
            changes=difference.creation(settings.stated(), declaration),
            data_effect=_NEW,
            risks=frozenset({Risk.ONE_WAY} if _is_for_good(settings) else ()),
            place=declaration.place,
            vault=vault,
            settings=settings,
        )
    )
    new = VaultContents(LiveVault(vault, VaultSettings(), "Succeeded", {}))
    if declared.immutability == "Locked":
        draft.act(_step(LockVault, declaration, new, [_lock(declaration)]), created)
    if declared.encryption != settings.encryption:
        _postpone_first_key(declaration, new, draft)


def wait(declaration: Declaration[VaultSpec], live: LiveVault, draft: Draft) -> None:
    """Wait for a vault that is still being created, perhaps by a run that was broken off."""
    declared = declaration.spec.settings()
    settings = None if declaration.spec.existing else _creation_settings(declared)
    draft.act(
        AwaitVault(
            address=address(declaration),
            label=label(declaration),
            changes=(),
            data_effect="not touched",
            place=declaration.place,
            vault=live.id,
            settings=settings,
        )
    )
    if settings is not None and declared.encryption != settings.encryption:
        _postpone_first_key(declaration, VaultContents(live), draft)


def change(
    declaration: Declaration[VaultSpec], contents: VaultContents, changes: Sequence[Change], draft: Draft
) -> None:
    """Change the vault."""
    found = contents.vault.settings.identity
    now, lock = _unlocked_first(changes, declaration)
    if _reads_by_itself(declaration.spec.settings()) and not (found and found.system_assigned):
        later = [one for one in now if _of_key(one) or _takes_the_reader(one, contents)]
        _postpone_key(later, declaration, contents, draft)
        now = [one for one in now if one not in later]
    watched = [one for one in now if _is_watched(one, contents)]
    rest = [one for one in now if one not in watched]
    first = [draft.act(_step(UpdateVault, declaration, contents, rest))] if rest else []
    if watched:
        draft.act(_step(WeakenVault, declaration, contents, watched))
    if any(map(is_first_key, watched)):
        draft.bar(address(declaration), address(declaration), WhyHeld.KEY)
    if lock:
        draft.act(_step(LockVault, declaration, contents, lock), *first)


def _step(
    kind: type[ChangeVault], declaration: Declaration[VaultSpec], contents: VaultContents, changes: Sequence[Change]
) -> Any:
    """One request for these changes."""
    live = contents.vault
    return kind(
        address=address(declaration),
        label=label(declaration),
        changes=tuple(changes),
        data_effect=data_effect(changes, contents),
        risks=risks(changes, contents),
        place=declaration.place,
        critical=frozenset(filter(None, map(critical_operation, changes))),
        vault=live.id,
        live=live if live.raw else None,
        settings=changed_settings(changes, declaration.spec.settings(), live),
    )


def _unlocked_first(
    changes: Sequence[Change], declaration: Declaration[VaultSpec]
) -> tuple[list[Change], list[Change]]:
    """The changes, with immutability on its way to Locked as Unlocked; and the one that locks it."""
    locks = [one for one in changes if (one.path, one.declared) == ("immutability", "Locked")]
    rest = [one for one in changes if one not in locks]
    if not locks:
        return rest, []
    if locks[0].found != "Unlocked":
        rest.append(_change(declaration, "immutability", "", locks[0].found, "Unlocked"))
    return rest, [_lock(declaration)]


def _postpone_first_key(declaration: Declaration[VaultSpec], contents: VaultContents, draft: Draft) -> None:
    """Leave the key of a vault that is not there yet to a later run."""
    key = declaration.spec.settings().stated()["encryption"]
    missing = [_change(declaration, "encryption", name, None, value) for name, value in key.items()]
    _postpone_key(missing, declaration, contents, draft)


def _postpone_key(
    changes: Sequence[Change], declaration: Declaration[VaultSpec], contents: VaultContents, draft: Draft
) -> None:
    """Leave the key to a later run; and where it is the first, all that would put backups into the vault before."""
    message = "the vault's own identity, which this run brings about, is to read the key; so the key waits for the next"
    tell(Remark(KEY_ACCESS, ("encryption",), message), Severity.WARNING, declaration, draft)
    draft.leave(_step(UpdateVault, declaration, contents, changes), address(declaration), WhyHeld.KEY)
    if any(map(is_first_key, changes)):
        draft.bar(address(declaration), address(declaration), WhyHeld.KEY)


def _lock(declaration: Declaration[VaultSpec]) -> Change:
    return _change(declaration, "immutability", "", "Unlocked", "Locked")


def _change(declaration: Declaration[VaultSpec], name: str, inner: str, found: Any, declared: Any) -> Change:
    path = tuple(filter(None, (name, inner)))
    return Change(".".join(path), found, declared, declaration.place_of(*path))


def _of_key(one: Change) -> bool:
    return one.path.startswith("encryption.")


def _takes_the_reader(one: Change, contents: VaultContents) -> bool:
    """Whether a change takes away the identity that reads the vault's key, which has to wait until another reads it."""
    now = contents.vault.settings.encryption
    return (
        one.path == "identity.userAssigned"
        and now is not None
        and ArmId(now.identity) not in {ArmId(text) for text in one.declared}
    )


def _is_watched(one: Change, contents: VaultContents) -> bool:
    operation = critical_operation(one)
    return bool(contents.guard and operation and contents.guard.watches(operation))


def _reads_by_itself(declared: VaultSettings) -> bool:
    """Whether the vault's own identity is to read the key."""
    return declared.encryption is not None and declared.encryption.identity == "systemAssigned"


def _is_for_good(settings: VaultSettings) -> bool:
    """Whether something of a vault that is created so can never be otherwise."""
    leaves = [
        (".".join(filter(None, (name, inner))), value)
        for name, field in settings.stated().items()
        for inner, value in (field.items() if isinstance(field, dict) else [("", field)])
    ]
    return settings.encryption is not None or any(is_for_good(*leaf) for leaf in leaves)
