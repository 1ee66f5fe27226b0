"""Manifests in an editor: what yaml-language-server, which VS Code and others run, makes of the schemas."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from backup_reconciler.manifest.starting_point import STARTING_POINTS, starting_point
from backup_reconciler.spec import forms
from backup_reconciler.spec.document import KINDS
from backup_reconciler.spec.values import Redundancy, Weekday
from tests.editors.conftest import PAGE, ROOT, Start, Type, settings
from tests.editors.language_server import LanguageServer

HEAD = "apiVersion: backup-reconciler/v1\nkind: {}\nmetadata: {{name: prod-jpe}}\nspec:\n"
VAULT = HEAD.format("Vault") + (
    "  subscription: 11111111-1111-1111-1111-111111111111\n  resourceGroup: rg-backup\n  location: japaneast\n"
)
POLICY = HEAD.format("BackupPolicy") + "  vaults: all\n"
MODELINE = "# yaml-language-server: $schema=../schemas/manifest.schema.json\n"
WITHOUT_SCHEMAS = {name: value for name, value in settings().items() if name != "yaml.schemas"}


# ---- what is underlined --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vault", "policy", "assignment"])
def test_the_quickstart_is_without_fault(types: Type, name: str) -> None:
    assert types((ROOT / "manifests" / "quickstart" / f"{name}.yaml").read_text()).underlined == []


@pytest.mark.parametrize("word", STARTING_POINTS)
def test_what_new_writes_is_without_fault(types: Type, word: str) -> None:
    assert types(starting_point(word, None, date(2027, 1, 31))).underlined == []


@pytest.mark.parametrize(
    ("text", "line", "underlined", "message"),
    [
        (VAULT + "  colour: blue\n", 8, "colour", "Property colour is not allowed."),
        (VAULT + "  tag: {}\n", 8, "tag", "Property tag is not allowed."),
        (VAULT + "  redundancy: GeoRedundent\n", 8, "GeoRedundent", "Value is not accepted."),
        (VAULT + "  existing: nope\n", 8, "nope", 'Incorrect type. Expected "boolean".'),
        (VAULT + "  name: ~\n", 8, "~", 'Incorrect type. Expected "string".'),
        (VAULT.replace("  location: japaneast\n", ""), 4, "spec", 'Missing property "location".'),
        (VAULT.replace("kind: Vault", "kind: Vautl"), 2, "Vautl", "Value is not accepted."),
        (VAULT.replace("/v1", "/v2"), 1, "backup-reconciler/v2", 'Value must be "backup-reconciler/v1".'),
        (POLICY + "  schedule: {frequency: Dayly}\n", 6, "Dayly", 'Value is not accepted. Valid values: "Daily", "We'),
        (POLICY + "  schedule: {frequency: Hourly, time: '23:00'}\n", 6, "time", "Property time is not allowed."),
        (POLICY + "  instantRestoreDays: '2'\n", 6, "'2'", 'Incorrect type. Expected "integer".'),
        (POLICY + "  retention:\n    daily:\n      day: 3\n", 8, "day", "Property day is not allowed."),
        (
            POLICY + "  retention: {weekly: {weeks: 4, days: [Sun]}}\n",
            6,
            "Sun",
            "Value is not accepted. Valid values: ",
        ),
        (POLICY + "  schedule: {frequency: Daily, time: '23:10'}\n", 6, "'23:10'", forms.START_TIME.rule.statement),
        (HEAD.format("VMAssignment") + "  select: {ids: [web-1]}\n", 5, "web-1", "This is not the id of a VM."),
        (POLICY.replace("all", "[]"), 5, "[]", "Array has too few items."),
        (VAULT + "  softDelete: {state: Enabled, retentionDays: 7}\n", 8, "7", "Value is below the minimum of 14."),
        (HEAD.format("Exemption") + "  select: {}\n", 5, "{}", "Object has fewer properties"),
        ("---\n" + VAULT + "---\n" + POLICY + "  colour: blue\n", 15, "colour", "Property colour is not allowed."),
    ],
)
def test_a_mistake_is_underlined_where_it_is(types: Type, text: str, line: int, underlined: str, message: str) -> None:
    found = types(text).underlined
    assert [(each.line, each.text) for each in found if each.message.startswith(message)] == [(line, underlined)]


def test_what_the_page_on_editors_shows_is_what_one_sees(types: Type) -> None:
    manifest, shown = re.search(r"```yaml\n(.*?)```.*?```text\n(.*?)```", PAGE, re.DOTALL).groups()  # type: ignore[union-attr]
    seen = [(str(each.line), each.text, each.message) for each in types(manifest).underlined]
    lines = [re.fullmatch(r"line (\d+) +(\S+) +(.*)", line).groups() for line in shown.splitlines()]  # type: ignore[union-attr]
    assert sorted(seen) == sorted(lines)


# ---- what is offered -----------------------------------------------------------------------------------------------


def test_every_kind_is_offered_with_what_it_is(types: Type) -> None:
    offered = types("apiVersion: backup-reconciler/v1\nkind: ▮").offered
    assert set(offered) >= set(KINDS)
    assert offered["Vault"].documentation == "A Recovery Services vault."


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_of_the_kind_that_is_written_are_offered(types: Type, kind: str) -> None:
    fields = KINDS[kind].model_fields["spec"].annotation.model_fields.values()  # type: ignore[union-attr]
    offered = types(HEAD.format(kind) + "  ▮\n").offered
    assert {field.alias for field in fields} <= set(offered)
    assert {label for label in offered if label[0].islower()} <= {field.alias for field in fields}
    for field in fields:
        assert offered[str(field.alias)].documentation


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (VAULT + "  redundancy: ▮\n", get_args(Redundancy)),
        (POLICY + "  retention:\n    weekly:\n      days:\n        - ▮\n", get_args(Weekday)),
        (HEAD.format("VMAssignment") + "  protection: ▮\n", ("active", "stopped")),
        (VAULT + "  existing: ▮\n", ("true", "false")),
    ],
)
def test_the_values_that_fit_are_offered(types: Type, text: str, values: tuple[str, ...]) -> None:
    assert set(values) <= set(types(text).offered)


def test_a_value_is_offered_with_what_it_means(types: Type) -> None:
    offered = types(HEAD.format("VMAssignment") + "  protection: ▮\n").offered
    assert offered["stopped"].documentation == "no more backups, every recovery point kept"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (VAULT.replace("japaneast", "▮"), "japaneast"),
        (POLICY + "  schedule: {frequency: Daily, time: ▮}\n", "23:00"),
        (POLICY + "  instantRestoreDays: ▮\n", "2"),
        (POLICY + "  timeZone: ▮\n", "Asia/Tokyo"),
        (HEAD.format("VMAssignment") + "  select: {names: ▮}\n", '["web-*"]'),
    ],
)
def test_where_any_value_may_stand_an_example_is_offered(types: Type, text: str, value: str) -> None:
    assert value in types(text).offered


def test_a_field_is_written_with_its_default_or_an_example(types: Type) -> None:
    assert types(VAULT + "  ▮\n").offered["existing"].inserts == "existing: ${1:false}"
    assert types(POLICY + "  ▮\n").offered["instantRestoreDays"].inserts == "instantRestoreDays: ${1:2}"


def test_the_fields_of_the_schedule_that_was_chosen_are_offered(types: Type) -> None:
    offered = types(POLICY + "  schedule:\n    frequency: Hourly\n    ▮\n").offered
    assert {"every", "from", "hours"} <= set(offered)
    assert not {"days", "time"} & set(offered)


# ---- what is shown -------------------------------------------------------------------------------------------------


def test_pointing_at_a_field_shows_what_it_is_for(types: Type) -> None:
    shown = types(VAULT.replace("resourceGroup", "resource▮Group")).shown
    assert "It must exist; it is never created." in shown


def test_pointing_at_a_field_shows_its_example(types: Type) -> None:
    shown = types(POLICY + "  time▮Zone: UTC\n").shown
    assert "Example:" in shown
    assert "Tokyo Standard Time" in shown


def test_pointing_at_a_value_shows_the_others(types: Type) -> None:
    shown = types(VAULT + "  redundancy: Geo▮Redundant\n").shown
    assert "Storage replication of the recovery points" in shown
    for value in get_args(Redundancy):
        assert f"`{value}`" in shown


# ---- without settings, and without anybody else --------------------------------------------------------------------


def test_a_comment_in_the_file_does_without_settings(start: Start, workspace: Path) -> None:
    file = workspace / "backups" / "vault.yaml"
    file.write_text(MODELINE + VAULT + "  colour: blue\n")
    with start(WITHOUT_SCHEMAS) as editor:
        assert [(each.line, each.text) for each in editor.open(file)] == [(9, "colour")]
        assert "redundancy" in {each.label for each in editor.offered(file, 9, 3)}
    assert editor.errors == ""


def test_the_comment_holds_for_the_document_it_begins(start: Start, workspace: Path) -> None:
    once, each_time = workspace / "backups" / "once.yaml", workspace / "backups" / "each-time.yaml"
    broken = POLICY + "  colour: blue\n"
    once.write_text(MODELINE + VAULT + "---\n" + broken)
    each_time.write_text(MODELINE + VAULT + "---\n" + MODELINE + broken)
    with start(WITHOUT_SCHEMAS) as editor:
        assert editor.open(once) == []
        assert [(each.line, each.text) for each in editor.open(each_time)] == [(16, "colour")]


def test_a_world_has_a_schema_of_its_own(editor: LanguageServer, workspace: Path) -> None:
    file = workspace / "quickstart.world.yaml"
    world = (ROOT / "manifests" / "quickstart" / file.name).read_text()
    file.write_text(world)
    assert editor.open(file) == []
    other = workspace / "broken.world.yaml"
    other.write_text(world + "colour: blue\n")
    assert [each.text for each in editor.open(other)] == ["colour"]


def test_with_the_schema_store_the_server_would_reach_for_the_network(start: Start, workspace: Path) -> None:
    file = workspace / "backups" / "store.yaml"
    file.write_text(VAULT)
    with start({**settings(), "yaml.schemaStore.enable": True}) as editor:
        editor.open(file)
    assert "reached for the network: www.schemastore.org:443" in editor.errors
