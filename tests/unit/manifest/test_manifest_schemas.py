"""The JSON Schemas and the loader say the same of the same manifests; the judge is a validator that is not ours."""

import json
import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from backup_reconciler.manifest.document import Written
from backup_reconciler.manifest.shape.validation import validate
from backup_reconciler.manifest.text.parse import parse
from backup_reconciler.manifest.text.tree import Tree, Unread
from backup_reconciler.report.schemas import schemas
from backup_reconciler.spec.document import KINDS

ROOT = Path(__file__).parents[3]
CASES = Path(__file__).parent / "cases"
MISTAKE = re.compile("GeoRedundent|rsv-pord")
"""In the examples of what an editor underlines and of what `validate` tells."""


@cache
def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schemas()[f"{name}.schema.json"])
    return found


def faults(data: Any, name: str = "manifest") -> list[str]:
    """What is wrong with a document by its schema, which every draft has to see alike."""
    by_draft = [
        [error.message for error in draft(schema(name), format_checker=draft.FORMAT_CHECKER).iter_errors(data)]
        for draft in (Draft7Validator, Draft202012Validator)
    ]
    assert by_draft[0] == by_draft[1]
    return by_draft[0]


def texts() -> dict[str, str]:
    """Every manifest of the repository that is valid, by where it stands."""
    files = [*(ROOT / "manifests").rglob("*.yaml"), *(CASES / "good").glob("*.yaml")]
    found = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        found |= {f"{page.relative_to(ROOT)}-{number}": block for number, block in enumerate(blocks)}
    return {name: text for name, text in found.items() if "apiVersion: " in text and not MISTAKE.search(text)}


VALID = texts()


def test_the_manifests_of_the_repository_are_found() -> None:
    assert {"manifests/quickstart/vault.yaml", "README.md-0", "docs/editors.md-1"} < set(VALID)


@pytest.mark.parametrize("name", VALID)
def test_every_manifest_of_the_repository_is_taken(name: str) -> None:
    trees = parse(VALID[name], name).trees
    assert trees
    for tree in trees:
        assert faults(tree.data) == []
        assert faults(tree.data, tree.value(("kind",))) == []


def broken() -> list[tuple[str, Tree]]:
    """Documents that have not their kind's shape, as far as JSON can say what they hold."""
    files = sorted((CASES / "bad").glob("*.yaml"))
    trees = [(file.stem, tree) for file in files for tree in parse(text_of(file), file.name).trees]
    return [(name, tree) for name, tree in trees if not beyond_json(tree.data) and isinstance(shaped(tree), list)]


def text_of(file: Path) -> str:
    return file.read_bytes().decode("utf-8", errors="replace")


def shaped(tree: Tree) -> object:
    """The document, or what is wrong with its shape; the tree itself is left as it is."""
    return validate(Written.of(deepcopy(tree)))


def beyond_json(data: object) -> bool:
    """Whether there is something in it that JSON knows nothing of, or does not tell from an integer: 1e3."""
    if isinstance(data, dict | list):
        return any(beyond_json(inner) for inner in (data.values() if isinstance(data, dict) else data))
    return isinstance(data, Unread) or (isinstance(data, float) and data.is_integer())


BROKEN = broken()


@pytest.mark.parametrize(("name", "tree"), BROKEN, ids=[name for name, _ in BROKEN])
def test_a_document_without_its_kinds_shape_is_refused_by_the_schema_too(name: str, tree: Tree) -> None:
    assert faults(tree.data)
    kind = tree.value(("kind",))
    if isinstance(kind, str) and kind in KINDS:
        assert faults(tree.data, kind)
