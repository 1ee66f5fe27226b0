"""What the tests in this folder install is pinned, and comes from whatever registry the machine uses."""

import json
from pathlib import Path

LOCK = Path(__file__).parent / "package-lock.json"


def test_the_lock_names_no_host() -> None:
    assert "://" not in LOCK.read_text()


def test_every_package_is_pinned_by_its_hash() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    assert len(packages) > 1
    assert all(each["integrity"].startswith("sha512-") for path, each in packages.items() if path)
