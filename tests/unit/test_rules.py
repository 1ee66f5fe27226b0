"""The rule catalogue: every rule is used, and some test shows what it tells."""

import re
from pathlib import Path

from backup_reconciler.spec import rules
from backup_reconciler.spec.rules import CATALOGUE, SUBJECTS, Rule

ROOT = Path(__file__).parents[2]
NAMES = {rule.id: name for subject in SUBJECTS for name, rule in vars(subject).items() if isinstance(rule, Rule)}


def text_of(folder: Path, *suffixes: str) -> str:
    """All files below a folder, other than the catalogue itself and what is installed there."""
    files = [path for path in folder.rglob("*") if path.suffix in suffixes]
    own = [path for path in files if path.parent != Path(rules.__path__[0]) and "node_modules" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in own)


def test_every_rule_belongs_to_a_subject() -> None:
    assert NAMES.keys() == CATALOGUE.keys()


def test_every_rule_is_used() -> None:
    code = text_of(ROOT / "backup_reconciler", ".py")
    assert [rule for rule, name in NAMES.items() if not re.search(rf"\b{name}\b", code)] == []


def test_every_rule_has_a_case() -> None:
    tests = text_of(ROOT / "tests", ".py", ".txt", ".yaml")
    assert [rule for rule in CATALOGUE if not re.search(rf"(?<![a-z-]){rule}(?![a-z-])", tests)] == []
