"""What Azure's limits cost a run, whatever may go out at once: requests, how many were refused, and the box's time.

All quotas of the box are on and each answer takes 80 ms. Below the table is what sending costs by itself: the CPU
time of a request, without HTTP, that waits for its place among others and meets no limit.
"""

import asyncio
import contextlib
import io
import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.clock import SystemClock
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.azure.tasks import gather
from backup_reconciler.cli.main import main as command_line
from benchmarks.completion import HERE, QUOTAS, documents, watched

if TYPE_CHECKING:
    from backup_reconciler.azure.clients import Clients

LATENCY = {"seconds": 0.08}
RUNS = (("plan", 1, 100, 10), ("plan", 20, 20, 10), ("apply", 1, 3, 100), ("apply", 1, 1, 1000))
"""Verb, subscriptions, vaults in each, VMs for each vault."""
AT_ONCE = (16, 64, 256)
REQUESTS, ROUNDS = 5_000, 5


def subscription(number: int) -> str:
    return f"{number:08}-1111-1111-1111-111111111111"


def write(folder: Path, subscriptions: int, vaults: int, vms: int) -> list[str]:
    """World and manifests; returns the arguments that name them."""
    machines = {f"vm-[{1:0{len(str(vms))}}-{vms}]": HERE}
    world: dict[str, Any] = {}
    manifests = []
    for id_ in map(subscription, range(subscriptions)):
        names = [f"{id_[:8]}-{number:03}" for number in range(vaults)]
        groups = {
            f"rg-{name}": {**HERE, "virtualMachines": machines, "vaults": {f"rsv-{name}": HERE}} for name in names
        }
        world[id_] = {"resourceGroups": groups}
        manifests += [document for name in names for document in documents(name, id_)]
    described = {"kind": "World", "quotas": QUOTAS, "latency": LATENCY, "subscriptions": world}
    (folder / "pace.world.yaml").write_text(yaml.safe_dump(described))
    (folder / "pace.yaml").write_text(yaml.safe_dump_all(manifests))
    return [str(folder / "pace.yaml"), "--sandbox", str(folder / "pace.world.yaml")]


def row(verb: str, subscriptions: int, vaults: int, vms: int, at_once: int) -> str:
    with tempfile.TemporaryDirectory() as name, watched() as exchanges:
        arguments = [verb, *write(Path(name), subscriptions, vaults, vms), "--concurrency", str(at_once)]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            status = command_line([*arguments, *(["--auto-approve"] if verb == "apply" else [])])
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {status}")
    sent = [seen for seen in exchanges if seen.path.startswith(("/subscriptions", "/providers"))]
    refused = sum(seen.status == 429 for seen in sent)
    seconds = (sent[-1].at - sent[0].at).total_seconds()
    return (
        f"| {verb} of {subscriptions} × {vaults} × {vms} | {at_once} | {len(sent):,} | {refused} | {seconds:,.1f} s |"
    )


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes = b"{}"


class Ready:
    """Answers at once, with the headers that Azure sends; there is always enough left."""

    endpoint = "https://arm.example"
    answer = Answer(
        200,
        {
            "x-ms-request-id": "8c1c4b8e-6c9c-4a7b-9a52-9b1a0b1d7f10",
            "x-ms-ratelimit-remaining-subscription-reads": "249000",
            "x-ms-ratelimit-remaining-subscription-global-reads": "3749000",
            "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/LowCostGetSubscriptionMaximum;23999",
        },
    )

    async def send(self, _request: ArmRequest, _id: str) -> Answer:
        return self.answer


async def microseconds_of_a_request() -> float:
    """CPU time of sending, one subscription, all asked for at once."""
    arm = Arm(cast("Clients", Ready()), SystemClock())
    page = get(f"/subscriptions/{subscription(0)}/providers/Microsoft.Compute/virtualMachines", Api.COMPUTE)
    began = time.process_time()
    await gather(arm.send(page) for _ in range(REQUESTS))
    return (time.process_time() - began) / REQUESTS * 1e6


def main() -> None:
    print("| run: subscriptions × vaults × VMs | at once | requests | 429 | box's time |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for run in RUNS:
        for at_once in AT_ONCE:
            print(row(*run, at_once), flush=True)
    logging.disable()
    print(f"\n{min(asyncio.run(microseconds_of_a_request()) for _ in range(ROUNDS)):.0f} µs of CPU for a request")


if __name__ == "__main__":
    main()
