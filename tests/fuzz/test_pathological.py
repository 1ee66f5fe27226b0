"""A mebibyte that is made to cost: within a gibibyte it is read or refused, by a process that has no more."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.pathological import PATHOLOGICAL, SIZE, WIDE

_REPOSITORY = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="the bound of memory needs POSIX")
def test_a_mebibyte_takes_less_than_a_gibibyte() -> None:
    """The ten minutes are for a machine that hangs: how long it takes is the long run's to judge."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.bounded", "--in-the-tests"],
        cwd=_REPOSITORY, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr


def test_what_is_left_to_the_long_run_is_there() -> None:
    assert {name for made in PATHOLOGICAL.values() for name in made} >= WIDE


@pytest.mark.parametrize("language", PATHOLOGICAL)
def test_it_is_as_large_as_it_says(language: str) -> None:
    sizes = {name: len(make()) for name, make in PATHOLOGICAL[language].items()}  # type: ignore[index]
    assert all(SIZE // 2 < size <= 2 * SIZE for size in sizes.values()), sizes
