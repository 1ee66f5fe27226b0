"""What `validate` tells, in which format, and with which exit status."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from backup_reconciler.cli import day
from backup_reconciler.manifest import Inspection, inspect
from tests.conftest import Cli, policy, vault


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in a folder of its own, and names its files from there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, *documents: object) -> str:
    Path(name).write_text(yaml.safe_dump_all(documents, sort_keys=False), encoding="utf-8")
    return name


def bad() -> str:
    return put("bad.yaml", vault(), vault("west", resourceGroup="rg-west", name="rsv"), policy(instantRestoreDays=9))


def warned() -> str:
    return put("warned.yaml", vault(), vault("west", resourceGroup="rg-west", name="rsv"))


ERROR = (
    "bad.yaml:31:23  BackupPolicy/daily  spec.instantRestoreDays: 9 is not from 1 to 5, the range of a daily schedule "
    "with tier: Standard; use 5 or fewer, or tier: Enhanced [instant-restore-days]"
)
WARNING = (
    'bad.yaml:18:9  Vault/west  spec.name: warning: Vault/rsv has this name too, in the resource group "rg-backup" '
    "(also at bad.yaml:4:9); give the new vault a name of its own [vault-name-reused]"
)


# ---- exit status ---------------------------------------------------------------------------------------------------


def test_a_manifest_without_problems_is_valid(cli: Cli) -> None:
    told = cli("validate", put("good.yaml", vault(), policy()))
    assert (told.status, told.out, told.err) == (0, "Valid: 1 vault and 1 policy.\n", "")


def test_errors_and_warnings_go_to_standard_error_in_their_order(cli: Cli) -> None:
    told = cli("validate", bad())
    assert (told.status, told.out, told.err.splitlines()) == (1, "", [WARNING, ERROR])


def test_warnings_are_told_and_fail_nothing(cli: Cli) -> None:
    told = cli("validate", warned())
    assert (told.status, told.out) == (0, "Valid: 2 vaults. 1 warning.\n")
    assert told.err.splitlines() == [WARNING.replace("bad.yaml", "warned.yaml")]


def test_warnings_fail_where_they_are_asked_to(cli: Cli) -> None:
    told = cli("validate", warned(), "--strict")
    assert (told.status, told.out) == (1, "")
    assert "warning: " in told.err
    assert cli("validate", put("good.yaml", vault()), "--strict").status == 0


# ---- formats -------------------------------------------------------------------------------------------------------


def test_json_tells_what_is_declared_and_every_problem(cli: Cli) -> None:
    told = cli("validate", bad(), "--format", "json")
    assert (told.status, told.err) == (1, "")
    assert told.json["formatVersion"] == 1
    assert told.json["valid"] is False
    declared = told.json["declared"]
    assert {kind: number for kind, number in declared.items() if number} == {"Vault": 2, "BackupPolicy": 1}
    assert "VMAssignment" in declared
    warning, error = told.json["problems"]
    assert warning["also"] == {"file": "bad.yaml", "line": 4, "column": 9}
    assert error == {
        "severity": "error",
        "rule": "instant-restore-days",
        "file": "bad.yaml",
        "line": 31,
        "column": 23,
        "document": "BackupPolicy/daily",
        "path": "spec.instantRestoreDays",
        "message": "9 is not from 1 to 5, the range of a daily schedule with tier: Standard",
        "remedy": "use 5 or fewer, or tier: Enhanced",
        "also": None,
    }


def test_json_of_a_whole_files_problem_names_no_document(cli: Cli) -> None:
    (problem,) = cli("validate", "nowhere.yaml", "--format", "json").json["problems"]
    assert (problem["document"], problem["path"], problem["rule"]) == (None, None, "file-unreadable")


@pytest.mark.parametrize(("strict", "status"), [([], 0), (["--strict"], 1)])
def test_json_says_whether_the_manifests_are_valid_as_the_exit_status_does(
    cli: Cli, strict: list[str], status: int
) -> None:
    told = cli("validate", warned(), "--format", "json", *strict)
    assert (told.status, told.json["valid"]) == (status, status == 0)
    assert [problem["severity"] for problem in told.json["problems"]] == ["warning"]


def test_github_gets_a_command_for_each_problem_with_the_whole_line_as_its_message(cli: Cli) -> None:
    told = cli("validate", bad(), "--format", "github")
    assert (told.status, told.err) == (1, "")
    assert told.out.splitlines() == [
        f"::warning file=bad.yaml,line=18,col=9,title=vault-name-reused::{WARNING}",
        f"::error file=bad.yaml,line=31,col=23,title=instant-restore-days::{ERROR}",
    ]


def test_github_names_files_from_the_working_directory(cli: Cli, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (root / "inner").mkdir()
    put("inner/bad.yaml", vault(location="japan-east"))
    assert "::error file=inner/bad.yaml,line=8," in cli("validate", root / "inner", "--format", "github").out
    assert "::error file=inner/bad.yaml,line=8," in cli("validate", "inner", "--format", "github").out
    outside = root.parent / "outside.yaml"
    outside.write_text("x")
    assert f"::error file={outside},line=1," in cli("validate", outside, "--format", "github").out


def test_github_names_files_from_the_repository_where_a_step_runs_in_a_folder_of_it(
    cli: Cli, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "inner").mkdir()
    put("inner/bad.yaml", vault(location="japan-east"))
    (root / "backup-reconciler.yaml").write_text("x")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(root))
    monkeypatch.chdir(root / "inner")
    told = cli("validate", "bad.yaml", "../backup-reconciler.yaml", "--format", "github").out
    assert "::error file=inner/bad.yaml,line=8," in told
    assert "::error file=backup-reconciler.yaml,line=1," in told


def test_github_gets_nothing_that_could_end_a_command_or_begin_another(cli: Cli) -> None:
    name = put("a,b::c%.yaml", vault(location="100%"))
    told = cli("validate", name, "--format", "github").out
    message = 'a,b::c%25.yaml:8:13  Vault/rsv  spec.location: "100%25" is not the name of a region; '
    assert told.startswith(f"::error file=a%2Cb%3A%3Ac%25.yaml,line=8,col=13,title=region-name::{message}")
    assert len(told.splitlines()) == 1


def test_github_is_told_when_all_is_well(cli: Cli) -> None:
    told = cli("validate", put("good.yaml", vault()), "--format", "github")
    assert (told.status, told.out) == (0, "Valid: 1 vault.\n")


def test_a_format_that_is_none_is_refused(cli: Cli) -> None:
    told = cli("validate", put("good.yaml", vault()), "--format", "xml")
    assert told.status == 1
    assert "'text', 'json', 'github'" in told.err


# ---- the day -------------------------------------------------------------------------------------------------------


def test_the_day_is_today_unless_another_is_asked_for(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[date | None] = []

    def seen(paths: list[Path], *, as_of: date | None) -> Inspection:
        days.append(as_of)
        return inspect(paths, as_of=as_of)

    monkeypatch.setattr("backup_reconciler.manifest.inspect", seen)
    monkeypatch.setattr(day, "today", lambda: date(2027, 1, 15))
    manifest = put("good.yaml", vault())
    cli("validate", manifest)
    cli("validate", manifest, "--as-of", "2027-02-28")
    assert days == [date(2027, 1, 15), date(2027, 2, 28)]


@pytest.mark.parametrize("day", ["2027-02-30", "20270131", "2027-W05-7", "tomorrow", ""])
def test_a_day_that_is_none_is_refused(cli: Cli, day: str) -> None:
    told = cli("validate", put("good.yaml", vault()), "--as-of", day)
    assert told.status == 1
    assert f"'--as-of': '{day}' is not a day such as 2027-01-31." in told.err


def test_today_is_the_same_day_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Clock":
            assert tz is UTC
            return cls(2027, 1, 15, 23, 59, tzinfo=UTC)

    monkeypatch.setattr(day, "datetime", Clock)
    assert day.today() == date(2027, 1, 15)
