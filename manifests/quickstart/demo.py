"""The quickstart, from nothing to converged and back again: `make demo` runs it.

Every step is a command that you can type yourself; the Azure behind it is a box on this machine.
"""

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
WORLD = HERE.relative_to(Path.cwd()) / "quickstart.world.yaml"
MANIFESTS = str(WORLD.parent)
IN_THE_BOX = ["--sandbox", str(WORLD)]

STEPS: list[tuple[str, list[str], int]] = [
    ("Are the manifests right? This asks Azure nothing.", ["validate", MANIFESTS], 0),
    ("What is to be done? Azure is read, and nothing is changed.", ["plan", MANIFESTS, *IN_THE_BOX, "--fresh"], 0),
    ("Do it.", ["apply", MANIFESTS, *IN_THE_BOX, "--auto-approve"], 0),
    ("And now? Nothing is left to do.", ["plan", MANIFESTS, *IN_THE_BOX], 0),
    (
        "Meanwhile somebody changes the policy and stops a VM's backups, with the Azure SDK.",
        ["sandbox", str(WORLD), "--pace", "60", "--", sys.executable, str(WORLD.parent / "by_hand.py")],
        0,
    ),
    ("What is not as declared? Exit status 2 says: something.", ["drift", MANIFESTS, *IN_THE_BOX], 2),
    ("Put it right.", ["apply", MANIFESTS, *IN_THE_BOX, "--auto-approve"], 0),
    ("And now? Nothing is left to do.", ["plan", MANIFESTS, *IN_THE_BOX, "--detailed-exitcode"], 0),
]


def main() -> int:
    started = time.monotonic()
    for number, (why, arguments, expected) in enumerate(STEPS, start=1):
        print(f"\n━━ {number}. {why}")
        print(f"$ backup-reconciler {' '.join(arguments)}\n", flush=True)
        status = subprocess.run([sys.executable, "-m", "backup_reconciler", *arguments], check=False).returncode
        if status != expected:
            print(f"\nThe demo ends here: exit status {status} instead of {expected}.")
            return 1
    print(f"\nThat was the whole way, in {time.monotonic() - started:.0f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
