"""What is wrong with a manifest, where, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backup_reconciler.manifest.words import dotted
from backup_reconciler.spec.document import FieldPath, Place
from backup_reconciler.spec.rules import Rule


class Severity(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"
    """The manifests cannot be used."""
    WARNING = "warning"
    """They can be used, and somebody should look at this."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule at one place.

    `subject` is the document ("BackupPolicy/daily-30d") and `path` the field in it; either is empty where there is
    none. `also` is the other place of a clash.
    """

    place: Place
    subject: str
    path: FieldPath
    what: str
    remedy: str
    rule: Rule
    also: Place | None = None
    severity: Severity = Severity.ERROR

    @property
    def field(self) -> str:
        """The path as people write it: "spec.retention.daily.days"."""
        return dotted(self.path)

    def __str__(self) -> str:
        where = "  ".join(
            part for part in (str(self.place) if self.place.file else "", self.subject, self.field) if part
        )
        mark = "warning: " if self.severity is Severity.WARNING else ""
        clash = f" (also at {self.also})" if self.also else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{where + ': ' if where else ''}{mark}{self.what}{clash}{remedy} [{self.rule.id}]"


class ManifestError(Exception):
    """The manifests cannot be used: every error of every file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
