"""What is declared and what was found, as plain data that digests are made of."""

from typing import Any

from backup_reconciler.plan.protection.deletion import told_state
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.vault import LiveVault

_NOT_ABOUT_IT = frozenset({"name", "subscription", "resourceGroup", "authoritative", "approval"})
"""Fields of a vault's document that its address tells already, or that say nothing of what the vault is like."""


def declared_vault(spec: VaultSpec) -> dict[str, Any]:
    stated = {name: value for name, value in spec.stated().items() if name not in _NOT_ABOUT_IT}
    return _with_folded_tags(stated)


def found_vault(live: LiveVault) -> dict[str, Any]:
    """Without what not every run asks for."""
    return _with_folded_tags({name: value for name, value in live.stated().items() if name not in live.told_apart})


def declared_policy(spec: BackupPolicySpec) -> dict[str, Any]:
    return {name: value for name, value in spec.stated().items() if name not in {"name", "vaults"}}


def found_policy(live: LivePolicy) -> dict[str, Any] | None:
    """None for one that the words of a manifest cannot tell."""
    return {"tier": live.tier, **live.settings.stated()} if live.settings else None


def found_item(item: LiveItem) -> dict[str, Any]:
    """Without the dates of its backups; that there is none yet is told, because a first one can be declared."""
    return {
        "protection": told_state(item),
        "policy": item.policy.name.casefold() if item.policy else None,
        "disks": item.disks.words,
        "firstBackup": not item.never_backed_up,
    }


def _with_folded_tags(stated: dict[str, Any]) -> dict[str, Any]:
    """Azure ignores the case of a tag's name, and does not ignore that of its value."""
    tags = {name.casefold(): value for name, value in (stated.get("tags") or {}).items()}
    return {**stated, "tags": tags}
