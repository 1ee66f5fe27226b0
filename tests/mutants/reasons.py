"""Survivors that may live: each is in survivors.toml, with the change and the reason."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.scope import mutants

_FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True)
class Justified:
    """A survivor that no test has to kill."""

    mutant: str
    """Its id."""
    diff: str
    reason: str


def justified() -> list[Justified]:
    return [Justified(**one) for one in tomllib.loads(_FILE.read_text(encoding="utf-8")).get("survivor", [])]


def out_of_date() -> list[str]:
    """The ids of those that are no mutants any more, or other ones."""
    modules = tuple({one.mutant.partition(":")[0] for one in justified()})
    diffs = {mutant.id: mutant.diff for mutant in mutants(modules)} if modules else {}
    return [one.mutant for one in justified() if diffs.get(one.mutant) != one.diff.strip()]
