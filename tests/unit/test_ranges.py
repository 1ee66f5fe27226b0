"""Ranges of numbers: Python and the JSON Schema say the same of each."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter

from backup_reconciler.spec import ranges
from backup_reconciler.spec.ranges import Range

ALL = {name: value for name, value in vars(ranges).items() if isinstance(value, Range)}


@pytest.mark.parametrize("allowed", ALL.values(), ids=list(ALL))
def test_its_ends_are_in_it_and_what_is_beyond_is_not(allowed: Range) -> None:
    beyond = (allowed.least - 1, allowed.most + 1)
    assert allowed.least in allowed
    assert allowed.most in allowed
    assert not any(number in allowed for number in beyond)
    assert [allowed.nearest(number) for number in beyond] == [allowed.least, allowed.most]


@pytest.mark.parametrize("allowed", ALL.values(), ids=list(ALL))
def test_pydantic_leaves_the_telling_to_the_rule_and_the_editor_knows_the_ends(allowed: Range) -> None:
    adapter = TypeAdapter[int](Annotated[int, allowed])
    assert adapter.validate_python(allowed.most + 1) == allowed.most + 1
    assert adapter.json_schema() == {"type": "integer", "minimum": allowed.least, "maximum": allowed.most}
