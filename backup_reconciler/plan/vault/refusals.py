"""What the service would refuse of a vault, for what the vault is already.

The validator has judged what the manifest states. Here each setting meets what Azure has of it and of its neighbours.
"""

from collections.abc import Iterator
from typing import Any

from backup_reconciler.plan.remark import Remark
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.vault import (
    CROSS_REGION_RESTORE,
    CROSS_REGION_RESTORE_KEPT,
    CROSS_SUBSCRIPTION_RESTORE_KEPT,
    ENCRYPTION_IDENTITY,
    FIRST_KEY,
    IMMUTABILITY_LOCKED,
    INFRASTRUCTURE_ENCRYPTION,
    REDUNDANCY_LOCKED,
    SYSTEM_IDENTITY_KEPT,
)
from backup_reconciler.spec.vault import Encryption, Identity, VaultSettings
from backup_reconciler.state.snapshot import VaultContents

_NONE = Identity(system_assigned=False, user_assigned=())
_SYSTEM = "systemAssigned"


def refusals(wished: VaultSettings, contents: VaultContents) -> Iterator[Remark]:
    """Why a vault cannot become as it is declared."""
    found = contents.vault.stated()
    yield from _redundancy(wished, contents, found)
    yield from _cross_region_restore(wished, found)
    yield from _for_good(wished, found)
    yield from _identity(wished, contents.vault.settings)
    yield from _encryption(wished.encryption, contents)
    yield from _reader(wished.encryption, wished.identity, contents.vault.settings.identity or _NONE)


def refusals_of_new(wished: VaultSettings) -> Iterator[Remark]:
    """Why a vault cannot be created as it is declared."""
    if wished.cross_region_restore == "Enabled" and wished.redundancy is None:
        message = "it is Enabled, and no redundancy is stated: that of a new vault is not GeoRedundant in every region"
        yield Remark(CROSS_REGION_RESTORE, ("crossRegionRestore",), message)
    yield from _reader(wished.encryption, wished.identity, _NONE)


def _redundancy(wished: VaultSettings, contents: VaultContents, found: dict[str, Any]) -> Iterator[Remark]:
    now = found.get("redundancy")
    if now is None or wished.redundancy in (None, now):
        return
    if contents.items:
        why = f"holds the backups of VMs ({len(contents.items)})"
    elif contents.vault.redundancy_locked:
        why = "is locked, because a machine was registered once"
    elif found.get("crossRegionRestore") == "Enabled":
        message = f"crossRegionRestore is Enabled for good and needs GeoRedundant, so it cannot be {wished.redundancy}"
        yield Remark(CROSS_REGION_RESTORE_KEPT, ("redundancy",), message)
        return
    else:
        return
    message = f"it is {now} and {why}, so it cannot become {wished.redundancy}"
    yield Remark(REDUNDANCY_LOCKED, ("redundancy",), message)


def _cross_region_restore(wished: VaultSettings, found: dict[str, Any]) -> Iterator[Remark]:
    path, now = ("crossRegionRestore",), found.get("crossRegionRestore")
    redundancy = wished.redundancy or found.get("redundancy", "GeoRedundant")
    if wished.cross_region_restore == "Enabled" and now != "Enabled" and redundancy != "GeoRedundant":
        message = f"it is to be Enabled, and the redundancy is {redundancy}; the redundancy is Azure's, none is stated"
        yield Remark(CROSS_REGION_RESTORE, path, message)
    elif wished.cross_region_restore == "Disabled" and now == "Enabled":
        yield Remark(CROSS_REGION_RESTORE_KEPT, path, "it is Enabled and cannot be Disabled again")


def _for_good(wished: VaultSettings, found: dict[str, Any]) -> Iterator[Remark]:
    """Settings with a value from which no way leads back."""
    across = wished.cross_subscription_restore
    if found.get("crossSubscriptionRestore") == "PermanentlyDisabled" and across not in (None, "PermanentlyDisabled"):
        message = f"it is PermanentlyDisabled and cannot be {across} again"
        yield Remark(CROSS_SUBSCRIPTION_RESTORE_KEPT, ("crossSubscriptionRestore",), message)
    if found["immutability"] == "Locked" and wished.immutability not in (None, "Locked"):
        message = f"it is Locked and cannot be {wished.immutability} again"
        yield Remark(IMMUTABILITY_LOCKED, ("immutability",), message)


def _identity(wished: VaultSettings, live: VaultSettings) -> Iterator[Remark]:
    """The vault's own identity stays, and so does the one that reads the key."""
    now = live.identity or _NONE
    after = _after(wished.identity, now)
    if now.system_assigned and not after.system_assigned:
        message = "the vault has an identity of its own, which cannot be taken away"
        yield Remark(SYSTEM_IDENTITY_KEPT, ("identity", "systemAssigned"), message)
    if wished.encryption is None and live.encryption is not None and not _has(after, live.encryption.identity):
        message = f"{live.encryption.identity} reads the vault's key, so it cannot be taken away"
        yield Remark(ENCRYPTION_IDENTITY, ("identity",), message)


def _encryption(wished: Encryption | None, contents: VaultContents) -> Iterator[Remark]:
    live = contents.vault.settings.encryption
    if wished is None:
        return
    if live is None and (contents.items or contents.vault.redundancy_locked):
        holds = f"holds the backups of VMs ({len(contents.items)})" if contents.items else "held backups once"
        yield Remark(FIRST_KEY, ("encryption",), f"the vault has no key and {holds}, so it can get none")
    second = wished.infrastructure_encryption
    if live is not None and second not in (None, live.infrastructure_encryption):
        message = f"it is {live.infrastructure_encryption} since the vault got its key, and cannot become {second}"
        yield Remark(INFRASTRUCTURE_ENCRYPTION, ("encryption", "infrastructureEncryption"), message)


def _reader(encryption: Encryption | None, stated: Identity | None, now: Identity) -> Iterator[Remark]:
    """An identity that is to read the key, and that the vault neither has nor gets."""
    if encryption is not None and not _has(_after(stated, now), encryption.identity):
        what = "an identity of its own" if encryption.identity == _SYSTEM else f"the identity {encryption.identity}"
        message = f"the vault does not have {what}, which is to read the key"
        yield Remark(ENCRYPTION_IDENTITY, ("encryption", "identity"), message)


def _after(wished: Identity | None, now: Identity) -> Identity:
    """The identities with what is stated of them."""
    return now.model_copy(update={name: value for name, value in wished or () if value is not None})


def _has(identity: Identity, reader: str) -> bool:
    if reader == _SYSTEM:
        return bool(identity.system_assigned)
    return ArmId(reader) in {ArmId(one) for one in identity.user_assigned or ()}
