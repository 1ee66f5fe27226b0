"""What each vault will be like once the plan is carried out, which is what the service judges the rest by."""

from collections.abc import Mapping

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.snapshot import Snapshot


def vaults_after(manifests: Manifests, snapshot: Snapshot) -> Mapping[ArmId, VaultSettings]:
    """The settings of every declared vault: those of Azure, with what is declared in their place.

    A vault that is owned elsewhere stays as it is.
    """
    after: dict[ArmId, VaultSettings] = {}
    for vault in manifests.vaults:
        id_ = vault.spec.vault_id(vault.handle)
        live = snapshot.vaults[id_].vault.settings if id_ in snapshot.vaults else VaultSettings()
        declared = VaultSettings() if vault.spec.existing else vault.spec.settings()
        after[id_] = live.model_copy(update={name: value for name, value in declared if value is not None})
    return after


def is_immutable(vault: VaultSettings) -> bool:
    """Whether recovery points are kept from being deleted before they expire; Unlocked does so as Locked does."""
    return vault.immutability in ("Unlocked", "Locked")
