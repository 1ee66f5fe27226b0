"""The program: a seed with its log, a scenario of a file, and many seeds with their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.__main__ import main
from tests.simulation.telling import scenario_text
from tests.simulation.test_can_fail import ONE_RUN, carries_out, nothing
from tests.simulation.trial import try_scenario, try_seed

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_one_seed_is_told_request_by_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"digest {try_seed(1).digest}"
    assert len([line for line in lines if " GET " in line]) > 10


def test_many_seeds_end_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "3", "--from", "1", "--jobs", "1"]) == 0
    told = capsys.readouterr()
    figures = dict(line.strip().rsplit("  ", 1) for line in told.out.splitlines() if "  " in line.strip())
    assert {name.strip(): value.strip() for name, value in figures.items()}["failures"] == "0"
    assert "3 of 3 scenarios" in told.err


def test_a_failing_seed_is_told_with_the_way_to_see_it_again_and_made_small(capsys: pytest.CaptureFixture[str]) -> None:
    with carries_out(nothing):
        assert main(["--seeds", "1", "--from", "1", "--jobs", "1"]) == 1
    told = capsys.readouterr().out
    assert "seed 1 fails; to see it again: python -m tests.simulation --seed 1" in told
    assert "\n  another run converges: " in told or "\n  nothing is left to do: " in told


def test_a_scenario_of_a_file_is_played_and_made_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(scenario_text(try_scenario(ONE_RUN)))
    assert main(["--scenario", str(file)]) == 0
    with carries_out(nothing):
        assert main(["--scenario", str(file), "--shrink"]) == 1
    assert "the same, smaller:" in capsys.readouterr().out


def test_a_scenario_that_no_reader_takes_is_not_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(scenario_text(try_seed(1)).replace("japaneast", "{nonsense: 1}"))
    assert main(["--scenario", str(file)]) == 2
    assert capsys.readouterr().out.startswith("\nnot valid: ")
