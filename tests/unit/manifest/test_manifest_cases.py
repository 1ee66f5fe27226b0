"""Manifests as people write them, each in a file of its own: a new case is a new file.

`cases/bad/NAME.yaml` has the exact messages it must get in `NAME.txt`; so have those in `cases/warned`, which are
taken all the same; what is in `cases/good` is taken without a word.
"""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from backup_reconciler import manifest
from backup_reconciler.manifest import Inspection, inspect, load
from backup_reconciler.manifest.loading import check
from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.manifest.text import parse
from backup_reconciler.manifest.writing import write
from backup_reconciler.spec import policy_rules
from backup_reconciler.spec.document import KINDS, FieldPath
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.file import (
    FILE_TOO_LARGE,
    FILE_UNREADABLE,
    FILE_UNWRITABLE,
    FORMAT_KEEPS_MEANING,
)
from backup_reconciler.spec.rules.policy import POLICIES_PER_VAULT
from backup_reconciler.spec.rules.protection import VMS_PER_VAULT
from backup_reconciler.spec.rules.vault import VAULTS_PER_REGION

CASES = Path(__file__).parent / "cases"
BAD = sorted(path.stem if path.is_dir() else path.name for path in (CASES / "bad").iterdir() if path.suffix != ".txt")
WARNED = sorted(path.name for path in (CASES / "warned").glob("*.yaml"))
GOOD = sorted(path.name for path in (CASES / "good").glob("*.yaml"))
DAY = date(2027, 1, 15)
"""The day by which approvals and exemptions of the cases have expired or not."""


def inspected(folder: str, name: str, monkeypatch: pytest.MonkeyPatch) -> Inspection:
    monkeypatch.chdir(CASES / folder)
    return inspect([Path(name)], as_of=DAY)


def expected(folder: str, name: str) -> list[str]:
    return (CASES / folder / name).with_suffix(".txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", BAD)
def test_bad(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inspection = inspected("bad", name, monkeypatch)
    assert list(map(str, inspection.problems)) == expected("bad", name)
    assert inspection.errors


@pytest.mark.parametrize("name", WARNED)
def test_warned(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inspection = inspected("warned", name, monkeypatch)
    assert list(map(str, inspection.problems)) == expected("warned", name)
    assert inspection.problems == inspection.warnings
    assert load([Path(name)]) == inspection.manifests


@pytest.mark.parametrize("name", BAD)
def test_bad_with_the_parser_written_in_python(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two parsers word their errors differently; what people are told, and the line, is the same."""
    told = [(each.place.line, each.what, each.remedy) for each in inspected("bad", name, monkeypatch).problems]
    monkeypatch.setattr(parse, "_LOADER", yaml.SafeLoader)
    again = inspected("bad", name, monkeypatch)
    assert [(problem.place.line, problem.what, problem.remedy) for problem in again.problems] == told


@pytest.mark.parametrize("name", GOOD)
def test_good(name: str, tmp_path: Path) -> None:
    inspection = inspect([CASES / "good" / name], as_of=DAY)
    assert not inspection.problems
    declared = [(each.kind, each.handle, each.spec) for each in inspection.manifests.declarations]
    assert declared
    (tmp_path / "written.yaml").write_text(write(declared), encoding="utf-8")
    again = inspect([tmp_path], as_of=DAY).manifests
    assert [(each.kind, each.handle, each.spec) for each in again.declarations] == declared


def test_good_cases_together_use_every_field() -> None:
    used = {
        (tree.data["kind"], *_without_tag_names(path))
        for name in GOOD
        for tree in parse.parse((CASES / "good" / name).read_text(encoding="utf-8"), name).trees
        if isinstance(tree.data, dict)
        for path in tree.keys
    }
    kinds = KINDS.keys() - {"Settings"}  # which has a file of its own
    known = {(kind, *path) for kind in kinds for path in _fields(kind, ())}
    # Selections have one shape; that an exclusion or an exemption takes all of it need not be shown for each field.
    unused = {path for path in known - used if "exclude" not in path and path[:3] != ("Exemption", "spec", "select")}
    assert unused == set()


def _without_tag_names(path: FieldPath) -> Iterator[str]:
    """The path as the shapes have it: what stands below `tags` is named by people."""
    for before, step in zip((None, *path), path, strict=False):
        if isinstance(step, str) and before != "tags":
            yield step


def _fields(kind: str, around: FieldPath) -> Iterator[FieldPath]:
    for name in fields_at(KINDS[kind], around):
        yield (*around, name)
        yield from _fields(kind, (*around, name))


ODD = ("", "null", "*nothing", "!tag x", "1.5", "1e999", "{}", "[]", "[null]", "{a: null}", "{<<: *nothing}", "text")
"""What may stand where anything else is expected; the first is what is left of a value that was deleted."""


def test_no_value_of_any_field_ends_in_a_traceback() -> None:
    known = set[tuple[str, ...]]()
    for name in GOOD:
        for tree in parse.parse((CASES / "good" / name).read_text(encoding="utf-8"), name).trees:
            for path in tree.keys:
                field = (str(tree.value(("kind",))), *_without_tag_names(path))
                if field not in known:
                    known.add(field)
                    for odd in ODD:
                        assert all(problem.what for problem in check(_flow(tree.data, path, odd))), (field, odd)
    assert len(known) > 100


def _flow(data: object, path: FieldPath, odd: str) -> str:
    """Plain data on one line of YAML, with something odd at a path."""
    if not path:
        return odd
    if isinstance(data, dict):
        return f"{{{', '.join(f'{json.dumps(key)}: {_inside(value, key, path, odd)}' for key, value in data.items())}}}"
    assert isinstance(data, list)
    return f"[{', '.join(_inside(value, index, path, odd) for index, value in enumerate(data))}]"


def _inside(value: object, step: str | int, path: FieldPath, odd: str) -> str:
    return _flow(value, path[1:], odd) if path[0] == step else json.dumps(value)


def test_every_rule_of_the_room_has_a_case() -> None:
    enforced = {
        value.id
        for room in (manifest, policy_rules)
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rule)
    }
    told = {
        rule
        for path in CASES.glob("*/*.txt")
        for rule in re.findall(r"\[([a-z-]+)\]$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    # Cases of these are no text, or very much of it: test_manifest_files and test_manifest_limits have them. Those of
    # formatting have tests of their own.
    elsewhere = {FILE_UNREADABLE.id, FILE_TOO_LARGE.id, VAULTS_PER_REGION.id, VMS_PER_VAULT.id, POLICIES_PER_VAULT.id}
    of_formatting = {FILE_UNWRITABLE.id, FORMAT_KEEPS_MEANING.id}
    assert enforced - told == elsewhere | of_formatting
    assert told < enforced


def test_no_message_is_in_the_words_of_a_library() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in CASES.glob("*/*.txt"))
    assert not re.search(
        "Input should|valid dictionary|Field required|Extra inputs|literal|tuple|found character", text
    )
