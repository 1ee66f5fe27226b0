"""Documents: a kind, a handle, a spec, and where each value was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Generic, Literal, Protocol, TypeVar

from pydantic import Field

from backup_reconciler.spec import forms
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.settings import SettingsSpec
from backup_reconciler.spec.vault import VaultSpec

API_VERSION = "backup-reconciler/v1"

FieldPath = tuple[str | int, ...]
S_co = TypeVar("S_co", bound=Model, covariant=True)


class _Named(Protocol):
    @property
    def handle(self) -> str: ...


N = TypeVar("N", bound=_Named)


class Metadata(Model):
    """What a document is called."""

    name: Annotated[str, forms.HANDLE] = Field(
        description="The handle: how other documents refer to this one. Unique per kind."
    )


_KIND = "What the document declares."


class _Document(Model):
    api_version: Literal["backup-reconciler/v1"] = Field(description="Version of this language.")


class _NamedDocument(_Document):
    metadata: Metadata = Field(description="What the document is called.")


class VaultDocument(_NamedDocument):
    """A Recovery Services vault."""

    kind: Literal["Vault"] = Field(description=_KIND)
    spec: VaultSpec = Field(description="The vault, and where it is.")


class BackupPolicyDocument(_NamedDocument):
    """A backup policy for VMs, in one vault or in many."""

    kind: Literal["BackupPolicy"] = Field(description=_KIND)
    spec: BackupPolicySpec = Field(description="The policy, and the vaults it is in.")


class VMAssignmentDocument(_NamedDocument):
    """VMs that are protected in a vault by a policy."""

    kind: Literal["VMAssignment"] = Field(description=_KIND)
    spec: AssignmentSpec = Field(description="The VMs, and how they are protected.")


class OutboundAccessDocument(_NamedDocument):
    """The way out that VMs need for their backups, where they do not have one already."""

    kind: Literal["OutboundAccess"] = Field(description=_KIND)
    spec: OutboundAccessSpec = Field(description="Whose way out is meant, and which way it is.")


class ExemptionDocument(_NamedDocument):
    """VMs that are meant to have no backup: coverage does not count them."""

    kind: Literal["Exemption"] = Field(description=_KIND)
    spec: ExemptionSpec = Field(description="The VMs, why they need no backup, and until when.")


class SettingsDocument(_Document):
    """What holds for every run over the manifests: the one document of the file backup-reconciler.yaml."""

    kind: Literal["Settings"] = Field(description=_KIND)
    spec: SettingsSpec = Field(description="The settings.")


AnyDocument = (
    VaultDocument
    | BackupPolicyDocument
    | VMAssignmentDocument
    | OutboundAccessDocument
    | ExemptionDocument
    | SettingsDocument
)

KINDS: Mapping[str, type[AnyDocument]] = {
    "Vault": VaultDocument,
    "BackupPolicy": BackupPolicyDocument,
    "VMAssignment": VMAssignmentDocument,
    "OutboundAccess": OutboundAccessDocument,
    "Exemption": ExemptionDocument,
    "Settings": SettingsDocument,
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
    outbound: tuple[Declaration[OutboundAccessSpec], ...] = ()
    exemptions: tuple[Declaration[ExemptionSpec], ...] = ()
    settings: Declaration[SettingsSpec] | None = None
    """What the settings file beside the manifests says; None where there is none."""
    roots_left_out: tuple[str, ...] = ()
    """Those roots of the settings of which some manifest is not among these."""
    _vault_by_handle: Mapping[str, Declaration[VaultSpec]] = field(init=False, repr=False, compare=False)
    _policy_by_handle: Mapping[str, Declaration[BackupPolicySpec]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_vault_by_handle", by_handle(self.vaults))
        object.__setattr__(self, "_policy_by_handle", by_handle(self.policies))

    def vault(self, handle: str) -> Declaration[VaultSpec] | None:
        return self._vault_by_handle.get(handle.casefold())

    def policy(self, handle: str) -> Declaration[BackupPolicySpec] | None:
        return self._policy_by_handle.get(handle.casefold())

    def vaults_of(self, policy: Declaration[BackupPolicySpec]) -> list[Declaration[VaultSpec]]:
        """The declared vaults a policy is meant to be in; one that is owned elsewhere or torn down must be named."""
        if policy.spec.vaults == "all":
            return [vault for vault in self.vaults if not (vault.spec.existing or vault.spec.is_absent())]
        return [vault for handle in policy.spec.vaults if (vault := self.vault(handle)) is not None]

    @property
    def are_all(self) -> bool:
        """Whether these are known to be all the manifests there are: those of every root that the settings name."""
        roots = self.settings.spec.roots if self.settings else None
        return roots is not None and not self.roots_left_out

    @property
    def declarations(self) -> tuple[Declaration[Model], ...]:
        """Every document of the manifests, kind by kind; the settings are none of them."""
        return (*self.vaults, *self.policies, *self.assignments, *self.outbound, *self.exemptions)

    def __len__(self) -> int:
        return len(self.declarations)


def by_handle(documents: Iterable[N]) -> dict[str, N]:
    """Documents by their case-folded handles: letter case does not count in handles."""
    return {document.handle.casefold(): document for document in documents}
