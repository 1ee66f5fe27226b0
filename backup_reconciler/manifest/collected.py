"""Everything that one run has read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar, assert_never

from backup_reconciler.manifest.document import Declared, Written
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import (
    AnyDocument,
    BackupPolicyDocument,
    Declaration,
    Manifests,
    Source,
    VaultDocument,
    VMAssignmentDocument,
)
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.vault import VaultSpec

S = TypeVar("S", bound=Model)


@dataclass(frozen=True, slots=True)
class Collected:
    """Every document as it is written, however broken; and by kind those that have their shape."""

    documents: list[Written] = field(default_factory=list)
    vaults: list[Declared[VaultSpec]] = field(default_factory=list)
    policies: list[Declared[BackupPolicySpec]] = field(default_factory=list)
    assignments: list[Declared[AssignmentSpec]] = field(default_factory=list)

    def declare(self, document: AnyDocument, written: Written) -> None:
        """Take a document as one that has its shape."""
        match document:
            case VaultDocument(spec=vault):
                self.vaults.append(_declared(vault, written))
            case BackupPolicyDocument(spec=policy):
                self.policies.append(_declared(policy, written))
            case VMAssignmentDocument(spec=assignment):
                self.assignments.append(_declared(assignment, written))
            case _:
                assert_never(document)

    @property
    def declared(self) -> Iterator[Declared[Model]]:
        """Every document that has its shape."""
        return chain(self.vaults, self.policies, self.assignments)

    def manifests(self) -> Manifests:
        return Manifests(
            tuple(vault.declaration for vault in self.vaults),
            tuple(policy.declaration for policy in self.policies),
            tuple(assignment.declaration for assignment in self.assignments),
        )


def _declared(spec: S, written: Written) -> Declared[S]:
    return Declared(Declaration(written.kind, written.handle, spec, Source(written.tree.places)), written)
