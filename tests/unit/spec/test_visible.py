"""What others wrote is shown, and commands neither a terminal nor a pipeline."""

import json

import pytest
import yaml

from backup_reconciler.manifest.formatting.quoting import double_quoted
from backup_reconciler.spec.json_text import harmless
from backup_reconciler.spec.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-01", "web-01"),
        ("a\x1b[2J\nb\u202ec", r"a\x1b[2J\nb\u202ec"),
        ("##vso[task.setvariable variable=PATH]x", r"#\x23vso[task.setvariable variable=PATH]x"),
        ("a ##VSO[x] ##[error]y", r"a #\x23VSO[x] #\x23[error]y"),
        ("###[x]", r"##\x23[x]"),
        ("::error file=x::y", r":\x3aerror file=x::y"),
        ("a ::stop-commands::t", r"a :\x3astop-commands::t"),
        ("## heading", "## heading"),
        ("::1 and ::ffff:10.0.0.1", "::1 and ::ffff:10.0.0.1"),
        ("Microsoft::Compute", "Microsoft::Compute"),
    ],
)
def test_text_for_people(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["##vso[x]", "###[x]", "\u202e\U000e0001", "\xa0\x7f", "é日\U0001f600", "## a"])
def test_json_and_yaml_read_as_the_very_same(text: str) -> None:
    as_json, as_yaml = harmless(json.dumps(text, ensure_ascii=False)), double_quoted(text)
    assert json.loads(as_json) == yaml.safe_load(as_yaml) == text
    for written in (as_json, as_yaml):
        assert written.isprintable()
        assert visible(written) == written
