"""A runner: it gives a step its files and its environment, an Azure in a box, and stand-ins for what is not ours."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from backup_reconciler import sandbox
from tests.conftest import Estate

ROOT = Path(__file__).parents[3]
PACE = 5000
"""Seconds of the box in a real one: what a step waits for in Azure is over in an instant."""

STAND_INS = {
    "gh": """
case "$*" in
  *--paginate*) echo "${COMMENT:-}" ;;
  "issue list"*) echo "${ISSUE:-}" ;;
  "run list"*) echo "${LAST_RUN:-}" ;;
  "run download"*) mkdir -p last && cp drift.json last/ ;;
esac
""",
    "curl": """
case "$*" in *sort=asc*) echo "[{\\"id\\": 1, \\"body\\": \\"hello\\"}${NOTE:-}]" ;; esac
""",
    "git": "",
    "python": f"""
case "$*" in "-m pip"*) ;; *) exec {sys.executable} "$@" ;; esac
""",
}
"""Each writes down how it was called, and answers as the environment says."""


@dataclass(frozen=True)
class Ran:
    """How a step ended and what it said."""

    status: int
    out: str


class Runner:
    """The working copy of a repository whose manifests are in `backups`."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self.folder = estate.folder / "repository"
        self.folder.mkdir()
        (self.folder / "backups").symlink_to(estate.manifests)
        self._bin = estate.folder / "bin"
        self._bin.mkdir()
        for name, answers in STAND_INS.items():
            path = self._bin / name
            path.write_text(f'#!/bin/sh\necho "{name} $*" >> "$CALLS"\n{answers}')
            path.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """How the stand-ins were called since this was last asked."""
        path = self._estate.folder / "calls"
        calls = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return calls

    def text(self, name: str) -> str:
        """A file that steps have written."""
        return (self.folder / name).read_text()

    def run(self, script: str, **environment: str) -> Ran:
        """Run a step against the box, in nothing but what a runner and the box give it."""
        return asyncio.run(self._run(script, environment))

    async def _run(self, script: str, environment: dict[str, str]) -> Ran:
        given = {
            "PATH": f"{self._bin}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self._estate.folder),
            "CALLS": str(self._estate.folder / "calls"),
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
        }
        async with sandbox.open_box(self._estate.world, pace=PACE) as box:
            process = await asyncio.create_subprocess_exec(
                *("bash", "-eu", "-o", "pipefail", "-c", script),
                cwd=self.folder,
                env={
                    **given,
                    **box.environment(),
                    "NO_PROXY": "127.0.0.1",
                    "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",  # the box has no other
                    **environment,
                },
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            out, _ = await process.communicate()
        return Ran(process.returncode or 0, out.decode())
