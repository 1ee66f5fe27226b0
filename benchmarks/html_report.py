"""The page of a report over 10,000 VMs: its size, how long it takes to write, and until it can be used in Chromium.

Times are the best of five. That to the page is from the beginning of its loading to the end of its script, after which
everything on it answers; that of a search is from a key to the rows.
"""

import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from backup_reconciler.report.html.page import html_report
from backup_reconciler.report.model.report import Report
from tests.unit.report.html.fleets import converged, fleet, unprotected

RUNS = 5
LOADED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
SEARCHED = """() => {
  const search = document.getElementById("search");
  const started = performance.now();
  search.value = "vm-050-01";
  search.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
  return performance.now() - started;
}"""


def measure(what: str, report: Report, browser: Browser, folder: Path) -> None:
    """Print a row of the table."""
    started = time.process_time()
    text = html_report(report)
    written = time.process_time() - started
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    loaded, searched = [], []
    for _ in range(RUNS):
        page = browser.new_page()
        page.goto(file.as_uri())
        loaded.append(page.evaluate(LOADED))
        searched.append(page.evaluate(SEARCHED))
        page.close()
    size = len(text.encode()) / 1_000_000
    print(
        f"| {what} | {size:.1f} | {written:.2f} | {min(loaded) / 1000:.2f} | {min(searched) / 1000:.2f} |", flush=True
    )


def main() -> None:
    print(
        "| page | MB | to write, CPU s | until it can be used, s | a search, s |\n| --- | ---: | ---: | ---: | ---: |"
    )
    machines = fleet(vaults=100, vms=100)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        measure("drift, 10,000 VMs as declared", converged(machines), browser, Path(folder))
        measure(
            "plan, 10,000 VMs to protect: 20,000 actions, 10,000 warnings", unprotected(machines), browser, Path(folder)
        )
        browser.close()


if __name__ == "__main__":
    main()
