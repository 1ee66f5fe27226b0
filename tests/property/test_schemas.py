"""What a JSON Schema refuses `validate` refuses: an editor never asks for more than the language does."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from backup_reconciler.manifest.loading import check
from backup_reconciler.manifest.text.parse import parse
from backup_reconciler.manifest.text.tree import Tree, Unread
from backup_reconciler.manifest.writing import write
from backup_reconciler.report.schemas import schemas
from backup_reconciler.spec.document import KINDS
from tests.property.test_manifest import documents, mutations, values, words

TEXTS = schemas()
TAKEN = {
    name: Draft7Validator(
        json.loads(TEXTS[f"{name}.schema.json"]), format_checker=Draft7Validator.FORMAT_CHECKER
    ).is_valid
    for name in (*KINDS, "manifest")
}


def refused(tree: Tree) -> bool:
    kind = tree.value(("kind",))
    names = ("manifest", kind) if isinstance(kind, str) and kind in KINDS else ("manifest",)
    return not all(TAKEN[name](tree.data) for name in names)


def plain(data: object) -> bool:
    """Whether JSON can say it; what it cannot say is refused while the text is read."""
    if isinstance(data, dict | list):
        return all(plain(inner) for inner in (data.values() if isinstance(data, dict) else data))
    return not isinstance(data, Unread)


def agrees(text: str) -> None:
    trees = [tree for tree in parse(text, "").trees if plain(tree.data)]
    if any(refused(tree) for tree in trees):
        assert check(text), text


@given(documents())
def test_every_spec_is_taken(written: list[tuple[str, str, Any]]) -> None:
    trees = parse(write(written), "").trees
    assert len(trees) == len(written)
    assert [tree.data for tree in trees if refused(tree)] == []


@settings(max_examples=200)
@given(mutations())
def test_after_any_accident_the_schema_is_no_stricter(text: str) -> None:
    agrees(text)


@settings(max_examples=150)
@given(st.sampled_from([*KINDS]), values, st.dictionaries(words, values, max_size=6))
def test_of_any_values_the_schema_is_no_stricter(kind: str, name: object, spec: dict[str, object]) -> None:
    metadata = {"metadata": {"name": name}}
    agrees(json.dumps({"apiVersion": "backup-reconciler/v1", "kind": kind, **metadata, "spec": spec}))
