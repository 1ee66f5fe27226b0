"""Running the scripts for Linux for real, in a folder that stands in for the root."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from backup_reconciler.plan.outbound.proxy.script import Script, set_proxy, unset_proxy
from backup_reconciler.spec.outbound import Proxy

PROXY = Proxy(host="10.1.0.4", port=3128, bypass=("*.internal", "10.1.*"))


@dataclass(frozen=True)
class Scratch:
    """A machine's files, as far as the scripts touch them."""

    root: Path
    shell: str = "dash"

    @property
    def environment(self) -> Path:
        return self.root / "etc" / "environment"

    @property
    def agent(self) -> Path:
        return self.root / "etc" / "waagent.conf"

    def holds(self, environment: bytes | None, agent: bytes | None) -> None:
        self.environment.parent.mkdir(exist_ok=True)
        for file, contents in ((self.environment, environment), (self.agent, agent)):
            file.unlink(missing_ok=True)
            if contents is not None:
                file.write_bytes(contents)

    def contents(self) -> dict[str, bytes]:
        """Every file that is there, so that one left behind is seen."""
        return {one.name: one.read_bytes() for one in (self.root / "etc").iterdir()}

    def times(self) -> list[int]:
        return [file.stat().st_mtime_ns for file in (self.environment, self.agent)]

    def run(self, script: Script) -> subprocess.CompletedProcess[str]:
        shell = [self.shell, *(["--posix"] if self.shell == "bash" else [])]
        where = {"PATH": "/usr/bin:/bin", "BACKUP_RECONCILER_ROOT": str(self.root)}
        return subprocess.run([*shell, "-c", script.text], env=where, capture_output=True, text=True, check=False)

    def set(self, proxy: Proxy = PROXY, handle: str = "production") -> None:
        done = self.run(set_proxy("Linux", handle, proxy))
        assert (done.returncode, done.stderr) == (0, "")

    def unset(self, handle: str = "production") -> None:
        done = self.run(unset_proxy("Linux", handle))
        assert (done.returncode, done.stderr) == (0, "")
