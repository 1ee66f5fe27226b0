"""Plan and drift in every format, through the front door."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import Cli, Estate, assignment, vault, vms, world
from tests.unit.report.formats import JUNIT, SARIF
from tests.unit.report.formats.tables import broken_rows, shown

HOLDS = {"rsv": {"location": "japaneast", "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}}


@pytest.fixture
def some_drift(estate: Estate) -> Estate:
    """One VM is backed up as declared, one is not, and one is in another region."""
    elsewhere = vms("far-01", location="eastus")
    estate.exists(**world({**vms("web-01", "web-02"), **elsewhere}, HOLDS))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    return estate


@pytest.mark.parametrize("verb", ["plan", "drift"])
def test_every_format_goes_to_standard_output_alone_or_to_a_file(
    some_drift: Estate, cli: Cli, tmp_path: Path, verb: str
) -> None:
    status = {"plan": 0, "drift": 2}[verb]
    for format_ in ("text", "markdown", "json", "junit", "sarif"):
        told = cli(verb, *some_drift.sandboxed, "--format", format_)
        assert (told.status, told.err) == (status, "")
        file = tmp_path / format_
        written = cli(verb, *some_drift.sandboxed, "--format", format_, "--output", file)
        assert (written.status, written.out, written.err) == (status, "", "")
        assert file.read_text() == told.out, "a pipe gets what a file gets"


def test_what_the_formats_say_of_one_drift(some_drift: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(some_drift.folder))
    page = cli("drift", *some_drift.sandboxed, "--format", "markdown").out
    assert page.startswith("<!-- backup-reconciler drift -->\n### Drift: 1 difference.")
    assert broken_rows(page) == []
    assert "VM web-02 in rsv" in shown(page)

    suites = cli("drift", *some_drift.sandboxed, "--format", "junit").out
    JUNIT.validate(suites)
    failed = {one.attrib["name"] for one in ET.fromstring(suites).iter("testcase") if one.find("failure") is not None}
    assert failed >= {"VM web-02 in rsv", "VM far-01 in rsv", "web-02"}
    assert "VM web-01 in rsv" not in failed

    log = json.loads(cli("drift", *some_drift.sandboxed, "--format", "sarif").out)
    SARIF.validate(log)
    told = {one["ruleId"]: one for one in log["runs"][0]["results"]}
    assert set(told) == {"drift-missing", "vm-region"}
    place = told["drift-missing"]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "manifests/all.yaml", "uriBaseId": "%SRCROOT%"}


def test_one_look_at_azure_is_told_in_as_many_formats_as_are_asked_for(
    some_drift: Estate, cli: Cli, tmp_path: Path
) -> None:
    alone = cli("drift", *some_drift.sandboxed)
    some_drift.forget()
    files = {format_: tmp_path / format_ for format_ in ("markdown", "html", "json", "junit", "sarif", "text")}
    also = [part for format_, file in files.items() for part in ("--also", f"{format_}={file}")]
    told = cli("drift", *some_drift.sandboxed, *also)
    assert (told.status, told.out) == (alone.status, alone.out)
    reads = len(some_drift.exchanges)
    for format_, file in files.items():
        assert cli("drift", *some_drift.sandboxed, "--format", format_).out == file.read_text()
    assert len(some_drift.exchanges) == 7 * reads, "they cost no request more"


@pytest.mark.parametrize("also", ["html", "html=", "=a.html", "pdf=a.pdf", "HTML=a.html"])
def test_a_file_without_a_known_format_is_refused(some_drift: Estate, cli: Cli, also: str) -> None:
    told = cli("plan", *some_drift.sandboxed, "--also", also)
    assert (told.status, told.out, some_drift.exchanges) == (1, "", [])
    assert f"'{also}' is not a format and a file such as html=report.html" in told.err


def test_a_file_that_cannot_be_written_is_one_error(some_drift: Estate, cli: Cli, tmp_path: Path) -> None:
    told = cli("drift", *some_drift.sandboxed, "--format", "sarif", "--output", tmp_path / "none" / "x.sarif")
    assert (told.status, told.err) == (1, f"error: {tmp_path}/none/x.sarif: No such file or directory\n")


def test_an_explanation_goes_to_no_file(some_drift: Estate, cli: Cli, tmp_path: Path) -> None:
    told = cli("plan", *some_drift.sandboxed, "--explain", "web-01", "--output", tmp_path / "x")
    assert (told.status, told.err) == (1, "error: --explain goes to standard output; leave --output out\n")


def test_an_explanation_has_no_other_formats(some_drift: Estate, cli: Cli) -> None:
    told = cli("plan", *some_drift.sandboxed, "--explain", "web-01", "--format", "sarif")
    assert (told.status, told.err) == (1, "error: --explain is written as text or json, not as sarif\n")
    told = cli("plan", *some_drift.sandboxed, "--explain", "web-01", "--also", "json=x.json")
    assert told.status == 1
    assert "leave one of them out" in told.err
