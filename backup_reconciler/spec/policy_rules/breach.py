"""A broken rule of a policy, by the fields it is about."""

from dataclasses import dataclass

from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.rules import Rule


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule. Paths begin at the spec; `what` and `remedy` are as in a problem of a manifest.

    `also` is the field that `path` clashes with, and `item` the item at fault where the field is a list.
    """

    rule: Rule
    path: FieldPath
    what: str
    remedy: str = ""
    also: FieldPath | None = None
    item: str | int | None = None

    @property
    def paths(self) -> tuple[FieldPath, ...]:
        """Every field that it is about."""
        return (self.path,) if self.also is None else (self.path, self.also)
