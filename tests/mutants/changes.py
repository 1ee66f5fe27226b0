"""Where in a module something can be changed."""

from __future__ import annotations

import ast
import difflib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.mutants.operators import OPERATORS, Enums

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECIDES_NOTHING = (ast.Assert, ast.Import, ast.ImportFrom)
_SAYS_NOTHING = frozenset({"annotation", "returns", "decorator_list", "bases", "format_spec", "type_params"})
"""Fields of nodes that hold types, or how a value is shown."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """Where the walk through a module is."""

    function: str = ""
    starts: int = 0
    named: str = ""
    class_: str = ""
    """The classes that it is in, with a dot behind each."""
    statement: ast.stmt | None = None
    case: ast.match_case | None = None

    @property
    def lines(self) -> tuple[int, int]:
        """The first and the last line of what tests have to reach: a simple statement, or the head of another."""
        node = self.case.pattern if self.case else self.statement
        assert node is not None
        body = self.case.body if self.case else _body(node)
        end = node.end_lineno or node.lineno
        return node.lineno, max(node.lineno, body[0].lineno - 1) if body else end

    def at(self, statement: ast.stmt) -> Place:
        """The place that a statement is."""
        here = replace(self, statement=statement, case=None)
        if self.function:
            return here
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            return replace(here, named=f"{self.class_}{_target(statement)}")
        return here

    def inside(self, function: _Function) -> Place:
        """The place that the body of a function is: of one in another it is the outer one's, which has its code."""
        if self.function:
            return self
        starts = min([function.lineno, *(one.lineno for one in function.decorator_list)])
        return replace(self, function=f"{self.class_}{function.name}", starts=starts, named="")


@dataclass(frozen=True)
class Change:
    """One node that is replaced by another: in a field of the node above it, or in the list that the field is."""

    place: Place
    operator: str
    above: ast.AST
    field: str
    at: int | None
    node: ast.AST
    instead: ast.AST

    @contextmanager
    def made(self) -> Iterator[None]:
        """The tree has the change while this lasts."""
        ast.fix_missing_locations(ast.copy_location(self.instead, self.node))
        self._put(self.instead)
        try:
            yield
        finally:
            self._put(self.node)

    def told(self) -> tuple[str, str]:
        """The lines of the statement that differ, before and after."""
        statement = self.place.statement
        assert statement is not None
        before = ast.unparse(statement).splitlines()
        with self.made():
            after = ast.unparse(self.instead if self.node is statement else statement).splitlines()
        differ = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
        was, becomes = ([line[1:] for line in differ if line.startswith(sign)] for sign in "-+")
        return "\n".join(was), "\n".join(becomes)

    def _put(self, node: ast.AST) -> None:
        if self.at is None:
            setattr(self.above, self.field, node)
        else:
            getattr(self.above, self.field)[self.at] = node


def changes_of(module: ast.Module, enums: Enums) -> Iterator[Change]:
    """All changes of a module, in their order in it."""
    yield from _below(module, Place(), enums)


def _below(node: ast.AST, place: Place, enums: Enums) -> Iterator[Change]:
    for field, value in ast.iter_fields(node):
        if field in _SAYS_NOTHING or (isinstance(node, ast.ClassDef) and field == "keywords"):
            continue
        there = place.inside(node) if isinstance(node, _Function) and field == "body" else place
        if isinstance(value, ast.AST):
            yield from _visit(value, (node, field, None), there, enums)
        elif isinstance(value, list):
            for at, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _visit(child, (node, field, at), there, enums)


def _visit(node: ast.AST, slot: tuple[ast.AST, str, int | None], place: Place, enums: Enums) -> Iterator[Change]:
    if isinstance(node, ast.stmt):
        if _decides_nothing(node, place):
            return
        place = place.at(node)
    elif isinstance(node, ast.match_case):
        place = replace(place, case=node)
    if isinstance(node, ast.ClassDef):
        place = replace(place, class_=f"{place.class_}{node.name}.")
    elif not place.function and isinstance(node, _Function):
        place = replace(place, named=f"{place.class_}{node.name}")  # for the defaults of its arguments
    else:
        for operator in OPERATORS:
            if not _is_void(operator.__name__, slot, place):
                for instead in operator(node, enums):
                    yield Change(place, operator.__name__, *slot, node, instead)
    yield from _below(node, place, enums)


def _decides_nothing(node: ast.stmt, place: Place) -> bool:
    """Whether a statement only checks itself, imports, or gives a type a name."""
    if isinstance(node, _DECIDES_NOTHING):
        return True
    if isinstance(node, ast.Raise) and ast.unparse(node).startswith("raise AssertionError"):
        return True
    if place.function or isinstance(node, ast.ClassDef | _Function):
        return False
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return not (place.class_ or _target(node).isupper())
    return True


def _is_void(operator: str, slot: tuple[ast.AST, str, int | None], place: Place) -> bool:
    """Whether an operator would only break the code there: take a value out of what is unpacked, or a type apart."""
    above, field, _ = slot
    if operator == "collection":
        unpacked = isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Tuple)
        return unpacked or field == "slice" or isinstance(above, ast.Return | ast.Yield)
    return False


def _target(statement: ast.Assign | ast.AnnAssign) -> str:
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def _body(node: Any) -> list[ast.stmt] | list[ast.match_case]:
    """What stands below the head of a compound statement."""
    if isinstance(node, ast.Match):
        return []
    return list(getattr(node, "body", []))
