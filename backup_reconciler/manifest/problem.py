"""What is wrong with a manifest, where, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass

from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules import Rule


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule at one place.

    `subject` is the document ("BackupPolicy/daily-30d"), `path` the field in it ("spec.retention.daily.days"); either
    is empty where there is none. `also` is the other place of a clash.
    """

    place: Place
    subject: str
    path: str
    what: str
    remedy: str
    rule: Rule
    also: Place | None = None

    def __str__(self) -> str:
        where = "  ".join(
            part for part in (str(self.place) if self.place.file else "", self.subject, self.path) if part
        )
        clash = f" (also at {self.also})" if self.also else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{where + ': ' if where else ''}{self.what}{clash}{remedy} [{self.rule.id}]"


class ManifestError(Exception):
    """The manifests cannot be used: everything that is wrong with them, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_order))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def _order(problem: Problem) -> tuple[Place, str, str, str]:
    return (problem.place, problem.path, problem.rule.id, problem.what)
