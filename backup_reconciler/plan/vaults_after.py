"""What each vault will be like once the plan is carried out, which is what the service judges the rest by."""

from collections.abc import Mapping
from dataclasses import replace

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from backup_reconciler.state.vault import LiveVault


def vaults_after(manifests: Manifests, snapshot: Snapshot) -> Mapping[ArmId, VaultSettings]:
    """The settings of every declared vault: those of Azure, with what is declared in their place."""
    after: dict[ArmId, VaultSettings] = {}
    for vault in manifests.vaults:
        id_ = vault.spec.vault_id(vault.handle)
        contents = snapshot.vaults.get(id_)
        live = contents.vault.settings if contents else VaultSettings()
        declared = vault.spec.settings()
        if vault.spec.existing:  # it is never written
            declared = VaultSettings()
        elif contents and _immutability_is_guarded(contents):
            declared = declared.model_copy(update={"immutability": None})
        after[id_] = declared.over(live)
    return after


def vault_after(live: LiveVault, after: VaultSettings) -> LiveVault:
    """The vault with these settings; what they state is no longer what could not be said of it."""
    left = {name: value for name, value in live.unsayable.items() if name not in after.stated()}
    return replace(live, settings=after, unsayable=left)


def _immutability_is_guarded(contents: VaultContents) -> bool:
    """Whether this run leaves an immutable vault as it is, whatever is declared: a guard would have to approve."""
    guard = contents.guard
    return bool(guard and guard.watches(CriticalOperation.LOWER_IMMUTABILITY) and is_immutable(contents.vault.settings))


def is_immutable(vault: VaultSettings) -> bool:
    """Whether recovery points are kept from being deleted before they expire; Unlocked does so as Locked does."""
    return vault.immutability in ("Unlocked", "Locked")


def torn_down(manifests: Manifests) -> frozenset[ArmId]:
    """The vaults that are declared absent."""
    return frozenset(vault.spec.vault_id(vault.handle) for vault in manifests.vaults if vault.spec.is_absent())
