"""The pages of the documentation, and what they show."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_MISTAKES = re.compile(r"rsv-pord|GeoRedundent")
"""In the manifests that show what is said of a mistake, on the pages about errors and editors."""


_LEADING_COMMENTS = re.compile(r"(?:#.*\n)*")


def yaml_shown() -> Iterator[tuple[str, str]]:
    """Every block of YAML, by where it stands."""
    for page in PAGES:
        blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for number, block in enumerate(blocks):
            yield f"{page.relative_to(ROOT)}-{number}", block


def manifests_shown() -> Iterator[tuple[str, str]]:
    """Every manifest that a page shows as one to write, by where it stands."""
    for where, block in yaml_shown():
        if is_manifest(block) and not _MISTAKES.search(block):
            yield where, block


def worlds_shown() -> Iterator[tuple[str, str]]:
    """Every world, by where it stands."""
    return ((where, block) for where, block in yaml_shown() if is_world(block))


def is_manifest(block: str) -> bool:
    return "apiVersion: backup-reconciler/" in block


def is_world(block: str) -> bool:
    return _LEADING_COMMENTS.sub("", block, count=1).startswith("kind: World\n")
