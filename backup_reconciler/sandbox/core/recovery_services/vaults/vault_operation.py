"""Operations on whole vaults: how they begin, and the links by which they are asked after."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Operation, Vault
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

CREATE, UPDATE, DELETE, UNDELETE = 2047, 4095, 1023, 8191
"""The number inside a vault operation's id says what it does (R22, R26; that of an undeletion is chosen)."""


def begin(call: Call, vault: Vault, number: int, verb: str, intent: Json | None = None) -> Operation:
    """A vault's operation; its id is the base64 of `2047;{guid}` (R26)."""
    name = base64.b64encode(f"{number};{guid(call.rng)}".encode()).decode()
    operation = Operation(name, verb, call.now, items=[vault.key], intent=intent or {})
    call.estate.vault_operations[name] = operation
    due = call.now + timedelta(seconds=call.settings.durations.vault)
    call.estate.schedule(due, "vault", vault, name)
    return operation


def link(call: Call, kind: str, operation: Operation) -> str:
    return call.poll_link(f"{call.vault_path}/{kind}/{operation.id}")


def accepted(call: Call, operation: Operation) -> Response:
    """202, empty, with both links (R22 test_backup_identity, R26)."""
    return Response(202, headers=links(call, operation))


def links(call: Call, operation: Operation) -> dict[str, str]:
    return {
        "Azure-AsyncOperation": link(call, "operationStatus", operation),
        "Location": link(call, "operationResults", operation),
    }


def refuse_while_deleting(call: Call) -> None:
    """A vault that goes takes no other write. That its refusal is the one of a second change is INFERRED."""
    if "vault" in call.names and not call.route.action.endswith("/read"):
        going = call.estate.vault(call.vault_path)
        if going is not None and going.provisioning == "Deleting":
            raise _conflicting()


def refuse_while_updating(call: Call, vault: Vault) -> None:
    """One change of a vault at a time. The code is seen in public clients, its words are not."""
    running = call.estate.vault_operations.values()
    if any(each.status == "InProgress" and each.verb == "updateVault" and vault.key in each.items for each in running):
        raise _conflicting()


def _conflicting() -> Refused:
    return Refused(
        409,
        "RSVaultUpdateErrorConflictingOperationInProgress",
        "Another operation on the vault is in progress. Please wait until it is completed and try again.",
    )
