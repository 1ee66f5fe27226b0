"""Forms of names, times and ids: Python, the JSON Schema and the rule say the same of each."""

import re
from typing import Annotated

import pytest
from pydantic import TypeAdapter

from backup_reconciler.spec import forms
from backup_reconciler.spec.forms import Form

ALL = [form for form in vars(forms).values() if isinstance(form, Form)]


def named(value: object) -> str:
    return value.rule.id if isinstance(value, Form) else ""


@pytest.mark.parametrize(
    ("form", "fitting", "other"),
    [
        (forms.HANDLE, ["a", "1", "A.b_c!-d", "x" * 150], ["", "-a", "a b", "é", "x" * 151, "a\n"]),
        (forms.SUBSCRIPTION, ["ABCDEF01-2345-6789-abcd-ef0123456789"], ["", "prod", "{11111111-1111}"]),
        (forms.VAULT, ["ab", "Rsv-1", "x" * 50], ["a", "1a", "a_b", "x" * 51]),
        (forms.POLICY, ["abc", "Daily_30!-d", "x" * 150], ["ab", "1ab", "a.b", "x" * 151]),
        (forms.START_TIME, ["00:00", "09:30", "23:30"], ["24:00", "9:00", "23:15", "23:00:00"]),
    ],
    ids=named,
)
def test_what_fits(form: Form, fitting: list[str], other: list[str]) -> None:
    assert [text for text in [*fitting, *other] if form.fits(text)] == fitting
    schema = TypeAdapter(Annotated[str, form]).json_schema()
    pattern = re.compile(schema["pattern"].removesuffix("$") + r"\Z")  # which is what $ means in ECMAScript
    assert [text for text in [*fitting, *other] if pattern.search(text)] == fitting


@pytest.mark.parametrize("form", ALL, ids=named)
def test_its_example_fits(form: Form) -> None:
    assert form.fits(form.example)
    assert TypeAdapter(Annotated[str, form]).json_schema()["examples"] == [form.example]


@pytest.mark.parametrize("form", ALL, ids=named)
def test_pydantic_leaves_the_telling_to_the_rule_and_the_editor_tells_it_too(form: Form) -> None:
    adapter = TypeAdapter[str](Annotated[str, form])
    assert adapter.validate_python("?") == "?"
    assert adapter.json_schema()["patternErrorMessage"] == f"{form.rule.statement} [{form.rule.id}]"
