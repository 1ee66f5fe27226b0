"""The mutants of a module: its code with one thing changed."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.mutants.changes import changes_of

if TYPE_CHECKING:
    from pathlib import Path
    from types import CodeType

    from tests.mutants.operators import Enums


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    """Its name, without that of the package."""
    number: int
    """Which of the module's mutants it is."""
    operator: str
    function: str
    """The qualified name of the outermost function that it is in; empty for what runs while the module is imported."""
    starts: int
    """The first line of that function, decorators included."""
    named: str
    """What gets its value while the module is imported."""
    first: int
    """The first line of the changed statement, of a compound one its head's."""
    last: int
    was: str
    """The changed lines, as Python writes a syntax tree down."""
    becomes: str
    again: int = 0
    """How many changes of the same text are before it in the same function."""

    @property
    def id(self) -> str:
        """Stable while the changed lines and the name of their function are; they may move."""
        changed = sha256("\0".join((self.was, self.becomes, str(self.again))).encode()).hexdigest()[:8]
        return f"{self.module}:{self.function or self.named}:{changed}"

    @property
    def diff(self) -> str:
        before = [f"- {line}" for line in self.was.splitlines()]
        return "\n".join([*before, *(f"+ {line}" for line in self.becomes.splitlines())])


@dataclass(frozen=True)
class Source:
    """A module of which mutants are made."""

    module: str
    path: Path
    enums: Enums

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_bytes())

    @cached_property
    def digest(self) -> str:
        return sha256(self.path.read_bytes()).hexdigest()[:16]

    @cached_property
    def mutants(self) -> tuple[Mutant, ...]:
        made: list[Mutant] = []
        seen: Counter[str] = Counter()
        for number, change in enumerate(changes_of(self.tree, self.enums)):
            at, (first, last), (was, becomes) = change.place, change.place.lines, change.told()
            mutant = Mutant(
                self.module, number, change.operator, at.function, at.starts, at.named, first, last, was, becomes
            )
            made.append(replace(mutant, again=seen[mutant.id]))
            seen[mutant.id] += 1
        return tuple(made)

    def code(self, mutant: Mutant) -> CodeType:
        """The module with the change made."""
        for number, change in enumerate(changes_of(self.tree, self.enums)):
            if number == mutant.number:
                with change.made():
                    return compile(self.tree, str(self.path), "exec", dont_inherit=True)
        raise LookupError(mutant.id)
