"""The pages as a site: every link and anchor leads somewhere, it opens from a folder, and it asks no other host."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site_hooks import TAKEN_IN
from tests.pages import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it; a link that leads nowhere is a warning, and a warning ends the build."""
    made = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(made)]
    without_advertisement = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=without_advertisement, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return made


def test_every_page_is_in_the_site_and_links_follow_those_from_outside_docs(site: Path) -> None:
    pages = [
        *(page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")),
        *map(Path, TAKEN_IN.values()),
    ]
    missing = [page for page in pages if not (site / _of_site(page)).exists()]
    assert missing == []
    assert list(site.rglob("*.py")) == []
    start = (site / "index.html").read_text()
    assert all(f'href="{page}.html"' in start for page in ("overview", "contributing", "figures"))
    overview = (site / "overview.html").read_text()
    assert 'href="limits.html"' in overview, "docs/limits.md, of the README"
    assert 'href="manifests/vm-states' not in overview, "a folder that the site does not have"
    assert 'href="schemas/check.schema.json"' in (site / "check.html").read_text()


def test_the_site_opens_from_its_folder_searches_there_and_asks_nobody(site: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto((site / "design.html").as_uri())
        page.get_by_role("textbox", name="Search").press_sequentially("purged")  # it listens to keys
        page.locator(".md-search-result__link").first.wait_for(state="attached")
        found = page.locator(".md-search-result__link").evaluate_all("all => all.map(one => one.href)")
        picture = page.locator("img[src$='design.svg']").evaluate("image => image.naturalWidth")
        browser.close()
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert any("soft-deleted.html" in one for one in found)
    assert picture > 0


def _of_site(page: Path) -> Path:
    return page.with_name("index.html") if page.name == "README.md" else page.with_suffix(".html")
