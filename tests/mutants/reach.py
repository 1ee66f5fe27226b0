"""Which tests reach which lines, and how long they take: found out once, and kept."""

from __future__ import annotations

import ast
import json
import os
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import coverage

from tests.mutants.children import each_in_a_child
from tests.mutants.scope import DECIDES, PACKAGE, ROOT, is_in_scope, sources
from tests.mutants.suite import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.mutants.mutants import Mutant
    from tests.mutants.suite import Item


@dataclass(frozen=True)
class Test:
    """A test that passes."""

    id: str
    seconds: float
    """Of CPU."""
    lines: dict[str, int]
    """By path below the root, which lines it runs: the n-th bit is the n-th line."""

    @property
    def file(self) -> str:
        return self.id.partition("::")[0]

    def reaches(self, path: str, lines: int) -> bool:
        return bool(self.lines.get(path, 0) & lines)


class Reach:
    """The tests, by what they reach; a file that holds a line for each test file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, dict[str, Any]] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                one = json.loads(line)
                self._kept[one["file"]] = one

    def find_out(self, items: Sequence[Item], processes: int, tell: Callable[[str], None]) -> None:
        """Run the tests of files that are new or have changed, and keep what they reach."""
        by_file: dict[str, list[Item]] = {}
        for item in items:
            by_file.setdefault(item.nodeid.partition("::")[0], []).append(item)
        stale = [name for name in by_file if self._kept.get(name, {}).get("digest") != digest_of(name)]
        tasks = ((name, lambda name=name: [_traced(item) for item in by_file[name]]) for name in stale)
        for number, ended in enumerate(each_in_a_child(tasks, processes), 1):
            found = ended.result or []
            tests = {id_: rest for id_, outcome, *rest in found if outcome == "passed"}
            self._keep({"file": ended.task, "digest": digest_of(ended.task), "tests": tests})
            left_out = f", {len(found) - len(tests)} left out" if len(found) > len(tests) else ""
            ended_well = "" if ended.result else ", none: it was killed"
            tell(f"{number} of {len(stale)} files traced: {ended.task}, {len(tests)} tests{left_out}{ended_well}")
        self._kept = {name: one for name, one in self._kept.items() if name in by_file}

    @property
    def tests(self) -> Iterator[Test]:
        for one in self._kept.values():
            for id_, (seconds, lines) in one["tests"].items():
                yield Test(id_, seconds, {path: int(bits, 16) for path, bits in lines.items()})

    def _keep(self, one: dict[str, Any]) -> None:
        self._kept[one["file"]] = json.loads(json.dumps(one))
        with self._file.open("a") as file:
            file.write(json.dumps(one) + "\n")


class Chooser:
    """Chooses the tests that are worth running for a mutant."""

    def __init__(self, reach: Reach) -> None:
        self._tests = sorted(reach.tests, key=lambda test: test.seconds)
        self._mentions = _mentions()
        self._kills: Counter[tuple[str, str]] = Counter()

    def note_killer(self, mutant: Mutant, test: str) -> None:
        """Learn which files of tests are worth trying first for mutants of a module."""
        self._kills[mutant.module, test.partition("::")[0]] += 1

    def tests_for(self, mutant: Mutant) -> list[Test]:
        """The tests that run the changed statement; of what runs while a module is imported, those that run a
        function in which what it names is mentioned. What has killed much comes first, then what is fast."""
        lines: dict[str, int] = {}
        if mutant.function:
            path = next(source.path for source in sources() if source.module == mutant.module)
            lines[_short(path)] = bits(range(mutant.first, mutant.last + 1))
        else:
            for name in mutant.named.split("."):
                for path, mentioned in self._mentions.get(name, {}).items():
                    lines[path] = lines.get(path, 0) | mentioned
        found = [test for test in self._tests if any(test.reaches(*one) for one in lines.items())]
        return sorted(found, key=lambda test: -self._kills[mutant.module, test.file])


_INCLUDED = [str(PACKAGE / (name if name.endswith(".py") else f"{name}/*")) for name in DECIDES]


def bits(lines: Any) -> int:
    return sum(1 << line for line in set(lines))


def digest_of(file: str) -> str:
    return sha256((ROOT / file).read_bytes()).hexdigest()[:16]


def _traced(item: Item) -> tuple[str, str, float, dict[str, str]]:
    """A test's id, what becomes of it, its seconds of CPU, and the lines that it runs."""
    measure = coverage.Coverage(data_file=None, config_file=False, include=_INCLUDED)
    measure.set_option("run:disable_warnings", ["no-data-collected", "module-not-measured"])
    measure.start()
    outcome, seconds = timed(item)
    measure.stop()
    data = measure.get_data()
    lines = {_short(path): hex(bits(data.lines(path) or ())) for path in data.measured_files() if is_in_scope(path)}
    return item.nodeid, outcome, round(seconds, 3), lines


def _short(path: str | Path) -> str:
    return os.path.relpath(path, ROOT)


def _mentions() -> dict[str, dict[str, int]]:
    """By each name, the lines of the functions that mention it, by path."""
    found: dict[str, dict[str, int]] = {}
    for source in sources():
        for function in ast.walk(source.tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                body = bits(range(function.body[0].lineno, (function.end_lineno or 0) + 1))
                names = {_named(node) for node in ast.walk(function)} - {""}
                for name in {*names, function.name}:
                    by_path = found.setdefault(name, {})
                    by_path[_short(source.path)] = by_path.get(_short(source.path), 0) | body
    return found


def _named(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
