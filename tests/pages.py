"""The pages of the documentation, and the manifests they show."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_MISTAKES = re.compile(r"rsv-pord|GeoRedundent")
"""In the manifests that show what is said of a mistake, on the pages about errors and editors."""


def manifests_shown() -> Iterator[tuple[str, str]]:
    """Every manifest that a page shows as one to write, by where it stands."""
    for page in PAGES:
        blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for number, block in enumerate(blocks):
            if "apiVersion: backup-reconciler/" in block and not _MISTAKES.search(block):
                yield f"{page.relative_to(ROOT)}-{number}", block
