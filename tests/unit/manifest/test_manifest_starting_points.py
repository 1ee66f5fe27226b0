"""The manifests that `new` writes: valid as they stand, and whatever is uncommented in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from backup_reconciler.cli import day
from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.manifest.starting_point import STARTING_POINTS
from backup_reconciler.spec.document import KINDS, FieldPath
from tests.conftest import Cli

NAMED = [word for word, known in STARTING_POINTS.items() if known.handle]


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: date(2027, 1, 15))


# ---- what is commented out -------------------------------------------------------------------------------------------


@dataclass
class Block:
    """Fields that are commented out together: where they belong, and which live ones they are instead of."""

    around: FieldPath
    instead_of: list[str]
    lines: list[str] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        data = yaml.safe_load("\n".join(self.lines))
        assert isinstance(data, dict), self.lines
        return data


LIVE = re.compile(r"( *)([A-Za-z]+):")
COMMENTED = re.compile(r"( *)# (( *)(?:- .*|[A-Za-z]+:(?: .*)?))$")
PROSE = re.compile(r" *# (.*)$")


def blocks(text: str) -> list[Block]:
    """A commented line with a field begins a block, unless it goes on with the fields of the one before it.

    A sentence that ends with a colon speaks of all the fields that follow it, and may say what they are instead of.
    """
    found: list[Block] = []
    around: list[tuple[int, str]] = []
    prose: list[str] = []
    begun: tuple[int, int] | None = None
    for line in text.splitlines():
        if commented := COMMENTED.match(line):
            at, depth = len(commented[1]), len(commented[3])
            sentence = " ".join(prose)
            together = sentence.endswith(":")
            if begun is None or at != begun[0] or (not together and depth <= begun[1]):
                named = re.search(r"instead of ([\w, ]+):$", sentence)
                path = tuple(key for indent, key in around if indent < at)
                found.append(Block(path, re.findall(r"\w+", named[1]) if named else []))
                begun = (at, depth)
            found[-1].lines.append(commented[2])
            continue
        if live := LIVE.match(line):
            around = [step for step in around if step[0] < len(live[1])] + [(len(live[1]), live[2])]
        told = PROSE.match(line)
        prose = [*([] if begun else prose), told[1]] if told else []
        begun = None
    return found


def uncommented(text: str, block: Block) -> dict[str, Any]:
    """The document with a block of it live, in the place of what it is instead of."""
    document = yaml.safe_load(text)
    inner = document
    for step in block.around:
        inner = inner[step]
    for key in block.instead_of:
        inner.pop(key, None)
    inner.update(block.data)
    assert isinstance(document, dict)
    return document


def every_block() -> Iterator[tuple[str, int]]:
    for template in STARTING_POINTS:
        path = Path(__file__).parents[3] / "backup_reconciler" / "manifest" / "templates" / f"{template}.yaml"
        for index in range(len(blocks(path.read_text()))):
            yield template, index


@pytest.fixture
def folder(cli: Cli, tmp_path: Path) -> Path:
    """A folder with a manifest of each kind, as `new` writes it."""
    for template in NAMED:
        assert cli("new", template, "--output", tmp_path / f"{template}.yaml").status == 0
    assert cli("new", "settings", "--output", tmp_path / "backup-reconciler.yaml").status == 0
    return tmp_path


def file_of(template: str) -> str:
    return f"{template}.yaml" if template in NAMED else "backup-reconciler.yaml"


def test_every_kind_has_one() -> None:
    assert {known.kind for known in STARTING_POINTS.values()} == set(KINDS)


def test_what_new_writes_is_valid_together(cli: Cli, folder: Path) -> None:
    told = cli("validate", folder)
    assert (told.status, told.err) == (0, "")


def test_what_new_writes_is_formatted(cli: Cli, folder: Path) -> None:
    told = cli("fmt", "--check", folder, folder / "backup-reconciler.yaml")
    assert (told.status, told.err) == (0, "")


@pytest.mark.parametrize(("template", "index"), list(every_block()))
def test_whatever_is_uncommented_is_valid(cli: Cli, folder: Path, template: str, index: int) -> None:
    """In the document itself; a vault that is torn down is no longer one to assign VMs to."""
    file = folder / file_of(template)
    text = file.read_text()
    file.write_text(yaml.safe_dump(uncommented(text, blocks(text)[index]), sort_keys=False))
    told = cli("validate", folder)
    assert [line for line in told.err.splitlines() if line.startswith(f"{file}:")] == []


@pytest.mark.parametrize("template", STARTING_POINTS)
def test_every_field_is_shown(cli: Cli, template: str) -> None:
    text = cli("new", template).out
    shown = set(paths(yaml.safe_load(text), ()))
    for block in blocks(text):
        shown |= set(paths(uncommented(text, block), ()))
    known = set(fields(STARTING_POINTS[template].kind, ()))
    assert {path for path in known - shown if "exclude" not in path[:-1]} == set()


def fields(kind: str, around: FieldPath) -> Iterator[FieldPath]:
    for name in fields_at(KINDS[kind], around):
        yield (*around, name)
        yield from fields(kind, (*around, name))


def paths(data: object, around: FieldPath) -> Iterator[FieldPath]:
    """Every key, by its path as the shapes have it: tags are named by people."""
    if isinstance(data, dict):
        for key, inner in data.items():
            path = around if around[-1:] == ("tags",) and key != "exists" else (*around, key)
            yield path
            yield from paths(inner, path)


@pytest.mark.parametrize("template", STARTING_POINTS)
def test_a_terminal_of_a_hundred_columns_is_enough(cli: Cli, template: str) -> None:
    long = [line for line in cli("new", template).out.splitlines() if len(line) > 100]
    assert all(re.search(r"/subscriptions/", line) for line in long), long
