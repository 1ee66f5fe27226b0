"""Every folder of manifests/ runs as it stands against the Azure in a box beside it, to the end."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate

EXAMPLES = Path(__file__).parents[2] / "manifests"
WAVES = 2
"""Runs that the examples take at most, because they move VMs in waves."""
FOLDERS = sorted(world.parent.name for world in EXAMPLES.glob("*/*.world.yaml"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_example_comes_to_be_as_it_says(estate: Estate, cli: Cli, tmp_path: Path, folder: str) -> None:
    (world,) = (EXAMPLES / folder).glob("*.world.yaml")
    shutil.copytree(EXAMPLES / folder, estate.manifests, ignore=shutil.ignore_patterns(".sandbox", world.name))
    shutil.copy(world, estate.world)
    assert cli("validate", "--strict", estate.manifests).status == 0
    assert cli("fmt", "--check", estate.manifests).status == 0
    consent = ("--auto-approve", "--allow-one-way", "--allow-destructive")
    for _ in range(WAVES):
        assert cli("apply", *estate.sandboxed, *consent).status == 0
    assert cli("plan", *estate.sandboxed, "--format", "json").json["actions"] == []
    assert cli("drift", *estate.sandboxed).status == 0
    where = ("--sandbox", estate.world)
    declared = ("--declared", estate.manifests)
    exported = tmp_path / "exported"
    assert cli("export", "--subscription", SUBSCRIPTION, *declared, "--output", exported, *where).status == 0
    again = cli("plan", exported, *where, "--format", "json").json
    assert (again["actions"], again["heldBack"]) == ([], [])
