"""The scripts that make a Linux VM use a proxy, and the ones that undo it, run for real."""

import subprocess
import sys
from pathlib import Path

import pytest

from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.proxy.script import Script, assigned, set_proxy, unset_proxy
from tests.unit.plan.proxy.scratch import PROXY, Scratch

AGENT = b'Provisioning.Agent=auto\n# HttpProxy.Host=None\nHttpProxy.Host = "old"\nHttpProxy.Port=1\n'

FILES = [
    pytest.param("dash", b"PATH=/usr/bin\nhttp_proxy='http://old:1'\n", AGENT, id="other settings"),
    pytest.param("bash", b"A=\"un'even\nB=`x` $(y) \\\\n %s\n\n\n", b"a='\n# b # c\n\t\n", id="odd quoting"),
    pytest.param("dash", b"PATH=/usr/bin", b"HttpProxy.Host=old", id="no end of the last line"),
    pytest.param("bash", b"PATH=/usr/bin\r\nA=1\r\n", b"A=1\r\nB=2", id="CRLF"),
    pytest.param("dash", None, b"", id="no environment, and an empty configuration"),
    pytest.param("dash", b"\xff\xfe=\xe9\n", b"caf\xe9\n\xe2\x82", id="no UTF-8"),
]


@pytest.mark.parametrize(("shell", "environment", "agent"), FILES)
def test_set_twice_and_undone_leaves_every_byte_as_it_was(
    tmp_path: Path, shell: str, environment: bytes | None, agent: bytes
) -> None:
    machine = Scratch(tmp_path, shell)
    machine.holds(environment, agent)
    before = machine.contents()

    machine.set()
    first, times = machine.contents(), machine.times()
    machine.set()

    assert (machine.contents(), machine.times()) == (first, times)
    settings = _settings(machine.environment)
    assert settings["http_proxy"] == settings["https_proxy"] == "http://10.1.0.4:3128"
    assert settings["no_proxy"] == "168.63.129.16,169.254.169.254,.internal,10.1.0.0/16"
    assert _settings(machine.agent) | {"HttpProxy.Host": "10.1.0.4", "HttpProxy.Port": "3128"} == _settings(
        machine.agent
    )

    machine.unset()
    assert machine.contents() == before


def _settings(file: Path) -> dict[str, str]:
    """What counts in a file of settings, of which the last one of a name does."""
    lines = file.read_text(encoding="latin-1").split("\n")
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.split("#")[0].strip('" ').strip() for name, value in pairs}


def test_another_proxy_replaces_the_first_and_wins_over_what_came_after(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1", AGENT)
    machine.set()
    with machine.environment.open("a") as file:
        file.write("http_proxy=http://another:8080\n")

    machine.set(PROXY.model_copy(update={"host": "proxy.example.com", "port": 8080}))

    assert _settings(machine.environment)["http_proxy"] == "http://proxy.example.com:8080"
    assert machine.environment.read_text().count("backup-reconciler production: begin") == 1
    machine.unset()
    # The end that the first line had not is there still, because a line came after it.
    assert machine.environment.read_bytes() == b"A=1\nhttp_proxy=http://another:8080\n"
    assert machine.agent.read_bytes() == AGENT


def test_links_are_followed_and_modes_kept(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1\n", AGENT)
    machine.agent.chmod(0o640)
    real = machine.environment.rename(machine.environment.with_name("environment.real"))
    machine.environment.symlink_to(real.name)

    machine.set()

    assert machine.environment.is_symlink()
    assert "https_proxy" in real.read_text()
    assert machine.agent.stat().st_mode & 0o777 == 0o640


def test_a_block_of_another_handle_stays(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1\n", AGENT)
    machine.set(handle="production-2")
    before = machine.contents()
    machine.set(handle="production")

    machine.unset(handle="production")

    assert machine.contents() == before


def test_a_block_whose_end_somebody_took_away_is_told_and_left(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"# backup-reconciler production: begin\nhttp_proxy=x\nMINE=1\n", AGENT)
    before = machine.contents()

    undone = machine.run(unset_proxy("Linux", "production"))

    assert undone.returncode == 1
    assert "the line '# backup-reconciler production: end' is missing" in undone.stderr
    assert machine.contents() == before


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_that_somebody_put_between_ours_stays(tmp_path: Path, end: str) -> None:
    machine = Scratch(tmp_path)
    machine.holds(f"A=1{end}".encode(), AGENT)
    machine.set()
    theirs = machine.environment.read_text().replace("https_proxy=", "HTTP_PROXY=http://theirs:1\nhttps_proxy=")
    machine.environment.write_text(theirs)

    machine.set(PROXY.model_copy(update={"port": 8080}))
    machine.unset()

    assert machine.environment.read_text() == "A=1\nHTTP_PROXY=http://theirs:1\n"


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(None, AGENT)
    machine.environment.symlink_to("missing/environment")

    done = machine.run(set_proxy("Linux", "production", PROXY))

    assert (done.returncode, machine.agent.read_bytes()) == (1, AGENT)
    assert "etc/environment: it is a link, and leads to no folder that is there" in done.stderr


def test_a_copy_that_fails_is_not_told_as_a_missing_line(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1\n", AGENT)
    before = machine.contents()
    broken = set_proxy("Linux", "production", PROXY).text.replace('ORS = ""', "exit 2")

    done = machine.run(Script(Mark("x", "0" * 16), broken))

    assert (done.returncode, machine.contents()) == (1, before)
    assert done.stderr == f"{machine.environment}: could not be copied\n"


def test_what_is_no_text_is_left(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1\0B=2\n", AGENT)
    before = machine.contents()

    done = machine.run(set_proxy("Linux", "production", PROXY))

    assert (done.returncode, machine.contents()) == (1, before)
    assert "is no text file" in done.stderr


def test_letter_case_does_not_count_in_handles(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1\n", AGENT)
    machine.set(handle="Production")
    machine.unset(handle="production")
    assert machine.contents() == {"environment": b"A=1\n", "waagent.conf": AGENT}


def test_nothing_is_written_where_the_agent_is_configured_elsewhere(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"A=1\n", None)

    done = machine.run(set_proxy("Linux", "production", PROXY))

    assert done.returncode == 1
    assert "waagent.conf is missing" in done.stderr
    assert machine.contents() == {"environment": b"A=1\n"}


def test_what_is_assigned_is_data_whatever_it_holds(tmp_path: Path) -> None:
    machine = Scratch(tmp_path)
    machine.holds(b"", b"A=1\n")
    nasty = "h'\"; touch $BACKUP_RECONCILER_ROOT/etc/x; `true` $(true)"

    machine.set(PROXY.model_copy(update={"host": nasty}))

    assert f"HttpProxy.Host={nasty}\n" in machine.agent.read_text()
    assert sorted(machine.contents()) == ["environment", "waagent.conf"]


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("*.internal", ".internal"),
        ("db.internal", "db.internal"),
        ("10.1.2.3", "10.1.2.3"),
        ("10.*", "10.0.0.0/8"),
        ("10.1.2.*", "10.1.2.0/24"),
    ],
)
def test_what_bypasses_the_proxy_is_written_as_programs_read_it(stated: str, written: str) -> None:
    script = set_proxy("Linux", "p", PROXY.model_copy(update={"bypass": (stated,)}))
    assert assigned(script.text)["bypass"] == f"168.63.129.16,169.254.169.254,{written}"


@pytest.mark.parametrize("script", [set_proxy("Linux", "p", PROXY), unset_proxy("Linux", "p")], ids=["set", "unset"])
def test_shellcheck_has_nothing_to_say(script: Script) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    told = subprocess.run(
        [shellcheck, "--shell=sh", "-"], input=script.text, capture_output=True, text=True, check=False
    )
    assert told.stdout == ""
    assert told.returncode == 0
