"""What fuzzing has found, each with what is told instead."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.cloud import EndpointError, cloud
from backup_reconciler.azure.codec import protection, vault, vm
from backup_reconciler.azure.codec.graph import protected_vms
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.reading import read, read_those
from backup_reconciler.azure.request import get
from backup_reconciler.azure.retry import wait_seconds
from backup_reconciler.plan.saved.reading import NoSavedPlanError, read_saved_plan
from backup_reconciler.report.earlier import EarlierReportError, read_earlier
from backup_reconciler.report.merge import MergeError, joined, read_shard_report
from backup_reconciler.report.words import shown
from backup_reconciler.sandbox.state import load_state, state_path
from backup_reconciler.sandbox.world.base import WorldError
from backup_reconciler.sandbox.world_file import load_world
from backup_reconciler.spec.json_text import harmless
from tests.conftest import Cli, document, vm_id
from tests.fuzz.targets.reports import SAVED_PLANS, SHARD_REPORTS
from tests.unit.fakes import Answer, in_turn, road

HOSTILE = "\u202e\x1b[2J\u2028" + "x" * 5_000


def answered(body: bytes) -> Any:
    arm, _, _ = road(in_turn(Answer(200, body)))
    return asyncio.run(arm.send(get("/subscriptions/s", Api.VAULTS))).body


def test_half_of_a_surrogate_pair_is_no_text_and_is_replaced() -> None:
    assert answered(rb'{"a": ["\ud800", "\ud83d\ude00"]}') == {"a": ["\ufffd", "\U0001f600"]}


@pytest.mark.parametrize("header", ["²", "٣", "9" * 400, "-1", "1.5"])
def test_a_time_to_wait_that_is_none_is_our_own(header: str) -> None:
    assert wait_seconds(1, {"Retry-After": header}, f"after '{'9' * 400}' seconds") == 2


def test_an_answer_that_is_nested_without_end_is_not_json() -> None:
    with pytest.raises(NotArm, match="the answer is not JSON"):
        answered(b"[" * 100_000)


@pytest.mark.parametrize("one", [True, "x", ["x"], {"properties": True}])
def test_what_is_no_resource_among_those_of_a_list_is_told(one: object) -> None:
    with pytest.raises(NotArm, match="cannot be understood"):
        read_those(protection.is_vm, protection.decode, [one])


@pytest.mark.parametrize("decode", [vm.decode, vault.decode])
def test_a_tag_that_is_no_text_is_told_and_one_that_is_null_is_empty(decode: Any) -> None:
    with pytest.raises(NotArm, match="the tag env is no text"):
        read(decode, {"id": vm_id("web"), "location": "x", "tags": {"env": {"a": 1}}})
    found = read(decode, {"id": vm_id("web"), "location": "x", "tags": {"env": None}})
    assert "{'env': ''}" in repr(found)


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_utc_has_no_day_for(time: str) -> None:
    item = {"id": f"{vm_id('web')}/vm;group;web", "properties": {"lastBackupTime": time}}
    with pytest.raises(NotArm, match="cannot be understood"):
        read(protection.decode, item)
    holder = Holder.told({"lockedby": "ada", "lockedfrom": "here", "lockedsince": time})
    assert str(holder) == "ada (here)"


def test_the_names_in_a_mapping_are_shown_as_values_are() -> None:
    assert shown({"a\x85\u202e": ["\x1b"]}) == r"a\x85\u202e: [\x1b]"


def test_an_error_of_azures_is_one_line_whatever_it_names() -> None:
    error = NotArm(get("/a\nb\u2028c", Api.VAULTS), "first\r\nsecond", code="A\nB")
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize(
    "endpoint",
    ["https://arm.example ", "https:\t//arm.example", "\x00https://arm.example", "https://a\\b", "https://a:99999",
     "https://a:0", "https://a#b"],
)  # fmt: skip
def test_an_address_that_reads_otherwise_than_it_looks_is_refused(endpoint: str) -> None:
    with pytest.raises(EndpointError, match="is not an address"):
        cloud("public", endpoint)


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(EndpointError, match="name or a password") as refused:
        cloud("public", "https://ada:secret@arm.example")
    assert "secret" not in str(refused.value)


def test_a_root_in_the_settings_that_no_folder_can_be_called(cli: Cli, tmp_path: Path) -> None:
    settings = document("Settings", "x", roots=["a" * 5_000])
    del settings["metadata"]
    (tmp_path / "backup-reconciler.yaml").write_text(json.dumps(settings))
    told = cli("validate", tmp_path / "backup-reconciler.yaml")
    assert told.status == 1
    assert "there is no folder" in told.err


def test_a_saved_plan_says_what_is_wrong_with_it_in_a_line() -> None:
    data = json.loads(SAVED_PLANS.examples()[0])
    data["actions"][0]["id"] = HOSTILE
    with pytest.raises(NoSavedPlanError) as refused:
        read_saved_plan(json.dumps(data).encode())
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize("change", [{"verb": "chanfeDisks"}, {"verb": "createVault"}, {"address": "Vault/s/rg/other"}])
def test_a_saved_action_that_is_another_one_than_its_id_says_is_refused(change: dict[str, str]) -> None:
    """Whatever its digests say: whoever can write the file can make them anew."""
    saved = read_saved_plan(SAVED_PLANS.examples()[0])
    actions = [saved.actions[-1].model_copy(update=change)]
    forged = saved.model_copy(update={"actions": actions})
    forged = forged.model_copy(update={"digest": forged.own_digest()})
    with pytest.raises(NoSavedPlanError, match="is no action, or another one than it says"):
        read_saved_plan(forged.text().encode())


@pytest.mark.parametrize("broken", [b'{"a": "\\ud800"}', b"[" * 100_000, b'{"a": NaN}'])
def test_an_earlier_report_that_nothing_could_write_again_is_not_json(broken: bytes) -> None:
    with pytest.raises(EarlierReportError, match="is not JSON"):
        read_earlier("report.json", broken)


def test_an_earlier_report_says_what_is_wrong_with_it_in_a_line() -> None:
    report: dict[str, Any] = {"formatVersion": HOSTILE, "asOf": "x", "summary": {}, "differences": []}
    for more in ({}, {"formatVersion": 1, "asOf": "2026-11-23", "digests": {HOSTILE: 1}}):
        with pytest.raises(EarlierReportError) as refused:
            read_earlier("report.json", json.dumps(report | more).encode())
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) < 700


def test_a_shards_report_whose_lines_are_no_numbers_is_refused() -> None:
    data = json.loads(SHARD_REPORTS.examples()[0])
    data["findings"][0]["source"] = f"all.yaml:{HOSTILE}"
    refused = refused_to_join(data)
    assert refused.isprintable()
    assert len(refused) < 1_100


def test_a_shards_report_with_a_difference_that_nothing_declares_is_refused() -> None:
    data = json.loads(SHARD_REPORTS.examples()[0])
    differing = next(one for one in data["part"]["resources"] if one["state"] == "differs")
    differing |= {"source": None, "column": None}
    assert "differs, and no line declares it" in refused_to_join(data)


def refused_to_join(data: object) -> str:
    read = read_shard_report("report.json", json.dumps(data).encode())
    with pytest.raises(MergeError, match=r"report\.json: not as reports are written") as refused:
        joined([read], partial=True)
    return str(refused.value)


def test_a_row_of_resource_graph_without_an_id_is_told() -> None:
    body = {"data": [{"vm": "x"}], "resultTruncated": "false"}
    arm, _, _ = road(in_turn(Answer(200, body)))
    with pytest.raises(NotArm, match="a resource cannot be understood"):
        asyncio.run(protected_vms(arm, ["s"]))


def test_a_world_says_what_is_wrong_with_it_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.world.yaml"
    file.write_text(f'kind: World\n"{"x" * 5_000}\\e\\u2028": 1\n')
    with pytest.raises(WorldError) as refused:
        load_world(file)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize("state", [b"[" * 100_000, b'{"random": [3, [-1], null]}'])
def test_a_state_that_is_none_says_to_start_over(tmp_path: Path, state: bytes) -> None:
    file = tmp_path / "a.world.yaml"
    file.write_text("kind: World\n")
    state_path(file).parent.mkdir()
    world = load_world(file)
    found = json.loads(state) | {"formatVersion": 1, "world": world.digest()} if state.startswith(b"{") else None
    state_path(file).write_bytes(json.dumps(found).encode() if found else state)
    with pytest.raises(WorldError, match="start over with --fresh"):
        load_state(file, world)


@pytest.mark.parametrize("name", ["\u202e", "\x7f", "\x9b", "\u2028", "\U000e0001", "\x1b", "é日\U0001f600"])
def test_json_reads_as_before_and_nothing_in_it_acts(name: str) -> None:
    text = harmless(json.dumps({name: [name]}, indent=1, ensure_ascii=False))
    assert json.loads(text) == {name: [name]}
    assert text.replace("\n", "").isprintable()
    assert ("\\u" in text) is not name.isprintable()
