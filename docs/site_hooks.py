"""What makes a site of pages that are written to be read where the repository is browsed; mkdocs.yml names this file.

Pages of the repository that stand outside docs/ are taken into the site, and links follow them there. What the site
does not hold, such as a folder of manifests, is named and not linked.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
TAKEN_IN = {
    "README.md": "overview.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "figures.md",
}
"""Pages from outside docs/, by their path in the repository, and their path in the site."""

_LINK = re.compile(r"\[([^\[\]]*)\]\((?![a-z]+:|#)([^()#\s]+)(#[^()\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take in the pages from outside docs/, and the schemas, which pages link to."""
    for path, page in TAKEN_IN.items():
        files.append(File.generated(config, page, content=(ROOT / path).read_text(encoding="utf-8")))
    for schema in sorted((ROOT / "schemas").glob("*.json")):
        files.append(File.generated(config, f"schemas/{schema.name}", abs_src_path=str(schema)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links from paths of the repository into paths of the site."""
    here = page.file.src_uri

    def turned(link: re.Match[str]) -> str:
        text, target, fragment = link.groups(default="")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(_in_repository(here)), target))
        there = _in_site(path)
        if there is None:
            return text
        return f"[{text}]({posixpath.relpath(there, posixpath.dirname(here) or '.')}{fragment})"

    return _LINK.sub(turned, markdown)


def _in_repository(page: str) -> str:
    """Where a page of the site stands in the repository."""
    return next((path for path, taken in TAKEN_IN.items() if taken == page), f"docs/{page}")


def _in_site(path: str) -> str | None:
    """Where the site has what stands at a path of the repository; None for what it does not have.

    A link that leads nowhere stays as it is, for MkDocs to find.
    """
    if path in TAKEN_IN:
        return TAKEN_IN[path]
    if path.startswith("docs/") and not path.endswith(".py"):
        return path.removeprefix("docs/")
    if path.startswith("schemas/") or not (ROOT / path).exists():
        return path
    return None
