"""Manifests, settings, and the formatting of both."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from backup_reconciler.cli.collector import uncollected
from backup_reconciler.manifest import ManifestError, inspect
from backup_reconciler.manifest.formatting import FormattedFile, format_bytes
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.plan.saved.manifests import manifests_digest
from backup_reconciler.report.data.problems import problems_data
from backup_reconciler.report.problems_github import problems_github
from tests.fuzz.looks import assert_told
from tests.fuzz.target import Target

_REPOSITORY = Path(__file__).parents[3]
_DAY = date(2026, 11, 23)


@uncollected()
def _read_as(name: str, data: bytes) -> None:
    """Every problem has its line, on which nothing acts, in each format; and what is valid has a digest."""
    file = _folder() / name
    file.write_bytes(data)
    found = inspect([file], as_of=_DAY)
    _tell(found.problems)
    problems_data(found, valid=not found.errors).model_dump_json()
    problems_github(found, file.parent, file.parent).encode()
    if not found.problems and found.manifests:
        manifests_digest(found.manifests)


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        assert_told(ManifestError([problem]), longest=2_000)


@uncollected()
def _format(data: bytes) -> None:
    """What is formatted stays as it is when it is formatted again."""
    path = Path("all.yaml")
    first = format_bytes(path, data)
    if not isinstance(first, FormattedFile):
        _tell(first)
        return
    again = format_bytes(path, first.after)
    assert isinstance(again, FormattedFile), [str(problem) for problem in again]
    assert again.after == first.after


@cache
def _folder() -> Path:
    """One for the whole run: making it takes longer than reading what is in it."""
    return Path(mkdtemp(prefix="fuzz-"))


def _manifests() -> list[bytes]:
    files = sorted(_REPOSITORY.glob("manifests/*/*.yaml"))
    cases = sorted(_REPOSITORY.glob("tests/unit/manifest/cases/good/*.yaml"))
    return [file.read_bytes() for file in (*files, *cases) if not file.name.endswith(".world.yaml")]


def _settings() -> list[bytes]:
    return [file.read_bytes() for file in sorted(_REPOSITORY.glob("manifests/*/backup-reconciler.yaml"))]


MANIFESTS = Target("manifests", "yaml", lambda data: _read_as("all.yaml", data), _manifests)
SETTINGS = Target("settings", "yaml", lambda data: _read_as("backup-reconciler.yaml", data), _settings)
FORMATTING = Target("formatting", "yaml", _format, _manifests, passes=2)
