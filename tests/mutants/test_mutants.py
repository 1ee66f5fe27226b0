"""The mutator itself: what it changes, what it leaves alone, and that it tells a kill from a survivor."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.mutants import Mutant, Source
from tests.mutants.reasons import justified, out_of_date
from tests.mutants.results import Outcome, Results
from tests.mutants.scope import ROOT, mutants
from tests.mutants.table import interval
from tests.mutants.trial import functions, put

ENUMS = {"State": ("ON", "OFF")}


def source(folder: Path, text: str) -> Source:
    path = folder / "toy.py"
    path.write_text(text)
    return Source("toy", path, ENUMS)


def changed(folder: Path, statement: str) -> list[str]:
    """What a statement becomes in the mutants of a function that has it."""
    return [mutant.becomes.strip() for mutant in source(folder, f"def f(a, b, c):\n    {statement}\n").mutants]


_OF_THE_REST = ["case State.OFF if b:", "pass"]


@pytest.mark.parametrize(
    ("statement", "becomes"),
    [
        ("x = a < b", ["x = a >= b", "x = a <= b"]),
        ("x = a is b", ["x = a is not b"]),
        ("x = a and b", ["x = a or b", "x = b", "x = a"]),
        ("x = not a", ["x = a"]),
        ("x = a + b", ["x = a - b"]),
        ("x = a | b", ["x = a", "x = b"]),
        ("x = 7", ["x = 8", "x = 6"]),
        ("x = True", ["x = False"]),
        ("x = a == 'on'", ["x = a != 'on'", "x = a == 'another on'"]),
        ("x = a['on']", ["x = a['another on']"]),
        ("x = State.OFF", ["x = State.ON"]),
        ("x = [a, b]", ["x = [b]", "x = [a]"]),
        ("x = {a: b}", ["x = {}"]),
        ("x = {a}", ["x = set()"]),
        ("x = any(a)", ["x = all(a)"]),
        ("x = sorted(a, key=b)", ["x = list(a)", "x = sorted(a)"]),
        ("x = a.casefold()", ["x = a"]),
        ("x = a if b else c", ["x = a", "x = c"]),
        ("x = [a for a in b if c]", ["x = [a for a in b]", "x = [a for a in b if not c]"]),
        ("return a", ["return None"]),
        ("return bool(a)", ["return None", "return not bool(a)"]),
        ("a(b)", ["pass"]),
        ("a += b", ["pass"]),
        ("a.b = c", ["pass"]),
        ("raise a", ["pass"]),
        ("x: list[int | None] = a", []),
        ("x = 'words'", []),
        ("assert a < b", []),
        ("raise AssertionError(a < b)", []),
        ("import a", []),
        ("(x, y) = (a, b)", []),
        ("if a:\n        b()", ["if not a:", "pass"]),
        ("while a:\n        break", ["while not a:", "pass"]),
        (
            "match a:\n        case State.ON if b:\n            c()",
            ["case State.ON if True:", "case State.OFF if b:", "pass"],
        ),
    ],
)
def test_a_statement_is_changed_into(tmp_path: Path, statement: str, becomes: list[str]) -> None:
    assert changed(tmp_path, statement) == becomes


def test_of_what_runs_at_import_constants_and_defaults_are_changed(tmp_path: Path) -> None:
    text = (
        "Type = int | None\nMOST = 1\nclass A:\n    most: int = 1\n    def f(self, x=1): ...\nif MOST:\n    MOST = 2\n"
    )
    found = source(tmp_path, text).mutants
    assert [(one.named, one.function) for one in found] == [("MOST", "")] * 2 + [("A.most", "")] * 2 + [("A.f", "")] * 2


def test_an_id_stays_when_lines_move(tmp_path: Path) -> None:
    text = "def f(a):\n    a(1)\n    a(1)\n"
    before, after = (source(tmp_path, text).mutants for text in (text, f"MOST = None\n\n\n{text}"))
    assert [one.id for one in before] == [one.id for one in after]
    assert len({one.id for one in before}) == len(before)
    assert [one.first + 3 for one in before] == [one.first for one in after]


TOY = """
from functools import cache

class Limit:
    def __init__(self, most):
        self.most = most

    @property
    def is_low(self):
        return self.most < 10

@cache
def exceeds(number, most):
    return number > most
"""


def killed(found: Source, mutant: Mutant) -> bool:
    """Whether a small suite of tests notices a mutant; the module is imported for it."""
    module: dict[str, Any] = {"__name__": "toy"}
    exec(compile(ast.parse(TOY), str(found.path), "exec"), module)
    assert put(found.code(mutant), mutant, functions(found.path.parent), found.path)
    limit, exceeds = module["Limit"], module["exceeds"]
    try:
        return not (limit(9).is_low and not limit(11).is_low and exceeds(2, 1) and not exceeds(1, 1))
    except AttributeError:
        return True


def test_behind_a_decorator_too_a_mutant_is_killed_where_a_test_looks(tmp_path: Path) -> None:
    found = source(tmp_path, TOY)
    fates = {mutant.becomes.strip(): killed(found, mutant) for mutant in found.mutants}
    survivors = {becomes for becomes, is_killed in fates.items() if not is_killed}
    assert survivors == {"return self.most <= 10", "return self.most < 11"}, "nobody asks about ten"
    assert {"return number >= most", "return number <= most", "return self.most >= 10", "pass"} & set(fates)


def test_a_run_traces_the_tests_and_tells_what_survives(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.mutants", "--module", "plan.order", "--kept", str(tmp_path)]
    command += ["--tests", "tests/unit/plan/test_order.py", "--sample", "3", "--seed", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert told.stdout.startswith("1 of 1 files traced: tests/unit/plan/test_order.py, 2 tests\n3 mutants\n"), (
        told.stderr
    )
    assert "plan/order                          3" in told.stdout
    assert "\nOf all mutants, " in told.stdout


def test_a_result_stands_while_what_it_rests_on_does(tmp_path: Path) -> None:
    mutant, other = mutants(("plan.order",))[:2]
    here, there = "tests/unit/plan/test_order.py::test", "tests/unit/plan/test_runs.py::test"
    Results(tmp_path / "kept").keep(mutant, Outcome.SURVIVED, "", [here])
    Results(tmp_path / "kept").keep(other, Outcome.KILLED, here, [here, there])
    kept = Results(tmp_path / "kept")
    assert kept.of(mutant, [here]) is not None
    assert kept.of(mutant, [here, there]) is None, "another test may kill it"
    assert kept.of(other, [there]) is not None, "the one that killed it is there still"


def test_the_interval_of_a_sample_is_wilsons() -> None:
    assert [round(bound, 3) for bound in interval(0.9, 300)] == [0.861, 0.929]
    assert [round(bound, 3) for bound in interval(1.0, 10)] == [0.722, 1.0]


def test_every_survivor_that_may_live_is_one_and_says_why() -> None:
    assert out_of_date() == []
    assert all(one.reason for one in justified())
