"""Codec of a vault's customer-managed key: ARM JSON ↔ Encryption."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.spec.vault import Encryption

_SYSTEM = "systemAssigned"


def decode(arm: Mapping[str, Any] | None) -> Encryption | None:
    """The key; None where the platform's own keys are used."""
    key = ((arm or {}).get("keyVaultProperties") or {}).get("keyUri")
    if arm is None or not key:
        return None
    reader = arm.get("kekIdentity") or {}
    second = str(arm.get("infrastructureEncryption")).casefold() == "enabled"
    user = "" if reader.get("useSystemAssignedIdentity") else reader.get("userAssignedIdentity")
    return Encryption.model_validate(
        {
            "key": key,
            "identity": user or _SYSTEM,
            "infrastructureEncryption": "Enabled" if second else "Disabled",
        }
    )


def encode(encryption: Encryption) -> dict[str, Any]:
    """The `encryption` of a request: key and reader always go together, because the service judges them together."""
    reader: dict[str, Any] = {"useSystemAssignedIdentity": encryption.identity == _SYSTEM}
    if encryption.identity != _SYSTEM:
        reader["userAssignedIdentity"] = encryption.identity
    body: dict[str, Any] = {"keyVaultProperties": {"keyUri": encryption.key}, "kekIdentity": reader}
    if encryption.infrastructure_encryption is not None:
        body["infrastructureEncryption"] = encryption.infrastructure_encryption
    return body
