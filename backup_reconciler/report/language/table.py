"""The fields of a shape as a table, in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from backup_reconciler.report.language.links import anchor, link
from backup_reconciler.report.language.shapes import FieldPath, Shape, meaning_of, shapes_of
from backup_reconciler.report.language.values import default_of, value_of
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.rules import Rule

RulesOfFields = Mapping[FieldPath, Sequence[Rule]]
"""The rules that speak of a field, by its path in the document."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one kind, which link to each other."""

    kind: str
    rules: RulesOfFields

    def sections(self) -> list[str]:
        """A section for each shape of the kind, from the document inwards."""
        shapes = shapes_of(self.kind)
        links = {shape.model: f"[{shape.choice or 'mapping'}]({anchor(shape.title)})" for shape in shapes}
        return [self._section(shape, links) for shape in shapes]

    def _section(self, shape: Shape, links: Mapping[type[Model], str]) -> str:
        rows = [
            _row(
                f"`{name}`{' (required)' if info.is_required() else ''}",
                value_of(info, links.__getitem__),
                self._meaning(info, [(*path, name) for path in shape.paths or [()]]),
            )
            for name, info in shape.fields.items()
        ]
        return "\n".join([f"### {shape.title}\n\n{shape.meaning}\n", _row("field", "takes", "meaning"), _RULER, *rows])

    def _meaning(self, info: FieldInfo, paths: Sequence[FieldPath]) -> str:
        default = default_of(info)
        spoken = dict.fromkeys(rule for path in paths for rule in self.rules.get(path, ()))
        parts = (
            meaning_of(info),
            f"Left out: {default}." if default else "",
            f"Rules: {', '.join(map(link, spoken))}." if spoken else "",
        )
        return " ".join(filter(None, parts))


_RULER = "| --- | --- | --- |"


def _row(*cells: str) -> str:
    """A bar within a cell would begin another one."""
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
