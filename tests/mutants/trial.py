"""One mutant against the tests that reach it, in a process that is thrown away."""

from __future__ import annotations

import gc
import importlib.machinery
import importlib.util
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from tests.mutants.scope import PACKAGE, source_of
from tests.mutants.suite import Item, first_failing, outcome_of

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from pathlib import Path

    from tests.mutants.mutants import Mutant
    from tests.mutants.reach import Test

Functions = Mapping[tuple[str, str, int], Sequence[FunctionType]]
"""By file, qualified name and first line."""


def functions(below: Path = PACKAGE) -> Functions:
    """The functions of a folder's files that exist: those behind properties, caches and other decorators too."""
    found: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(below)):
            found[_key(one.__code__)].append(one)
    return found


@dataclass(frozen=True)
class Trial:
    """A mutant, and the tests that are run against it until one fails, or until they have taken too long."""

    mutant: Mutant
    tests: Sequence[Test]
    """All that reach it, in the order in which they are worth running."""
    patience: float
    """Seconds of CPU for the tests that are run."""

    @property
    def reaching(self) -> list[str]:
        return [test.id for test in self.tests]

    @property
    def tried(self) -> list[Test]:
        """The first of the tests, as many as there is patience for, but one at least."""
        within = takewhile(lambda so_far: so_far <= self.patience, accumulate(test.seconds for test in self.tests))
        return list(self.tests[: max(1, sum(1 for _ in within))])

    def run(self, items: Mapping[str, Item], living: Functions) -> str:
        """The id of the test that fails; empty where all pass. Meant for a child: it changes the program for good."""
        source = source_of(self.mutant)
        code = source.code(self.mutant)
        if self.mutant.function and put(code, self.mutant, living, source.path):
            for test in self.tried:
                if outcome_of(items[test.id], test.seconds) == "failed":
                    return test.id
            return ""
        _import_anew(f"{PACKAGE.name}.{source.module}", source.path, code)
        return first_failing([test.id for test in self.tried], sum(test.seconds for test in self.tried))


def put(module: CodeType, mutant: Mutant, living: Functions, path: Path) -> bool:
    """Give the mutated function its new code; False where it has none that can be exchanged."""
    key = (str(path), mutant.function, mutant.starts)
    new = next((code for code in _inside(module) if _key(code) == key), None)
    old = living.get(key, ())
    if new is None or not old or any(one.__code__.co_freevars != new.co_freevars for one in old):
        return False
    for one in old:
        one.__code__ = new
    return True


def _inside(code: CodeType) -> Sequence[CodeType]:
    """All code below a module's."""
    below = [one for one in code.co_consts if isinstance(one, CodeType)]
    return below + [one for child in below for one in _inside(child)]


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _import_anew(name: str, path: Path, code: CodeType) -> None:
    """Forget package and tests, so that they are imported again, the module in its mutated form."""
    for imported in list(sys.modules):
        if imported.partition(".")[0] in (PACKAGE.name, "tests"):
            del sys.modules[imported]
    sys.meta_path.insert(0, _Finder(name, path, code))


@dataclass(frozen=True)
class _Finder:
    """Finds one module, in its mutated form."""

    name: str
    path: Path
    code: CodeType

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=_Loader(name, str(self.path), self.code))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, _: str) -> CodeType:
        return self._code
