"""What stands in the way of tearing a vault down. Locks are not read: the service's own refusal is explained then."""

from collections.abc import Iterator
from datetime import date

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.protection.deletion import told_state, unapproved
from backup_reconciler.spec.approval import Approval
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.approval import APPROVAL_EXPIRED
from backup_reconciler.spec.rules.vault import (
    TEARDOWN_ENDPOINTS,
    TEARDOWN_IMMUTABLE,
    TEARDOWN_UNAPPROVED,
    VAULT_LOCATION,
    VAULT_NOT_READY,
)
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.snapshot import VaultContents
from backup_reconciler.state.vault import LiveVault

_Cause = tuple[Rule, tuple[str, ...], str]
"""A rule, the field of the vault that it is about, and what is the matter."""


def refusals(
    declaration: Declaration[VaultSpec], contents: VaultContents, as_of: date, address: str, label: str
) -> Iterator[Finding]:
    """A finding for each cause."""
    causes = list(_not_this_one(declaration.spec, contents.vault))
    if not causes:
        causes = [*_unapproved(declaration.spec.approval, contents.backups, as_of), *_barred(contents)]
    for rule, field, message in causes:
        yield Finding(rule, Severity.BLOCKED, address, label, message, declaration.place_of(*field))


def _not_this_one(declared: VaultSpec, live: LiveVault) -> Iterator[_Cause]:
    """A vault that is perhaps not the one that is meant, or of which nothing can be said yet."""
    if declared.location != live.settings.location:
        yield VAULT_LOCATION, ("location",), f"it is in {live.settings.location}, not in {declared.location}"
    elif not live.ready:
        yield VAULT_NOT_READY, ("name",), f"its provisioning state is {live.provisioning_state}"


def _unapproved(approval: Approval | None, backups: list[LiveItem], as_of: date) -> Iterator[_Cause]:
    """Soft-deleted items need no approval: they are on their way out already, and can be brought back as before."""
    if not backups:
        return
    if approval is None:
        message = f"it holds backups, and nobody has approved to delete them: {_listed(backups)}"
        yield TEARDOWN_UNAPPROVED, ("state",), message
        return
    if approval.expires < as_of:
        yield APPROVAL_EXPIRED, ("approval", "expires"), f"the approval ended on {approval.expires}"
    if missing := unapproved(approval, backups):
        message = f"it holds backups that the approval does not name: {_listed(missing)}"
        yield TEARDOWN_UNAPPROVED, ("approval", "vms"), message


def _barred(contents: VaultContents) -> Iterator[_Cause]:
    live = contents.vault
    immutability = live.stated().get("immutability", "Disabled")
    if contents.backups and immutability != "Disabled":
        until = "before their points have expired" if immutability == "Locked" else "as long as it is"
        message = f"its immutability is {immutability}: its backups cannot be deleted {until}"
        yield TEARDOWN_IMMUTABLE, ("state",), message
    if live.private_endpoints:
        yield TEARDOWN_ENDPOINTS, ("state",), f"private endpoints are connected: {', '.join(live.private_endpoints)}"


def _listed(items: list[LiveItem]) -> str:
    """The ids as an approval names them, each with what is being done for the VM."""
    return ", ".join(f"{item.vm} ({told_state(item)})" for item in items)
