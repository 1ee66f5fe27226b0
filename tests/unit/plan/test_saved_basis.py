"""What a saved plan has a form for."""

import pytest

from backup_reconciler.plan.canonical import digest_of
from backup_reconciler.plan.saved.basis import plain
from tests.unit.plan.actions import DAY


def test_what_has_no_form_is_refused_rather_than_left_out() -> None:
    with pytest.raises(TypeError, match="a saved plan has no form for object"):
        plain({"inner": [object()]})


def test_long_texts_are_told_by_their_digest() -> None:
    assert plain(("x" * 200, "x" * 201)) == ["x" * 200, digest_of("x" * 201)]


def test_a_day_is_told_as_json_has_it() -> None:
    assert plain({"until": DAY}) == {"until": "2026-11-23"}
