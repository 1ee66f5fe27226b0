"""How a vault differs from what is declared."""

from collections.abc import Iterable
from typing import Any

from backup_reconciler.plan import difference
from backup_reconciler.plan.action import Change
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.vault import VaultSettings, VaultSpec
from backup_reconciler.state.vault import LiveVault
from backup_reconciler.state.vault_comparison import as_declared


def vault_changes(declaration: Declaration[VaultSpec], live: LiveVault) -> tuple[Change, ...]:
    """What differs; a redundancy that Azure does not tell is not compared."""
    declared, found = declaration.spec.settings().stated(), live.stated()
    if "redundancy" not in found:
        declared.pop("redundancy", None)
    return difference.changes(declared, as_declared(declared, found), declaration)


def changed_settings(changes: Iterable[Change], wished: VaultSettings, live: LiveVault) -> VaultSettings:
    """What these changes make of a vault, and nothing else of it.

    Tags are written as one value, a key with the identity that reads it, and the days of soft delete beside its state.
    """
    declared = wished.stated()
    picked: dict[str, Any] = {}
    for change in changes:
        name, _, inner = change.path.partition(".")
        if name == "tags":
            picked[name] = declared[name]
        elif inner:
            picked.setdefault(name, {})[inner] = change.declared
        else:
            picked[name] = change.declared
    if "encryption" in picked:
        both = {inner: declared["encryption"][inner] for inner in ("key", "identity")}
        picked["encryption"] = both | picked["encryption"]
    if "softDelete" in picked:
        now = live.settings.soft_delete
        kept = now.state if now and now.state == "AlwaysOn" else declared["softDelete"]["state"]
        picked["softDelete"] = {"state": kept} | picked["softDelete"]
    return VaultSettings.model_validate(picked)
