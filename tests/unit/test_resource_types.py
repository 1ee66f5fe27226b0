"""Ids of resources: what an editor's regular expression takes, and what the loader takes."""

import re
from typing import Annotated

import pytest
from pydantic import TypeAdapter

from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.spec import resource_type
from backup_reconciler.spec.resource_type import ResourceType

TYPES = [value for value in vars(resource_type).values() if isinstance(value, ResourceType)]


@pytest.mark.parametrize("of", TYPES, ids=lambda of: of.name)
def test_an_editor_takes_every_id_that_the_loader_takes_and_no_other_resources(of: ResourceType) -> None:
    schema = TypeAdapter(Annotated[str, of]).json_schema()
    pattern = re.compile(schema["pattern"])
    (example,) = schema["examples"]
    for text in (example, example.upper(), example.lower()):
        assert id_fault(text, of) is None
        assert pattern.search(text)
    for text in (
        "web-1",
        example[1:],
        f"{example}/",
        f"x{example}",
        *(other.example for other in TYPES if other != of),
    ):
        assert id_fault(text, of)
        assert not pattern.search(text)
