"""The test suite as a library: collected once, its tests run one at a time, without telling anybody."""

from __future__ import annotations

import time
from importlib import import_module
from itertools import islice
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.children import limit
from tests.mutants.scope import PACKAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

APART = (
    "tests/azurite", "tests/clients", "tests/conformance", "tests/editors", "tests/end_to_end/browser",
    "tests/end_to_end/sandbox", "tests/fuzz", "tests/mutants", "tests/property/test_sandbox_*", "tests/simulation",
    "tests/unit/documentation", "tests/unit/sandbox",
)  # fmt: skip
"""What decides nothing of what is mutated, and what needs programs that are slow to start."""

_IMPORTED_LATE = (
    "azure.core.pipeline.policies",
    "azure.identity.aio",
    "azure.storage.blob.aio",
    "deepdiff",
    "rich.progress",
)

_QUIET = (
    "-o", "addopts=-p no:cacheprovider", "-p", "no:terminal", "-p", "no:xdist",
    "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip

Item = pytest.Item


class _Suite:
    """Has pytest collect, and then do something else than to run all."""

    def __init__(self, work: Callable[[Sequence[Item]], None]) -> None:
        self._work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """No test is given longer than it has, none shrinks what it finds, and none minds a busy machine."""
        from hypothesis import HealthCheck, Phase, settings  # not before pytest can rewrite it

        phases = (Phase.explicit, Phase.reuse, Phase.generate)
        parent, slow = settings.get_profile("suite"), [HealthCheck.too_slow]
        settings.register_profile("mutants", parent, phases=phases, suppress_health_check=slow)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._work(session.items)
        return True


def warm() -> None:
    """Import what the verbs import when they run, so that no child has to."""
    for module in (*_IMPORTED_LATE, *(one.name for one in walk_packages([str(PACKAGE)], f"{PACKAGE.name}."))):
        if not module.endswith("__main__"):
            import_module(module)


def with_suite(work: Callable[[Sequence[Item]], None], *arguments: str) -> int:
    """Collect the tests, and do something with them; the exit status is pytest's."""
    apart = [f"--ignore-glob={ROOT / one}" for one in APART]
    return int(pytest.main([*_QUIET, *apart, *(arguments or [str(ROOT / "tests")])], plugins=[_Suite(work)]))


def outcome_of(item: Item, cpu: float) -> str:
    """Run a test that usually takes so many seconds of CPU; ends this process if it takes much longer."""
    limit(3 + 5 * cpu, 120 + 40 * cpu)
    outcomes = {report.outcome for report in runtestprotocol(item, log=False, nextitem=None)}
    limit(0, 0)
    return next((one for one in ("failed", "skipped") if one in outcomes), "passed")


def timed(item: Item) -> tuple[str, float]:
    """What becomes of a test, and how many seconds of CPU it takes."""
    started = time.process_time()
    return outcome_of(item, 60), time.process_time() - started


def first_failing(tests: Sequence[str], cpu: float) -> str:
    """Collect and run some tests all anew; the id of the first that fails, empty where all pass."""
    failed: list[str] = []

    def run(items: Sequence[Item]) -> None:
        by_id = {item.nodeid: item for item in items}
        outcomes = ((test, outcome_of(by_id[test], cpu)) for test in tests if test in by_id)
        failed.extend(islice((test for test, outcome in outcomes if outcome == "failed"), 1))

    limit(20 + 5 * cpu, 300 + 40 * cpu)
    status = with_suite(run, *tests)
    return next(iter(failed), "the import" if status else "")
