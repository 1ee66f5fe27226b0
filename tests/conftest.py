"""The command line as tests drive it: in this process, through its front door."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

from backup_reconciler import sandbox
from backup_reconciler.cli import day
from backup_reconciler.cli.main import main
from backup_reconciler.sandbox import Box, Exchange

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("suite")

WIRE = Path(os.environ.get("AZURE_WIRE", Path(__file__).parents[2] / "shared" / "azure-wire"))


@dataclass(frozen=True)
class Told:
    """What one command line told."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """What was written for people, on one line, because a terminal wraps where it wants."""
        return " ".join(self.out.split())

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Told]


def pytest_configure() -> None:
    """A shell that starts the tests in the background has them ignore Ctrl-C, which some of them press."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


CREDENTIALS = ("AZURE_CLIENT", "AZURE_STORAGE", "AZURE_TENANT", "IDENTITY_", "MSI_", "BACKUP_RECONCILER_")


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the credentials of the machine it runs on, and an error of our own is a failure of the test."""
    for name in list(os.environ):
        if name.startswith(CREDENTIALS):
            monkeypatch.delenv(name)


class OneDay(datetime):
    """A calendar that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "OneDay":
        return cls(2026, 11, 23, 9, tzinfo=tz)


@pytest.fixture(autouse=True)
def no_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test is on the day on which the boxes' clocks start, because manifests have days in them that pass."""
    monkeypatch.setattr(day, "datetime", OneDay)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command line."""

    def run(*arguments: object) -> Told:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        assert "a mistake of backup-reconciler itself" not in told.err, told.err
        assert "Traceback" not in told.err
        return Told(status, told.out, told.err)

    return run


@dataclass
class Estate:
    """A world file, and the manifests that are planned against it."""

    folder: Path
    exchanges: list[Exchange] = field(default_factory=list)
    on_exchange: Callable[[Exchange], None] = lambda _: None

    @property
    def world(self) -> Path:
        return self.folder / "test.world.yaml"

    @property
    def manifests(self) -> Path:
        return self.folder / "manifests"

    @property
    def sandboxed(self) -> tuple[object, ...]:
        return (self.manifests, "--sandbox", self.world)

    def exists(self, **world: Any) -> None:
        """Say what exists; the box is made anew."""
        self.world.write_text(yaml.safe_dump({"kind": "World", **world}, sort_keys=False))
        for state in (self.folder / ".sandbox").glob("*"):
            state.unlink()

    def declare(self, name: str, *documents: dict[str, Any]) -> None:
        """Write a manifest file."""
        self.manifests.mkdir(exist_ok=True)
        (self.manifests / f"{name}.yaml").write_text(yaml.safe_dump_all(documents, sort_keys=False))

    def requests(self, method: str = "", containing: str = "") -> list[Exchange]:
        """The ARM requests the box saw."""
        return [
            seen
            for seen in self.exchanges
            if seen.path.casefold().startswith(("/subscriptions", "/providers"))
            and method in ("", seen.method)
            and containing in seen.path
        ]

    def writes(self) -> list[Exchange]:
        return [seen for seen in self.requests() if seen.method in ("PUT", "PATCH", "DELETE")]

    def forget(self) -> None:
        self.exchanges.clear()


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """An empty estate whose box reports every exchange."""
    made = Estate(tmp_path)
    really_open = sandbox.open_box

    def seen(exchange: Exchange) -> None:
        made.exchanges.append(exchange)
        made.on_exchange(exchange)

    def open_box(world: Path, **options: Any) -> AbstractAsyncContextManager[Box]:
        return really_open(world, **{**options, "on_exchange": seen})

    monkeypatch.setattr(sandbox, "open_box", open_box)
    return made


def planned(estate: Estate, cli: Cli, *arguments: object) -> Any:
    """The plan of what is declared, as JSON."""
    told = cli("plan", *estate.sandboxed, "--format", "json", *arguments)
    assert told.status == 0, told.err
    return told.json


def pass_time(estate: Estate, seconds: float) -> None:
    """Let so much time go by in the box while nobody uses it."""

    async def sleep() -> None:
        async with sandbox.open_box(estate.world) as box:
            await box.sleep(seconds)

    asyncio.run(sleep())


def interrupt_at(estate: Estate, number: int, method: str, containing: str, times: int = 1) -> None:
    """Press Ctrl-C when the box has answered the n-th request of a kind."""
    seen = 0

    def pressed(exchange: Exchange) -> None:
        nonlocal seen
        seen += exchange.method == method and containing in exchange.path
        if seen == number and exchange.method == method and containing in exchange.path:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

    estate.on_exchange = pressed


# ---- documents -----------------------------------------------------------------------------------------------------

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"


def document(kind: str, handle: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backup-reconciler/v1",
        "kind": kind,
        "metadata": {"name": handle},
        "spec": spec,
    }


def vault(handle: str = "rsv", **spec: Any) -> dict[str, Any]:
    where = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup", "location": "japaneast"}
    return document("Vault", handle, **where | spec)


def policy(handle: str = "daily", **spec: Any) -> dict[str, Any]:
    usual = {
        "vaults": ["rsv"],
        "schedule": {"frequency": "Daily", "time": "23:00"},
        "timeZone": "UTC",
        "instantRestoreDays": 2,
        "retention": {"daily": {"days": 30}},
    }
    return document("BackupPolicy", handle, **usual | spec)


def absent_policy(handle: str) -> dict[str, Any]:
    return document("BackupPolicy", handle, vaults=["rsv"], state="absent")


def assignment(handle: str = "production", **spec: Any) -> dict[str, Any]:
    usual = {"vault": "rsv", "policy": "daily", "select": {"tags": {"env": ["prod"]}}}
    return document("VMAssignment", handle, **usual | spec)


def daily_policy(days: int) -> dict[str, Any]:
    """A live Standard policy that keeps daily points so long, as Azure writes it."""
    times = ["2024-05-05T23:00:00Z"]
    duration = {"count": days, "durationType": "Days"}
    return {
        "backupManagementType": "AzureIaasVM",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": times,
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {"retentionTimes": times, "retentionDuration": duration},
        },
        "instantRpRetentionRangeInDays": 2,
        "timeZone": "UTC",
    }


def hourly_policy() -> dict[str, Any]:
    """A live Enhanced policy, as Azure writes it."""
    time = "2024-05-05T08:00:00+00:00"
    hourly = {"interval": 4, "scheduleWindowStartTime": time, "scheduleWindowDuration": 12}
    kept = {"retentionTimes": [time], "retentionDuration": {"count": 30, "durationType": "Days"}}
    return {
        "backupManagementType": "AzureIaasVM",
        "policyType": "V2",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicyV2",
            "scheduleRunFrequency": "Hourly",
            "hourlySchedule": hourly,
        },
        "retentionPolicy": {"retentionPolicyType": "LongTermRetentionPolicy", "dailySchedule": kept},
        "instantRpRetentionRangeInDays": 2,
        "timeZone": "UTC",
    }


def vm_id(name: str, group: str = "rg-web") -> str:
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"


def vms(*names: str, location: str = "japaneast", **entry: Any) -> dict[str, Any]:
    return {name: {"location": location, "tags": {"env": "prod"}, **entry} for name in names}


def world(virtual_machines: dict[str, Any] | None = None, vaults: dict[str, Any] | None = None, **rest: Any) -> Any:
    groups = {
        "rg-backup": {"location": "japaneast", "vaults": vaults or {}},
        "rg-web": {"location": "japaneast", "virtualMachines": virtual_machines or {}},
    }
    return {"subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}}, **rest}
