"""A runner: it gives a step its files and its environment, and stand-ins for what is not ours.

The shell is real, and so is the command from its front door on: what a step asks of `plan`, `apply`, `drift` and
`report` is answered by this process, because loading the SDK anew for each of them would take most of the time. It adds
`--sandbox` where Azure is asked, so that it is in a box, and what a run waits for there is over in an instant.
"""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from tests.conftest import Cli, Estate

ROOT = Path(__file__).parents[3]
INSTALLED = Path(sys.executable).parent

OURS = f"""#!{sys.executable} -SE
import json, os, socket, sys

if sys.argv[1] not in ("plan", "apply", "drift", "report"):
    os.execv("{INSTALLED}/backup-reconciler", sys.argv)
server = ("127.0.0.1", int(os.environ["SERVED_AT"]))
with socket.create_connection(server) as connection, connection.makefile("rw") as file:
    file.write(json.dumps({{"arguments": sys.argv[1:], "environment": dict(os.environ)}}) + "\\n")
    file.flush()
    told = json.loads(file.readline())
sys.stdout.write(told["out"])
sys.stderr.write(told["err"])
sys.exit(told["status"])
"""

NOT_OURS = {
    "gh": """
case "$*" in
  *--paginate*) echo "${COMMENT:-}" ;;
  "issue list"*) echo "${ISSUE:-}" ;;
  "run list"*) echo "${LAST_RUN:-}" ;;
  "run download"*) mkdir -p last && cp drift.json last/ ;;
esac
""",
    "curl": """
case "$*" in
  */user) echo '{"id": 5}' ;;
  *sort=asc*)
    mark='<!-- backup-reconciler plan -->'
    echo "[{\\"id\\": 1, \\"author\\": {\\"id\\": 6}, \\"body\\": \\"$mark\\"}${NOTE:-}]" ;;
esac
""",
    "git": "",
    "python": f"""
case "$*" in "-m pip"*) ;; *) exec {sys.executable} "$@" ;; esac
""",
}
"""They write down how they were called, and answer as the environment says."""


@dataclass(frozen=True)
class Ran:
    """How a step ended and what it said."""

    status: int
    out: str


class Runner:
    """The working copy of a repository whose manifests are in `backups`; it has to be the working directory."""

    def __init__(self, estate: Estate, cli: Cli) -> None:
        self._estate = estate
        self._cli = cli
        self.folder = estate.folder / "repository"
        self.environment: dict[str, str] = {}
        """Of the last of these commands."""
        self.folder.mkdir()
        (self.folder / "backups").symlink_to(estate.manifests)
        self._bin = estate.folder / "bin"
        self._bin.mkdir()
        self._put("backup-reconciler", OURS)
        for name, answers in NOT_OURS.items():
            self._put(name, f'#!/bin/sh\necho "{name} $*" >> "$CALLS"\n{answers}')

    def _put(self, name: str, program: str) -> None:
        (self._bin / name).write_text(program)
        (self._bin / name).chmod(0o755)

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
        """Run a step, in nothing but what a runner gives it."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = listener.getsockname()
            given = {
                "PATH": f"{self._bin}:{INSTALLED}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "HOME": str(self._estate.folder),
                "CALLS": str(self._estate.folder / "calls"),
                "SERVED_AT": str(address[1]),
                **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
            }
            ended: list[Ran] = []

            def run() -> None:
                ran = subprocess.run(
                    ["bash", "-eu", "-o", "pipefail", "-c", script],
                    cwd=self.folder,
                    env={**given, **environment},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                ended.append(Ran(ran.returncode, ran.stdout))
                socket.create_connection(address).close()  # nothing is asked any more

            shell = Thread(target=run)
            shell.start()
            while self._serve(listener):
                pass
            shell.join()
        return ended[0]

    def _serve(self, listener: socket.socket) -> bool:
        """Carry out one command, in this thread, where Ctrl-C would arrive; False where none comes any more."""
        connection, _ = listener.accept()
        with connection, connection.makefile("rw") as file:
            if not (line := file.readline()):
                return False
            asked = json.loads(line)
            self.environment = asked["environment"]
            in_a_box = () if asked["arguments"][0] == "report" else ("--sandbox", self._estate.world)
            told = self._cli(*asked["arguments"], *in_a_box)
            file.write(json.dumps({"status": int(told.status), "out": told.out, "err": told.err}) + "\n")
        return True
