"""The box as a server: for other programs, with its credentials and no others."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from backup_reconciler import sandbox
from backup_reconciler.sandbox import Box, Exchange
from tests.conftest import SUBSCRIPTION, Cli, Estate, vms, world

PROGRAM = """
import os, sys
from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient
client = ComputeManagementClient(
    DefaultAzureCredential(), sys.argv[1], base_url=os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"]
)
names = sorted(vm.name for vm in client.virtual_machines.list_all(enforce_https=False))
assert names == ["web-01", "web-02"], names
assert not [name for name in os.environ if name.startswith(("AZURE_CLIENT", "ARM_"))], os.environ
"""


def test_a_program_runs_inside_and_its_exit_status_counts(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "real")
    monkeypatch.setenv("ARM_CLIENT_SECRET", "real")
    estate.exists(**world(vms("web-01", "web-02")))
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    assert cli("sandbox", estate.world, "--", sys.executable, program, SUBSCRIPTION).status == 0
    assert os.environ["AZURE_CLIENT_SECRET"] == "real"
    assert [seen.status for seen in estate.requests()] == [200]
    assert cli("sandbox", estate.world, "--", sys.executable, "-c", "raise SystemExit(7)").status == 7


def test_a_program_that_is_not_there_is_one_error(estate: Estate, cli: Cli) -> None:
    estate.exists(**world())
    told = cli("sandbox", estate.world, "--", "no-such-program")
    assert told.status == 1
    assert told.err.startswith("error: ")
    assert "no-such-program" in told.err


def test_serving_prints_what_to_export_and_ends_with_ctrl_c(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backup_reconciler.cli import serving

    estate.exists(**world())
    really = serving.asyncio.Event.wait

    async def wait(event: object) -> object:
        signal.raise_signal(signal.SIGINT)
        return await really(event)  # type: ignore[arg-type]

    monkeypatch.setattr(serving.asyncio.Event, "wait", wait)
    told = cli("sandbox", estate.world)
    assert told.status == 0
    for name in ("BACKUP_RECONCILER_ARM_ENDPOINT", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_TOKEN_CREDENTIALS"):
        assert f"export {name}=" in told.out


@pytest.mark.parametrize("verbose", [(), ("-v",)])
def test_requests_are_shown_as_they_come(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, verbose: tuple[str, ...]
) -> None:
    from backup_reconciler.cli import serving

    boxes: list[Box] = []
    really = sandbox.open_box

    @asynccontextmanager
    async def open_box(world_file: Path, **options: Any) -> AsyncIterator[Box]:
        async with really(world_file, **options) as box:
            boxes.append(box)
            yield box

    async def ask_and_leave(event: object) -> None:
        path = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/rsv"
        async with ClientSession() as session, session.get(boxes[0].endpoint + path) as answer:
            assert answer.status == 401

    monkeypatch.setattr(sandbox, "open_box", open_box)
    monkeypatch.setattr(serving.asyncio.Event, "wait", ask_and_leave)
    (tmp_path / "my.world.yaml").write_text("kind: World\n")
    told = cli("sandbox", tmp_path / "my.world.yaml", *verbose)
    assert "  401  GET    vaults/rsv  AuthenticationFailed\n" in told.out
    assert (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg" in told.out) == bool(verbose)
    assert "\x1b" not in told.out, "colours are for terminals"


def test_a_world_that_is_wrong_is_one_error_with_its_place(estate: Estate, cli: Cli) -> None:
    estate.world.write_text("kind: World\nera: 1999\n")
    told = cli("sandbox", estate.world, "--", "true")
    assert told.status == 1
    assert f"{estate.world}:2:" in told.err
    assert cli("plan", estate.folder, "--sandbox", estate.folder / "nope.world.yaml").status == 1


def test_exchanges_are_plain_data() -> None:
    assert {"method", "path", "query", "status", "at", "request", "code", "answer"} == set(
        Exchange.__dataclass_fields__
    )
