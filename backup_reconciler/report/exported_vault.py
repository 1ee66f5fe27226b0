"""A live vault as a manifest states it, and what of it no manifest can state."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.manifest import Problem, check
from backup_reconciler.manifest.writing import write
from backup_reconciler.report.words import shown
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.vault import LiveVault

_ALWAYS = frozenset({"name", "subscription", "resourceGroup", "location"})
"""What a vault is found by: without it there is no manifest."""


def vault_spec(vault: LiveVault, handle: str) -> VaultSpec:
    """All that a manifest can state of the vault, under this handle."""
    spec = _spec(vault, handle)
    wrong = {name for name, _ in _problems(spec)}
    return _spec(vault, handle, without=wrong) if wrong else spec


def untold(vault: LiveVault) -> list[str]:
    """What is left out of the manifest, each with the reason."""
    left_out = [f"{name}: it is {shown(value)} in Azure" for name, value in sorted(vault.unsayable.items())]
    told = _problems(_spec(vault, "rsv"))
    return left_out + [f"{each.field.removeprefix('spec.')}: {each.what} [{each.rule.id}]" for _, each in told]


def _spec(vault: LiveVault, handle: str, without: set[str] | frozenset[str] = frozenset()) -> VaultSpec:
    stated = {name: value for name, value in _settings(vault).items() if name not in without}
    if vault.id.name != handle:
        stated["name"] = vault.id.name
    return VaultSpec.model_validate(
        {**stated, "subscription": vault.id.subscription, "resourceGroup": vault.id.resource_group}
    )


def _settings(vault: LiveVault) -> Mapping[str, Any]:
    """What Azure tells of it, less tags and identities that it does not have."""
    stated = vault.settings.stated()
    if not stated.get("tags"):
        stated.pop("tags", None)
    identity = {kind: has for kind, has in stated.pop("identity", {}).items() if has}
    return stated | ({"identity": identity} if identity else {})


def _problems(spec: VaultSpec) -> list[tuple[str, Problem]]:
    """What the rules have against a setting that Azure has, as a key of a form they do not know; by the setting."""
    found = [(each.path, each) for each in check(write([("Vault", "rsv", spec)]))]
    settings = [(str(path[1]), each) for path, each in found if len(path) > 1 and path[0] == "spec"]
    return [(name, each) for name, each in settings if name not in _ALWAYS]
