"""A document as it stands in its file, and the problems that are found in it."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from backup_reconciler.manifest.problem import Problem, Severity
from backup_reconciler.manifest.text.tree import Tree
from backup_reconciler.manifest.words import named
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import Declaration, FieldPath, Place
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.visible import visible

S_co = TypeVar("S_co", bound=Model, covariant=True)

HANDLE: FieldPath = ("metadata", "name")


@dataclass(frozen=True, slots=True)
class Written:
    """One document, however broken: `kind` and `handle` are empty where it does not say them."""

    tree: Tree
    kind: str
    handle: str

    @classmethod
    def of(cls, tree: Tree) -> "Written":
        kind, handle = tree.value(("kind",)), tree.value(HANDLE)
        return cls(tree, kind if isinstance(kind, str) else "", handle if isinstance(handle, str) else "")

    @property
    def subject(self) -> str:
        """The document as messages name it, whatever its author wrote for a handle."""
        return "/".join(named(part) for part in (self.kind, self.handle) if part)

    def problem(
        self,
        rule: Rule,
        path: FieldPath,
        what: str,
        remedy: str = "",
        *,
        at: Place | None = None,
        also: Place | None = None,
    ) -> Problem:
        """A broken rule: at the value of `path` and with the rule's own remedy, unless others are given."""
        place = at or self.tree.place(path)
        also = also or self.tree.alias(path[:-1] if at else path)  # `at` is a key's, and the mapping has the keys
        told = visible(what), visible(remedy or rule.remedy)
        return Problem(place, self.subject, path, *told, rule, None if also == place else also)

    def told_by_tree(self) -> list[Problem]:
        """What was found wrong while the document was read, now that its name is known."""
        return [replace(problem, subject=self.subject) for problem in self.tree.problems]


@dataclass(frozen=True, slots=True)
class Declared(Generic[S_co]):
    """One document that has its kind's shape: what it declares, and how it is written."""

    declaration: Declaration[S_co]
    written: Written

    @property
    def spec(self) -> S_co:
        return self.declaration.spec

    @property
    def handle(self) -> str:
        return self.declaration.handle

    def problem(
        self, rule: Rule, path: FieldPath, what: str, remedy: str = "", *, also: Place | None = None
    ) -> Problem:
        return self.written.problem(rule, path, what, remedy, also=also)

    def beside(self, rule: Rule, path: FieldPath, other: str, remedy: str = "") -> Problem:
        """A field that stands beside another of the same mapping, where only one of the two can."""
        tree = self.written.tree
        place, also = tree.key_place(path), tree.key_place((*path[:-1], other))
        return self.written.problem(rule, path, f"stands beside {other}", remedy, at=place, also=also)

    def warning(
        self, rule: Rule, path: FieldPath, what: str, remedy: str = "", *, also: Place | None = None
    ) -> Problem:
        """As `problem`, for what does not keep the manifests from being used."""
        return replace(self.problem(rule, path, what, remedy, also=also), severity=Severity.WARNING)

    def name_path(self) -> FieldPath:
        """Where the name of the Azure resource is written: its own field, or else the handle."""
        return ("spec", "name") if self.written.tree.value(("spec", "name")) is not None else HANDLE

    def __str__(self) -> str:
        return self.written.subject
