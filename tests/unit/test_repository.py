"""What is committed: sources and pinned requirements, nothing that a build or an installation leaves behind."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "tests").glob("*/package-lock.json"))
PINS = sorted((ROOT / "requirements").glob("*.txt"))


def test_nothing_is_committed_that_git_is_to_ignore() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    owned_by_anybody = ["-c", "safe.directory=*"]  # the clone may be mounted into a container
    command = [git, *owned_by_anybody, "ls-files", "--cached", "--ignored", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert listed.stdout.splitlines() == []


@pytest.mark.parametrize("pins", PINS, ids=lambda path: path.stem)
def test_requirements_name_no_host_and_pin_each_package_by_its_hash(pins: Path) -> None:
    text = pins.read_text(encoding="utf-8")
    assert "://" not in text
    packages = [line for line in text.splitlines() if line[:1].isalnum()]
    assert len(packages) > 1
    assert all("==" in line and line.endswith("\\") for line in packages)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_locks_of_npm_name_no_host_and_pin_each_package_by_its_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert len(packages) > 1
    assert all(each["integrity"].startswith("sha512-") for path, each in packages.items() if path)
