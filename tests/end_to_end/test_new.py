"""`new`: a manifest to start from."""

import errno
import os
from datetime import date
from pathlib import Path

import pytest
import yaml

from backup_reconciler.cli import day
from backup_reconciler.manifest.starting_point import STARTING_POINTS
from tests.conftest import Cli


@pytest.mark.parametrize("word", STARTING_POINTS)
def test_it_writes_to_standard_output(cli: Cli, word: str) -> None:
    told = cli("new", word)
    assert (told.status, told.err) == (0, "")
    assert yaml.safe_load(told.out).get("metadata", {}).get("name", "") == STARTING_POINTS[word].handle


def test_a_name_is_the_handle(cli: Cli) -> None:
    assert yaml.safe_load(cli("new", "vault", "rsv-prod").out)["metadata"] == {"name": "rsv-prod"}


@pytest.mark.parametrize("word", STARTING_POINTS)
def test_the_kind_may_be_written_as_in_manifests(cli: Cli, word: str) -> None:
    assert cli("new", STARTING_POINTS[word].kind).out == cli("new", word).out


@pytest.mark.parametrize("name", ["true", "null", "1e3", "0x10", "2027-01-01"])
def test_a_name_that_yaml_would_take_for_something_else_is_put_in_quotes(cli: Cli, name: str) -> None:
    told = cli("new", "exemption", name)
    assert yaml.safe_load(told.out)["metadata"] == {"name": name}


def test_what_expires_does_so_in_a_year(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: date(2027, 1, 15))
    assert yaml.safe_load(cli("new", "exemption").out)["spec"]["expires"] == "2028-01-15"


@pytest.mark.parametrize("name", ["-x", "a b", "", "a\nb", "x: y", "café", "a" * 151, "${name}", "\udcff"])
def test_a_name_that_is_no_handle_is_refused(cli: Cli, name: str) -> None:
    told = cli("new", "exemption", "--", name)
    assert (told.status, told.out) == (1, "")
    (line,) = told.err.splitlines()
    assert line.endswith(" starting with a letter or digit [handle-form]")


def test_a_handle_that_is_no_name_in_azure_is_refused(cli: Cli) -> None:
    told = cli("new", "vault", "rsv_prod")
    assert told.status == 1
    assert told.err == (
        'Vault/rsv_prod  metadata.name: "rsv_prod" cannot be the name of a vault; use 2 to 50 letters, digits and '
        "hyphens, starting with a letter, or state spec.name where only the handle is different [vault-name]\n"
    )


def test_a_misspelt_kind_gets_the_nearest(cli: Cli) -> None:
    assert cli("new", "polcy").err == 'error: "polcy" is not a kind that is known here; did you mean policy?\n'
    told = cli("new", "subscription")
    assert (told.status, told.out) == (1, "")
    remedy = "use vault, policy, assignment, outbound, exemption or settings"
    assert told.err == f'error: "subscription" is not a kind that is known here; {remedy}\n'


def test_settings_have_no_name(cli: Cli) -> None:
    told = cli("new", "settings", "prod")
    assert (told.status, told.err) == (1, 'error: settings have no name; leave "prod" out\n')


def test_a_file_is_written_in_a_folder_that_is_made(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "backups" / "vault.yaml"
    assert cli("new", "vault", "--output", file).out == f"Wrote {file}.\n"
    assert file.read_text() == cli("new", "vault").out
    assert cli("validate", file).status == 0


def test_a_file_that_is_there_stays_unless_it_is_forced(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "vault.yaml"
    file.write_text("mine")
    told = cli("new", "vault", "--output", file)
    assert (told.status, told.out) == (1, "")
    assert told.err == f"error: {file} exists; nothing was written; to overwrite, add --force\n"
    assert file.read_text() == "mine"
    assert cli("new", "vault", "--output", file, "--force").status == 0
    assert file.read_text() == cli("new", "vault").out


def test_a_name_that_is_refused_leaves_the_file(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "vault", "a b", "--output", tmp_path / "new" / "vault.yaml").status == 1
    assert not (tmp_path / "new").exists()


def test_what_the_system_refuses_is_told_by_its_path_and_without_its_number(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = cli("new", "vault", "--output", tmp_path / "file" / "vault.yaml")
    assert (told.status, told.err) == (1, f"error: {tmp_path}/file: {os.strerror(errno.EEXIST)}\n")


def test_a_file_name_cannot_fool_the_terminal(cli: Cli, tmp_path: Path) -> None:
    told = cli("new", "vault", "--output", tmp_path / "a\x1b[31mb\n.yaml")
    assert told.out == f"Wrote {tmp_path}/a\\x1b[31mb\\n.yaml.\n"


def test_a_folder_is_no_file(cli: Cli, tmp_path: Path) -> None:
    told = cli("new", "vault", "--output", tmp_path, "--force")
    assert (told.status, told.err) == (1, f"error: {tmp_path} is a folder; name a file in it\n")
