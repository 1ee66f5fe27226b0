"""The verbs as a user starts them. The box runs in the client's process, on a clock of its own: nobody waits."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.measuring import CLIENT, measured
from benchmarks.worlds import by_ranges, changed_policy, closed_fleet, fleet, many_documents

QUICKSTART = Path(__file__).parents[1] / "manifests" / "quickstart"
RUNS = 5


def row(what: str, arguments: Sequence[str], runs: int = RUNS, ends_with: Iterable[int] = (0,)) -> None:
    took = measured([*CLIENT, *arguments], runs=runs, ends_with=ends_with)
    print(f"| {what} | {took.wall:.2f} | {took.cpu:.2f} | {took.peak:.0f} |", flush=True)


def heading() -> None:
    print("| work | wall s | CPU s | peak MiB |\n| --- | ---: | ---: | ---: |")


def commands() -> None:
    """Validating, and plans of 100 × 100."""
    heading()
    with tempfile.TemporaryDirectory() as name:
        world, manifests = fleet(Path(name), vaults=100, vms=100)
        in_the_box = ["--sandbox", str(world)]
        quickstart = ["--sandbox", str(QUICKSTART / "quickstart.world.yaml"), "--fresh"]
        row("`--help`", ["--help"])
        row("`validate` of the quickstart", ["validate", str(QUICKSTART)])
        row("`validate` of 200 documents", ["validate", str(manifests)])
        file, files = many_documents(Path(name), 10_000)
        row("`validate` of 10,000 documents in one file", ["validate", str(file)], runs=3)
        row("`validate` of 10,000 documents in 10,000 files", ["validate", str(files)], runs=3)
        row("`plan` of the quickstart, box included", ["plan", str(QUICKSTART), *quickstart])
        row("first run of the box with 10,000 VMs", ["plan", str(manifests), *in_the_box, "--fresh"], runs=1)
        row("`plan` of 100 vaults × 100 VMs, box included", ["plan", str(manifests), *in_the_box], runs=3)
        changed = str(changed_policy(Path(name)))
        row("the same, with a policy to change in each vault", ["plan", str(manifests), changed, *in_the_box], runs=3)
        closed, opened = closed_fleet(Path(name), vaults=100, vms=100)
        behind = [str(opened), "--sandbox", str(closed)]
        row("the same behind 100 security groups, first run, 300 rules to create", ["plan", *behind, "--fresh"], runs=1)
        row("the same again", ["plan", *behind], runs=3)


def large_worlds() -> None:
    """The box alone."""
    heading()
    with tempfile.TemporaryDirectory() as name:
        written_out, _ = fleet(Path(name), vaults=100, vms=100)
        for what, world in (("100 × 100 written out", written_out), ("1,000 × 100 by ranges", by_ranges(Path(name)))):
            opened = ["sandbox", str(world), "--pace", "1", "--", "true"]
            row(f"box: world of {what}: read, founded, served, saved", [*opened[:2], "--fresh", *opened[2:]], runs=3)
            row(f"box: world of {what}: loaded, served, saved", opened, runs=3)
