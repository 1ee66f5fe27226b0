"""`python -m tests.fuzz`: the long run. Each target in turn, led by coverage, for as many minutes as are given to it.

First everything that is pathological, within a gibibyte and ten seconds; then atheris, whose own limits are the same.
What it finds stays in `--finds`, and `--replay` reads it again.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.targets import TARGETS

_REPOSITORY = Path(__file__).parents[2]
_FINDS = _REPOSITORY / ".fuzz"


def main(arguments: Sequence[str]) -> int:
    """Returns the exit status: 1 where anything was found."""
    asked = _asked(arguments)
    names = asked.target or list(TARGETS)
    if asked.replay:
        TARGETS[names[0]].read(asked.replay.read_bytes())
        print(f"{asked.replay}: read, or refused as it should be")
        return 0
    if find_spec("atheris") is None:
        print("atheris is not installed; 'make fuzz' does that")
        return 1
    return max(_run(name, asked) for name in names)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=TARGETS, help="Only this one; may be repeated.")
    parser.add_argument("--minutes", type=float, default=5, help="For each target.")
    parser.add_argument("--finds", type=Path, default=_FINDS, help="The folder of corpora and finds.")
    parser.add_argument("--replay", type=Path, help="Read this file as the target, and do nothing else.")
    return parser.parse_args(arguments)


def _run(name: str, asked: argparse.Namespace) -> int:
    """One target, in processes of its own: coverage is counted from the import on, and memory is bounded."""
    print(f"== {name}", flush=True)
    bounded = subprocess.run([sys.executable, "-m", "tests.fuzz.bounded", name], cwd=_REPOSITORY, check=False)
    led = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.led", name, str(asked.minutes), str(asked.finds.resolve())],
        cwd=_REPOSITORY, check=False,
    )  # fmt: skip
    for find in sorted((asked.finds / name).glob("finds/*")):
        print(f"found: python -m tests.fuzz --target {name} --replay {find}")
    return int(bool(bounded.returncode or led.returncode))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
