"""Everything that one run has read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import TypeVar, assert_never

from backup_reconciler.manifest.document import Declared, Written
from backup_reconciler.manifest.shape.readings import Broken
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import (
    AnyDocument,
    BackupPolicyDocument,
    Declaration,
    ExemptionDocument,
    Manifests,
    OutboundAccessDocument,
    SettingsDocument,
    Source,
    VaultDocument,
    VMAssignmentDocument,
)
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.settings import SettingsSpec
from backup_reconciler.spec.vault import VaultSpec

S = TypeVar("S", bound=Model)


@dataclass(frozen=True, slots=True)
class Collected:
    """Every document as it is written, those that are broken, and by kind those that have their shape."""

    documents: list[Written] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    vaults: list[Declared[VaultSpec]] = field(default_factory=list)
    policies: list[Declared[BackupPolicySpec]] = field(default_factory=list)
    assignments: list[Declared[AssignmentSpec]] = field(default_factory=list)
    outbound: list[Declared[OutboundAccessSpec]] = field(default_factory=list)
    exemptions: list[Declared[ExemptionSpec]] = field(default_factory=list)
    settings: list[Declared[SettingsSpec]] = field(default_factory=list)

    def declare(self, document: AnyDocument, written: Written) -> None:
        """Take a document as one that has its shape."""
        match document:
            case VaultDocument(spec=vault):
                self.vaults.append(_declared(vault, written))
            case BackupPolicyDocument(spec=policy):
                self.policies.append(_declared(policy, written))
            case VMAssignmentDocument(spec=assignment):
                self.assignments.append(_declared(assignment, written))
            case OutboundAccessDocument(spec=outbound):
                self.outbound.append(_declared(outbound, written))
            case ExemptionDocument(spec=exemption):
                self.exemptions.append(_declared(exemption, written))
            case SettingsDocument(spec=settings):
                self.settings.append(_declared(settings, written))
            case _:
                assert_never(document)

    @property
    def declared(self) -> Iterator[Declared[Model]]:
        """Every document that has its shape and its own name; the settings have none."""
        return chain(self.vaults, self.policies, self.assignments, self.outbound, self.exemptions)

    def reading(self, number: int) -> "Collected":
        """The broken documents alone, as one reading has them."""
        read = Collected(self.documents)
        for broken in self.broken:
            found = broken.reading(number)
            if found is not None:
                read.declare(*found)
        return read

    def beside(self, other: "Collected") -> "Collected":
        """These documents and the others."""
        lists = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        return Collected(**{**lists, "documents": self.documents})

    def manifests(self) -> Manifests:
        return Manifests(
            vaults=_declarations(self.vaults),
            policies=_declarations(self.policies),
            assignments=_declarations(self.assignments),
            outbound=_declarations(self.outbound),
            exemptions=_declarations(self.exemptions),
            settings=next(iter(_declarations(self.settings)), None),
        )


def _declarations(declared: Iterable[Declared[S]]) -> tuple[Declaration[S], ...]:
    return tuple(one.declaration for one in declared)


def _declared(spec: S, written: Written) -> Declared[S]:
    return Declared(Declaration(written.kind, written.handle, spec, Source(written.tree.places)), written)
