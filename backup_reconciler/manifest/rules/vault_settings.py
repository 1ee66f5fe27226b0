"""Rules of what a vault is like."""

import re
from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import ranges
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.resource_type import MANAGED_IDENTITY
from backup_reconciler.spec.rules.value import TAG_FORM
from backup_reconciler.spec.rules.vault import (
    CROSS_REGION_RESTORE,
    ENCRYPTION_IDENTITY,
    ENCRYPTION_KEY,
    SOFT_DELETE_RETENTION,
    USER_ASSIGNED_IDENTITY,
)
from backup_reconciler.spec.vault import VaultSpec

_KEY = re.compile(r"https://[A-Za-z0-9-]+\.(vault|managedhsm)\.[a-z.]+/keys/[A-Za-z0-9-]{1,127}(/[0-9A-Fa-f]{32})?/?")
_NOT_IN_TAG_NAMES = re.compile(r"[<>%&\\?/]")
_TAGS: FieldPath = ("spec", "tags")
_IDENTITIES: FieldPath = ("spec", "identity", "userAssigned")


def soft_delete_retention(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    days = vault.spec.soft_delete.retention_days if vault.spec.soft_delete else None
    if days is not None and days not in ranges.SOFT_DELETE_DAYS:
        path = ("spec", "softDelete", "retentionDays")
        remedy = f"the nearest is {ranges.SOFT_DELETE_DAYS.nearest(days)}"
        yield vault.problem(SOFT_DELETE_RETENTION, path, f"{days} is not from 14 to 180", remedy)


def cross_region_restore(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    redundancy = vault.spec.redundancy
    if vault.spec.cross_region_restore == "Enabled" and redundancy not in {None, "GeoRedundant"}:
        also = vault.written.tree.place(("spec", "redundancy"))
        what = f"is Enabled, and the redundancy is {redundancy}"
        yield vault.problem(CROSS_REGION_RESTORE, ("spec", "crossRegionRestore"), what, also=also)


def user_assigned_identities(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    identity = vault.spec.identity
    for index, text in enumerate((identity and identity.user_assigned) or ()):
        fault = id_fault(text, MANAGED_IDENTITY)
        if fault:
            yield vault.problem(USER_ASSIGNED_IDENTITY, (*_IDENTITIES, index), fault.what, fault.remedy)


def encryption_key(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    encryption = vault.spec.encryption
    if encryption is not None and not _KEY.fullmatch(encryption.key):
        what = f"{quoted(encryption.key)} is not the identifier of a key"
        yield vault.problem(ENCRYPTION_KEY, ("spec", "encryption", "key"), what)


def encryption_identity(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    """An identity that is not stated is not managed, so nothing can be said of it; one that is stated is whole."""
    if vault.spec.encryption is None:
        return
    path, reader, identity = ("spec", "encryption", "identity"), vault.spec.encryption.identity, vault.spec.identity
    fault = id_fault(reader, MANAGED_IDENTITY) if reader != "systemAssigned" else None
    if fault:
        yield vault.problem(USER_ASSIGNED_IDENTITY, path, fault.what, f"write systemAssigned, or {fault.remedy}")
    elif identity is None:
        return
    elif reader == "systemAssigned" and identity.system_assigned is False:
        what, remedy = "systemAssigned reads the key, and the vault has no such identity", "set systemAssigned: true"
        also = vault.written.tree.place(("spec", "identity", "systemAssigned"))
        yield vault.problem(ENCRYPTION_IDENTITY, path, what, remedy, also=also)
    elif (
        reader != "systemAssigned"
        and identity.user_assigned is not None
        and not any(id_fault(text, MANAGED_IDENTITY) for text in identity.user_assigned)
        and ArmId(reader) not in {ArmId(text) for text in identity.user_assigned}
    ):
        what = "the identity is none of the vault's"
        yield vault.problem(ENCRYPTION_IDENTITY, path, what, also=vault.written.tree.place(_IDENTITIES))


def tag_form(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    tags, tree = vault.spec.tags or {}, vault.written.tree
    for name, value in tags.items():
        path = (*_TAGS, name)
        if wrong := _wrong_with_name(name):
            yield vault.written.problem(TAG_FORM, path, wrong, at=tree.key_place(path))
        if value is not None and len(value) > 256:
            yield vault.problem(TAG_FORM, path, f"the value has {len(value)} characters, not at most 256", "shorten it")
    kept = sum(value is not None for value in tags.values())
    if kept > 50:
        what = f"{kept} tags are given, not at most 50"
        yield vault.written.problem(TAG_FORM, _TAGS, what, "remove some of them", at=tree.key_place(_TAGS))


def _wrong_with_name(name: str) -> str | None:
    """What keeps a text from being the name of a tag."""
    if not name:
        return "the tag's name is empty"
    if len(name) > 512:
        return f"the tag's name has {len(name)} characters, not at most 512"
    found = _NOT_IN_TAG_NAMES.search(name)
    return f"the tag's name holds {quoted(found[0])}" if found else None


RULES = (
    soft_delete_retention,
    cross_region_restore,
    user_assigned_identities,
    encryption_key,
    encryption_identity,
    tag_form,
)
