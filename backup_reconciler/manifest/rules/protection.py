"""Rules of kind VMAssignment."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.protection import POLICY_NEEDED, VAULT_NEEDED


def vault_needed(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    if assignment.spec.vault is None and assignment.spec.vaults is None:
        yield assignment.problem(VAULT_NEEDED, ("spec", "vault"), "is missing")
    elif assignment.spec.vault is not None and assignment.spec.vaults is not None:
        tree = assignment.written.tree
        place, also = tree.key_place(("spec", "vaults")), tree.key_place(("spec", "vault"))
        what, remedy = "stands beside vault", "keep one of the two"
        yield assignment.written.problem(VAULT_NEEDED, ("spec", "vaults"), what, remedy, at=place, also=also)


def policy_needed(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    if assignment.spec.protection == "active" and assignment.spec.policy is None:
        yield assignment.problem(POLICY_NEEDED, ("spec", "policy"), "is missing, and protection is active")


RULES = (vault_needed, policy_needed)
