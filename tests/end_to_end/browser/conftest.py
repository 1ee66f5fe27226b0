"""Reports as people open them: in headless Chromium, from a file.

While the browser runs, its client keeps an event loop in this thread, so nothing else can run one: what the command
line writes is written before.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from backup_reconciler.cli.main import main

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """What `plan` and `drift` write of the VMs in every state, by the verb."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here (chromium, chromium-browser, google-chrome)")
    folder = tmp_path_factory.mktemp("vm-states")
    for file in (ROOT / "manifests" / "vm-states").glob("*.yaml"):
        shutil.copy(file, folder)
    pages = {verb: folder / f"{verb}.html" for verb in ("plan", "drift")}
    for verb, page in pages.items():
        told = ["--format", "html", "--output", str(page), "--as-of", "2026-11-23"]
        main([verb, str(folder), "--sandbox", str(folder / "vm-states.world.yaml"), *told])
    return pages


@pytest.fixture(scope="package")
def browser(written: Mapping[str, Path]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page of a file, or of a text; it may load nothing, and have nothing to say to the console."""
    contexts, loaded, heard = [], [], []

    def open_(page: Path | str, fragment: str = "", **options: object) -> Page:
        file = page if isinstance(page, Path) else tmp_path / "report.html"
        if isinstance(page, str):
            file.write_text(page, encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        opened = context.new_page()
        opened.set_default_timeout(5000)
        opened.on("request", lambda request: loaded.append(request.url.partition("#")[0]))
        for event in ("console", "pageerror", "dialog"):
            opened.on(event, lambda told: heard.append(str(told)))
        opened.goto(f"{file.as_uri()}{fragment}")
        expected.add(file.as_uri())
        return opened

    expected: set[str] = set()
    yield open_
    for context in contexts:
        context.close()
    assert set(loaded) <= expected
    assert heard == []
