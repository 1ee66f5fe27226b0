"""Documents: a kind, a handle, a spec, and where each value was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from pydantic import Field

from backup_reconciler.spec.base import Model
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.vault import VaultSpec

API_VERSION = "backup-reconciler/v1"

FieldPath = tuple[str | int, ...]
S_co = TypeVar("S_co", bound=Model, covariant=True)


class Metadata(Model):
    """What a document is called."""

    name: str = Field(description="The handle: how other documents refer to this one. Unique per kind.")


class _Document(Model):
    api_version: Literal["backup-reconciler/v1"] = Field(description="Version of this language.")
    metadata: Metadata


class VaultDocument(_Document):
    """A Recovery Services vault."""

    kind: Literal["Vault"]
    spec: VaultSpec


class BackupPolicyDocument(_Document):
    """A backup policy for VMs, in one vault or in many."""

    kind: Literal["BackupPolicy"]
    spec: BackupPolicySpec


class VMAssignmentDocument(_Document):
    """VMs that are protected in a vault by a policy."""

    kind: Literal["VMAssignment"]
    spec: AssignmentSpec


AnyDocument = VaultDocument | BackupPolicyDocument | VMAssignmentDocument

KINDS: Mapping[str, type[AnyDocument]] = {
    "Vault": VaultDocument,
    "BackupPolicy": BackupPolicyDocument,
    "VMAssignment": VMAssignmentDocument,
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of one document were written: the place of each field, by its path from the document's root."""

    places: Mapping[FieldPath, Place]

    def at(self, path: FieldPath) -> Place:
        """The place of the field, or of the nearest one around it that was written."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]


@dataclass(frozen=True, slots=True)
class Declaration(Generic[S_co]):
    """One document, read."""

    kind: str
    handle: str
    spec: S_co
    source: Source

    @property
    def place(self) -> Place:
        return self.source.at(())

    def place_of(self, *path: str | int) -> Place:
        """The place of a field of the spec."""
        return self.source.at(("spec", *path))

    def __str__(self) -> str:
        return f"{self.kind}/{self.handle}"


@dataclass(frozen=True, slots=True)
class Manifests:
    """Everything that is declared, in the order of files and documents."""

    vaults: tuple[Declaration[VaultSpec], ...] = ()
    policies: tuple[Declaration[BackupPolicySpec], ...] = ()
    assignments: tuple[Declaration[AssignmentSpec], ...] = ()
    _vault_by_handle: Mapping[str, Declaration[VaultSpec]] = field(init=False, repr=False, compare=False)
    _policy_by_handle: Mapping[str, Declaration[BackupPolicySpec]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_vault_by_handle", _by_handle(self.vaults))
        object.__setattr__(self, "_policy_by_handle", _by_handle(self.policies))

    def vault(self, handle: str) -> Declaration[VaultSpec] | None:
        return self._vault_by_handle.get(handle.casefold())

    def policy(self, handle: str) -> Declaration[BackupPolicySpec] | None:
        return self._policy_by_handle.get(handle.casefold())

    def vaults_of(self, policy: Declaration[BackupPolicySpec]) -> list[Declaration[VaultSpec]]:
        """The declared vaults a policy is meant to be in; one that is owned elsewhere must be named."""
        if policy.spec.vaults == "all":
            return [vault for vault in self.vaults if not vault.spec.existing]
        return [vault for handle in policy.spec.vaults if (vault := self.vault(handle)) is not None]

    def __len__(self) -> int:
        return len(self.vaults) + len(self.policies) + len(self.assignments)


def _by_handle(declarations: Iterable[Declaration[S_co]]) -> dict[str, Declaration[S_co]]:
    return {declaration.handle.casefold(): declaration for declaration in declarations}
