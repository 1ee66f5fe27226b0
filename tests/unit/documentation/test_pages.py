"""What is written for people is true: generated pages are fresh, examples validate, verbs are all named."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
import yaml

from backup_reconciler.cli.main import app
from backup_reconciler.report.schemas import schemas
from backup_reconciler.sandbox.world.schema import world_schema
from backup_reconciler.spec.document import KINDS
from backup_reconciler.spec.rules import CATALOGUE, SUBJECTS, readiness, rules_of
from tests.conftest import Cli
from tests.pages import ROOT, is_manifest, is_world, worlds_shown, yaml_shown

README = (ROOT / "README.md").read_text()


def test_the_schemas_are_fresh() -> None:
    committed = {path.name: path.read_text() for path in (ROOT / "schemas").glob("*.json")}
    assert committed == {**schemas(), "World.schema.json": world_schema()}, "run `make generated`"


def test_the_schema_verb_writes_them(cli: Cli, tmp_path: Path) -> None:
    assert cli("schema", "--output", tmp_path / "new").status == 0
    written = {path.name: json.loads(path.read_text()) for path in (tmp_path / "new").iterdir()}
    assert set(written) == {
        f"{name}.schema.json"
        for name in (
            *KINDS,
            "manifest",
            "World",
            "validate",
            "plan",
            "saved-plan",
            "drift",
            "check",
            "jobs",
            "explanation",
        )
    }
    assert written["Vault.schema.json"]["properties"]["kind"]["const"] == "Vault"


def test_the_page_on_editors_shows_what_the_schema_verb_says(cli: Cli, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "editors.md").read_text()
    assert cli("schema", "--output", tmp_path).out.splitlines()[0].replace(str(tmp_path), "schemas") in page


def test_the_readme_names_every_verb() -> None:
    verbs = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert verbs == set(re.findall(r"^\| \[`([a-z]+)", README, re.MULTILINE))


def test_the_readmes_manifest_is_valid(cli: Cli, tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "prod.yaml").write_text(block)
    assert cli("validate", tmp_path).out == "Valid: 1 vault, 1 policy and 1 assignment.\n"


def test_the_readmes_error_is_what_is_printed(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (shown,) = re.findall(r"^(backups/prod\.yaml:.*)$", README, re.MULTILINE)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "prod.yaml").write_text(block.replace("23:00", "23:10"))
    monkeypatch.chdir(tmp_path)
    told = cli("validate", "backups/")
    assert (told.status, told.err) == (1, f"{shown}\n")


def test_the_documented_errors_are_what_is_printed(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    manifest, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "web.yaml").write_text(manifest)
    monkeypatch.chdir(tmp_path)
    told = cli("validate", "backups/")
    assert (told.status, told.err.splitlines()) == (1, re.findall(r"^backups/web\.yaml:.*$", page, re.MULTILINE))


def test_every_rule_is_told_with_its_reason_its_remedy_and_its_source() -> None:
    page = (ROOT / "docs" / "rules.md").read_text()
    told = re.findall(
        r"^### (.+)\n\n.+\n\n- \*\*Why:\*\* .+\n- \*\*Remedy:\*\* .+\n- \*\*Source:\*\* .+$", page, re.MULTILINE
    )
    assert told == [rule.id for subject in SUBJECTS for rule in rules_of(subject)]
    assert sorted(told) == sorted(CATALOGUE)


def test_the_page_on_check_tells_every_rule_of_readiness() -> None:
    page = (ROOT / "docs" / "check.md").read_text()
    assert [one.id for one in rules_of(readiness) if f"(rules.md#{one.id})" not in page] == []


OF_OTHERS = {
    "jobs": ("check_jsonschema", "--builtin-schema", "vendor.github-workflows"),
    "repos": ("pre_commit", "validate-config"),
}
"""What checks the YAML of other programs, by a key that tells whose it is."""


@pytest.mark.parametrize(
    "block",
    [pytest.param(block, id=where) for where, block in yaml_shown() if not is_manifest(block) and not is_world(block)],
)
def test_yaml_of_other_programs_is_what_they_take(tmp_path: Path, block: str) -> None:
    (checker,) = (command for key, command in OF_OTHERS.items() if key in yaml.safe_load(block))
    (tmp_path / "block.yaml").write_text(block)
    command = [sys.executable, "-m", *checker, tmp_path / "block.yaml"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("block", [block for where, block in worlds_shown() if "/sandbox/" in where])
def test_the_documented_worlds_are_some(cli: Cli, tmp_path: Path, block: str) -> None:
    """The one of 1,000 vaults is tried with ten of them; those of guides are opened by what is walked through there."""
    (tmp_path / "my.world.yaml").write_text(block.replace("[0001-1000]", "[0001-0010]"))
    assert cli("sandbox", tmp_path / "my.world.yaml", "--", "true").status == 0


PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *(ROOT / "docs").rglob("*.md"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target
