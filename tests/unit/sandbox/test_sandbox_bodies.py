"""Request bodies: what JSON can say is data, and whatever else comes is text that can be kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.sandbox.bodies import as_text, content


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff", b"NaN", b'{"a": -Infinity}', b'"\\ud800"', b"[" * 100_000, b"[" * 65 + b"]" * 65]
)
def test_what_is_no_json_or_cannot_be_kept_is_text(raw):
    assert content(raw) == as_text(raw)


@pytest.mark.parametrize("raw", [b"", b"  \n"])
def test_no_body_is_none(raw):
    assert content(raw) is None


def test_a_whole_surrogate_pair_is_text_as_any_other():
    assert content(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert content(b"[" * 64 + b"]" * 64) != ""


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20))
def test_json_reads_back(value):
    assert content(json.dumps(value).encode()) == value


@given(st.binary(max_size=60))
def test_whatever_comes_can_be_written_as_utf_8(raw):
    json.dumps(content(raw), ensure_ascii=False, allow_nan=False).encode()
