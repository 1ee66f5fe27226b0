"""az as a program: its own configuration, its own cloud, its output as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.clients.steps import Difference

if TYPE_CHECKING:
    from pathlib import Path


class Az:
    """Runs az commands. Nothing of the user's own az is read or written."""

    def __init__(self, configuration: Path) -> None:
        self._environment = {
            **os.environ,
            "AZURE_CONFIG_DIR": str(configuration),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_ONLY_SHOW_ERRORS": "yes",
            "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
        }

    def __call__(self, line: str, *more: str) -> Any:
        """What a command prints, as data; `more` are words that may hold spaces."""
        done = self._run(line, more)
        if done.returncode:
            raise Difference(f"exit status {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refused(self, line: str, code: str) -> None:
        """The command must fail, and az must have understood the error: it prints its code in parentheses."""
        done = self._run(line, ())
        if not done.returncode or f"({code})" not in done.stderr:
            raise Difference(f"exit status {done.returncode}, not refused with {code}: {done.stderr.strip()}")

    def _run(self, line: str, more: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "azure.cli", *line.split(), *more, "--output", "json"]
        return subprocess.run(words, env=self._environment, capture_output=True, text=True, check=False)
