"""How long each verb takes to start: `--help`, and the least that it can be asked to do."""

import tempfile
from pathlib import Path

from benchmarks.commands import QUICKSTART, heading, row

_WORLD = str(QUICKSTART / "quickstart.world.yaml")
_IN_THE_BOX = (str(QUICKSTART), "--sandbox", _WORLD, "--fresh")
SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"


def starting() -> None:
    """The box is in the client's process, on a clock of its own: nobody waits."""
    heading()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        calls = (
            ("new", "policy"),
            ("validate", str(QUICKSTART)),
            ("fmt", "--check", str(QUICKSTART)),
            ("plan", *_IN_THE_BOX),
            ("apply", *_IN_THE_BOX, "--dry-run"),
            ("drift", *_IN_THE_BOX),
            ("check", *_IN_THE_BOX),
            ("jobs", *_IN_THE_BOX),
            (
                "export",
                "--subscription",
                SUBSCRIPTION,
                "--output",
                str(folder / "exported"),
                "--force",
                *_IN_THE_BOX[1:],
            ),
            ("permissions", str(QUICKSTART)),
            ("schema", "--output", str(folder / "schemas")),
            ("sandbox", _WORLD, "--fresh", "--", "true"),
        )
        for verb, *arguments in calls:
            row(f"`{verb} --help`", [verb, "--help"])
            row(f"`{verb}`", [verb, *arguments], ends_with=(0, 2, 3))
