"""What a plan calls a vault, and what it remarks on one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.address import vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.vault import VaultSpec


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of one field of a vault, by a rule."""

    rule: Rule
    path: tuple[str, ...]
    message: str


def address(declaration: Declaration[VaultSpec]) -> str:
    return vault_address(declaration.spec.vault_id(declaration.handle))


def label(declaration: Declaration[VaultSpec]) -> str:
    return f"vault {declaration.spec.azure_name(declaration.handle)}"


def tell(remark: Remark, severity: Severity, declaration: Declaration[VaultSpec], draft: Draft) -> None:
    draft.find(_finding(remark, severity, declaration))


def block(
    remarks: Iterable[Remark],
    declaration: Declaration[VaultSpec],
    draft: Draft,
    changes: tuple[Change, ...] = (),
    drift: DriftState | None = None,
) -> None:
    """Block the vault; with changes, it is a difference that cannot be put right, which the first remark tells."""
    drift = drift or (DriftState.DIFFERS if changes else None)
    for remark in remarks:
        draft.find(replace(_finding(remark, Severity.BLOCKED, declaration), changes=changes, drift=drift))
        changes, drift = (), None


def _finding(remark: Remark, severity: Severity, declaration: Declaration[VaultSpec]) -> Finding:
    place = declaration.place_of(*remark.path)
    return Finding(remark.rule, severity, address(declaration), label(declaration), remark.message, place)
