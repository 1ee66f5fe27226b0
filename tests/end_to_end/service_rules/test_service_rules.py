"""The rules of the service for vaults and policies, each case in a file of its own: a new case is a new file.

Each case is told twice: our own front door names what is wrong and sends nothing, and the service refuses the very
body that our codec would have made of it. `rows.yaml` says which rules there are, and which cases show each.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.conftest import Cli, Estate, Told, planned
from tests.end_to_end.service_rules.case import (
    CASES,
    Approval,
    ByPlan,
    ByValidate,
    Case,
    CaseFile,
    Explained,
    Part,
    Postponed,
    Request,
    Steps,
    read,
)
from tests.end_to_end.service_rules.past_our_checks import Answered, calling, declared, stated

FILES = {name: read(CASES / f"{name}.yaml") for name in sorted(path.stem for path in CASES.glob("*.yaml"))}
ROWS: dict[str, Any] = yaml.safe_load((CASES.parent / "rows.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def file(request: pytest.FixtureRequest, estate: Estate) -> CaseFile:
    """The case, in its world."""
    found = FILES[request.param]
    found.exists(estate)
    asyncio.run(_prepare(estate, found))
    estate.forget()
    return found


async def _prepare(estate: Estate, file: CaseFile) -> None:
    if file.case.first:
        async with calling(estate) as caller:
            for request in file.case.first:
                answered = await caller.send(stated(request))
                assert answered.status < 300, answered


def cases(told: Callable[[Case], bool]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", [name for name, file in FILES.items() if told(file.case)], indirect=True)


def told_by(kind: type[Part]) -> pytest.MarkDecorator:
    """The cases whose front door is of a kind."""
    return cases(lambda case: isinstance(case.told, kind))


def validated(estate: Estate, cli: Cli) -> tuple[int, list[tuple[str, str, str]]]:
    """The status of `validate`, and the place, the field and the rule of each of its problems."""
    told = cli("validate", estate.manifests, "--format", "json")
    return told.status, [(_source(each), each["path"], each["rule"]) for each in told.json["problems"]]


def _source(place: dict[str, Any]) -> str:
    return f"{place['file']}:{place['line']}"


def findings(plan: Any) -> list[tuple[str, str, str]]:
    return [(each["source"], each["rule"], each["severity"]) for each in plan["findings"]]


def applied(estate: Estate, cli: Cli, *options: str) -> Told:
    """With every consent there is."""
    return cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive", "--allow-one-way", *options)


@told_by(ByValidate)
def test_validate_names_file_line_field_and_rule(file: CaseFile, estate: Estate, cli: Cli) -> None:
    named = file.told(ByValidate)
    assert validated(estate, cli) == (1, [(file.source(estate), named.field, named.rule)])
    assert applied(estate, cli).status == 1
    assert estate.requests() == []


@told_by(ByPlan)
def test_plan_names_file_line_and_rule_and_nothing_is_sent(file: CaseFile, estate: Estate, cli: Cli) -> None:
    named = file.told(ByPlan)
    assert (file.source(estate), named.rule, named.severity) in findings(planned(estate, cli))
    assert applied(estate, cli, "--strict").status == (1 if named.severity == "blocked" else 0)
    assert applied(estate, cli).status == 0
    assert estate.writes() == []


@told_by(Approval)
def test_what_a_resource_guard_has_to_approve_is_marked_and_not_sent(file: CaseFile, estate: Estate, cli: Cli) -> None:
    approval = file.told(Approval)
    (action,) = [action for action in planned(estate, cli)["actions"] if action["needsApproval"]]
    assert (action["verb"], action["needsApproval"]) == (approval.verb, approval.guard)
    assert file.source(estate) in {action["source"], *(change["source"] for change in action["changes"])}
    assert applied(estate, cli).status == 3
    assert estate.writes() == []


@told_by(Steps)
def test_what_the_service_takes_in_steps_is_planned_in_steps(file: CaseFile, estate: Estate, cli: Cli) -> None:
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == file.told(Steps).verbs
    assert applied(estate, cli).status == 0
    assert planned(estate, cli)["actions"] == []


@told_by(Postponed)
def test_what_the_service_takes_on_another_day_is_left_to_a_later_run(file: CaseFile, estate: Estate, cli: Cli) -> None:
    postponed, (*_, last) = file.told(Postponed), file.documents()
    (held,) = planned(estate, cli)["heldBack"]
    assert (held["verb"], held["why"]) == (postponed.verb, postponed.why)
    assert held["address"].endswith(f"/{last['metadata']['name']}")


@told_by(Explained)
def test_what_no_plan_can_foresee_is_explained_when_it_is_refused(file: CaseFile, estate: Estate, cli: Cli) -> None:
    explained = file.told(Explained)
    told = applied(estate, cli)
    assert told.status == 1
    assert explained.code in told.text
    assert explained.words in told.text


@cases(lambda case: bool(case.answer.code))
def test_the_service_refuses_the_same_body_and_changes_nothing(file: CaseFile, estate: Estate) -> None:
    before, answered, after = asyncio.run(_sent(estate, file))
    assert (answered.status, answered.code) == (file.case.answer.status, file.case.answer.code)
    assert after == before


@cases(lambda case: not case.answer.code)
def test_what_the_service_takes_and_does_not_do_is_taken(file: CaseFile, estate: Estate) -> None:
    _, answered, _ = asyncio.run(_sent(estate, file))
    assert answered.status == file.case.answer.status


async def _sent(estate: Estate, file: CaseFile) -> tuple[Answered, Answered, Answered]:
    """The resource before the case's body was sent, the answer, and the resource afterwards."""
    async with calling(estate) as caller:
        asked = file.case.sends
        request = stated(asked) if isinstance(asked, Request) else await declared(asked, file, caller)
        return await caller.get(request), await caller.send(request), await caller.get(request)


@cases(lambda case: case.mended is not None)
def test_with_the_line_put_right_both_are_content(file: CaseFile, estate: Estate, cli: Cli) -> None:
    mended = file.mended()
    mended.exists(estate)
    asyncio.run(_prepare(estate, mended))
    assert validated(estate, cli) == (0, [])
    assert [finding for finding in findings(planned(estate, cli)) if finding[2] == "blocked"] == []
    _, answered, _ = asyncio.run(_sent(estate, mended))
    assert (answered.status < 300, answered.code) == (True, "")


def test_every_rule_has_its_cases_or_a_reason_to_have_none() -> None:
    shown = [name for row in ROWS.values() for name in row.get("cases", ())]
    assert sorted(shown) == list(FILES)
    assert [name for name, row in ROWS.items() if ("cases" in row) == ("without" in row) or not row["fact"]] == []
