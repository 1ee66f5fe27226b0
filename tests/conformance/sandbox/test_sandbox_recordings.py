"""Replays recorded traffic of the live service, 2021, against a world that holds only what the recording did not make.

Exchanges go in order; nothing is seeded between them. The clock follows the repetitions recorded. Ids that the service
makes up are mapped by first sight: where recording and box first differ in a GUID, the two are one from then on.
Compared are the status, the headers that clients act on, and the body: keys, types, and values other than ids, times
and what Compute says of a machine.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from backup_reconciler.sandbox.core import Request, Response, handle
from backup_reconciler.sandbox.state import State, new_state
from backup_reconciler.sandbox.world_file import parse_world

_ROOT = Path(__file__).parents[3]
WIRE = Path(os.environ.get("AZURE_WIRE") or _ROOT.parent / "shared" / "azure-wire")

NOT_SERVED = {
    "publicIPAddresses": "public IPs",
    "Microsoft.Storage": "storage accounts",
    "Microsoft.ClassicStorage": "classic storage accounts",
    "recoveryPoints": "recovery points and restore",
    "cancel": "cancelling a restore",
}
"""By a word of their path."""

RESTORED = {("job", index) for index in (150, 151, 152, 153, 155, 156, 157)}
"""What follows from a restore, which is not served."""

NOT_COMPARED = {
    # Items in vaults of other people, who had them backed up after the recording first saw them.
    ("protection", 31): {"protectionState", "lastRecoveryPoint"},
    ("protection", 32): {"protectionState", "lastRecoveryPoint"},
    # What a restore leaves on an item.
    ("job", 160): {"RestoreOperationStatusKPI"},
    # A list of VMs that the service had not looked for since two of them were made; the next exchange has it look.
    ("job", 8): {"value"},
}
"""Keys that differ for a reason outside of what is walked."""

CLOCK = datetime(2021, 5, 26, 2, 10, tzinfo=UTC)
DEPLOYMENT = timedelta(minutes=10)
"""What a deployment takes, which is not served: the VM that it makes appears with its network when it is over."""
BOOT = timedelta(seconds=20)
"""After which the agent of a new VM reports: later than the first look at it, earlier than its first backup."""

ENDPOINT = "https://management.azure.com"
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?")
ETAG = re.compile(r"W/\"datetime'[^']*'\"")
SPAN = re.compile(r"PT(\d+H)?(\d+M)?([\d.]+S)?")
NUMBER = re.compile(r"\d{6,}")
MAC = re.compile(r"([0-9A-F]{2}-){5}[0-9A-F]{2}")
SUFFIX = re.compile(r"[0-9a-z]{26}\.ix\.internal\.cloudapp\.net")

Exchange = dict[str, Any]


def recording(name: str) -> list[Exchange]:
    path = WIRE / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no recordings here ({path}); name their folder in AZURE_WIRE")
    exchanges: list[Exchange] = json.loads(path.read_text())
    return exchanges


# The world before the recording


def resources(exchanges: list[Exchange]) -> list[dict[str, Any]]:
    """Every resource in every answer, first sight first."""
    found = []
    for exchange in exchanges:
        body = exchange["response"] or {}
        found += body.get("value") or ([body] if "type" in body else [])
    return found


def parts(resource_id: str) -> tuple[str, str, str]:
    """Subscription, group and name."""
    words = resource_id.split("/")
    return words[2], words[4], words[8]


def world_of(exchanges: list[Exchange]) -> dict[str, Any]:
    groups: dict[tuple[str, str], dict[str, Any]] = {}

    def group(subscription: str, name: str) -> dict[str, Any]:
        return groups.setdefault((subscription, name), {"virtualMachines": {}, "vaults": {}})

    made = {exchange["path"] for exchange in exchanges if exchange["method"] == "PUT"}
    region = next(exchange["request"]["location"] for exchange in exchanges if exchange["method"] == "PUT")
    group(*parts(next(iter(made)))[:2])
    for resource in resources(exchanges):
        properties = resource.get("properties", {})
        match resource.get("type", "").split("/")[-1]:
            case "vaults" if resource["id"] not in made:
                subscription, name, vault = parts(resource["id"])
                group(subscription, name)["vaults"].setdefault(vault, {"location": resource["location"]})
            case "virtualMachines":
                subscription, name, vm = parts(resource["id"])
                system = properties["storageProfile"]["osDisk"]["osType"]
                machines = group(subscription, name)["virtualMachines"]
                created = machines.get(vm, {}).get("createdAt") or CLOCK + (len(machines) + 1) * DEPLOYMENT
                told = {"location": resource["location"], "tags": resource["tags"], "os": system}
                machines[vm] = {"createdAt": created, "agent": {"since": created + BOOT}, **told}
            case "protectableItems":
                subscription, name, vm = parts(properties["virtualMachineId"])
                group(subscription, name)["virtualMachines"].setdefault(vm, {"location": region})
            case "protectedItems":
                subscription, name, vm = parts(properties["sourceResourceId"])
                group(subscription, name)["virtualMachines"].setdefault(vm, {"location": region})
                _, vault_group, vault = parts(resource["id"])
                others = group(subscription, vault_group)["vaults"].get(vault)
                if others is not None and "protectedItems" not in others:
                    item = {"vm": f"{name}/{vm}", "policy": "DefaultPolicy", "state": properties["protectionState"]}
                    others["protectedItems"] = [item]
    subscriptions: dict[str, Any] = {}
    for (subscription, name), made_group in groups.items():
        subscriptions.setdefault(subscription, {"resourceGroups": {}})["resourceGroups"][name] = made_group
    return {
        "kind": "World",
        "era": 2021,
        "clock": CLOCK,
        "durations": {"firstBackup": 3671.07},
        "subscriptions": subscriptions,
    }


# The walk


class Walk:
    """One recording against one box."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.exchanges = recording(name)
        self.state: State = new_state(parse_world(world_of(self.exchanges)))
        self.now = CLOCK
        self.step = timedelta(seconds=1)
        self.ids: dict[str, str] = {}
        self.served = 0
        self.not_served: dict[str, int] = {}
        self.differences: list[str] = []

    def run(self) -> None:
        for index, exchange in enumerate(self.exchanges):
            reason = self._why_not(index, exchange)
            if reason:
                self.not_served[reason] = self.not_served.get(reason, 0) + 1
                continue
            self._follow(exchange)
            for _ in range(exchange.get("times", 1)):
                self.now += self.step
                self._play(index, exchange)
            self.served += 1

    def _why_not(self, index: int, exchange: Exchange) -> str | None:
        if (self.name, index) in RESTORED:
            return "recovery points and restore"
        words = exchange["path"].split("/")
        return next((reason for word, reason in NOT_SERVED.items() if word in words), None)

    def _follow(self, exchange: Exchange) -> None:
        """How far the clock goes between two requests: so far that what pends, pends as often as recorded."""
        body = exchange["response"] or {}
        job = body.get("properties", {})
        arrival = self.state.estate.arrivals.get(exchange["path"].lower())
        if arrival:
            self.step = arrival.vm.created - self.now
        elif job.get("operation") == "Backup" and exchange["path"].split("/")[-2] == "backupJobs":
            self.step = self._until_job_is_as_old(exchange, job["duration"])
        elif body.get("status") == "InProgress" or exchange["path"].split("/")[-2] == "operationResults":
            due = min(effect for effect in self.state.estate.effects if effect.kind != "agentReports").due - self.now
            if exchange["status"] != 204 and due > timedelta(0):
                self.step = due / (exchange.get("times", 1) + 0.5)
        elif "backupOperations" not in exchange["path"]:
            self.step = timedelta(seconds=1)

    def _until_job_is_as_old(self, exchange: Exchange, age: str) -> timedelta:
        match = SPAN.fullmatch(age)
        assert match
        hours, minutes, seconds = (float((part or "0").rstrip("HMS")) for part in match.groups())
        asked = self._translated(exchange["path"]).split("/")[-1]
        jobs = {job.id: job for vault in self.state.estate.vaults() for job in vault.jobs.values()}
        return jobs[asked].started + timedelta(hours=hours, minutes=minutes, seconds=seconds) - self.now

    def _play(self, index: int, exchange: Exchange) -> None:
        where = f"{self.name} {index} {exchange['method']} …{exchange['path'][-60:]}"
        query = dict(parse_qsl(exchange["query"], keep_blank_values=True))
        body = json.loads(self._translated(json.dumps(exchange["request"])))
        request = Request(exchange["method"], unquote(self._translated(exchange["path"])), query, {}, body, ENDPOINT)
        response = handle(self.state.estate, request, self.now, self.state.rng)
        if response.status != exchange["status"]:
            self.differences.append(f"{where}: status {exchange['status']} was recorded, here {response.status}")
            return
        self._compare_headers(where, exchange["headers"], response)
        loose = "Microsoft.Compute" in exchange["path"]
        ignored = NOT_COMPARED.get((self.name, index), set())
        self._compare(where, exchange["response"], response.body, loose=loose, ignored=ignored)

    def _translated(self, text: str) -> str:
        return GUID.sub(lambda match: self.ids.get(match[0], match[0]), text)

    def _same_id(self, recorded: str, here: str) -> bool:
        return self.ids.setdefault(recorded, here) == here

    def _compare_headers(self, where: str, recorded: dict[str, str], response: Response) -> None:
        here = {name.lower(): value for name, value in response.headers.items()}
        for name in ("azure-asyncoperation", "location"):
            if (name in recorded) != (name in here):
                self.differences.append(
                    f"{where}: header {name} was recorded {recorded.get(name)}, here {here.get(name)}"
                )
            elif name in recorded:
                self._compare_text(f"{where}: header {name}", recorded[name], here[name])
                assert urlsplit(here[name]).query == urlsplit(recorded[name]).query
        writes = "x-ms-ratelimit-remaining-subscription-writes"
        if writes in recorded and writes not in here:
            self.differences.append(f"{where}: header {writes} is missing")

    def _compare(self, where: str, recorded: Any, here: Any, *, loose: bool, ignored: set[str]) -> None:
        match recorded:
            case dict():
                self._compare_objects(where, recorded, here, loose=loose, ignored=ignored)
            case list():
                self._compare_lists(where, recorded, here, loose=loose, ignored=ignored)
            case str() if isinstance(here, str) and not loose:
                self._compare_text(where, recorded, here)
            case _ if type(recorded) is not type(here) or (recorded != here and not loose):
                self.differences.append(f"{where}: {recorded!r} was recorded, here {here!r}")

    def _compare_objects(self, where: str, recorded: Any, here: Any, *, loose: bool, ignored: set[str]) -> None:
        if not isinstance(here, dict):
            self.differences.append(f"{where}: an object was recorded, here {here!r}")
            return
        # Compute began to print a disk's deleteOption while these recordings were made: some have it, some do not.
        differing = (recorded.keys() ^ here.keys()) - ignored - {"deleteOption"}
        if differing:
            self.differences.append(f"{where}: keys {sorted(differing)} stand on one side only")
        for key in (recorded.keys() & here.keys()) - ignored:
            self._compare(f"{where}.{key}", recorded[key], here[key], loose=loose, ignored=ignored)

    def _compare_lists(self, where: str, recorded: Any, here: Any, *, loose: bool, ignored: set[str]) -> None:
        """Resources are found by name, in no order. The recordings keep three of each list: then here may be more."""
        if not isinstance(here, list):
            self.differences.append(f"{where}: a list was recorded, here {here!r}")
            return
        if self.name == "job" and where.endswith("backupJobs.value"):
            recorded = [job for job in recorded if job["properties"]["operation"] != "Restore"]
        enough = len(here) >= len(recorded) if len(recorded) >= 3 else len(here) == len(recorded)
        if not enough:
            self.differences.append(f"{where}: {len(recorded)} were recorded, here {len(here)}")
            return
        names = {self._name(element): element for element in here}
        for index, element in enumerate(recorded):
            name = self._name(json.loads(self._translated(json.dumps(element))))
            counterpart = names.get(name) if name else here[index]
            self._compare(f"{where}[{name or index}]", element, counterpart, loose=loose, ignored=ignored)

    @staticmethod
    def _name(element: Any) -> str | None:
        return element.get("name") if isinstance(element, dict) and "id" in element else None

    def _compare_text(self, where: str, recorded: str, here: str) -> None:
        ids = GUID.findall(recorded), GUID.findall(here)
        same_ids = len(ids[0]) == len(ids[1]) and all(self._same_id(one, two) for one, two in zip(*ids, strict=True))
        if not same_ids or self._shape(recorded) != self._shape(here):
            self.differences.append(f"{where}: {recorded!r} was recorded, here {here!r}")

    @staticmethod
    def _shape(text: str) -> str:
        """A text without what is the service's own invention."""
        made_up = {"time": TIME, "span": SPAN, "number": NUMBER, "etag": ETAG, "mac": MAC, "suffix": SUFFIX}
        for kind, pattern in made_up.items():
            if pattern.fullmatch(text):
                return f"<{kind}>"
        return GUID.sub("<id>", text)


@pytest.mark.parametrize(
    ("name", "served", "not_served"),
    [
        ("vault", 15, {}),
        ("policy", 47, {"public IPs": 2}),
        ("protection", 33, {"public IPs": 1}),
        ("job", 152, {"public IPs": 1, "recovery points and restore": 10, "storage accounts": 1,
                      "classic storage accounts": 1, "cancelling a restore": 1}),
    ],
)  # fmt: skip
def test_the_box_answers_as_recorded(name: str, served: int, not_served: dict[str, int]) -> None:
    walk = Walk(name)
    walk.run()
    assert walk.differences == []
    assert (walk.served, walk.not_served) == (served, not_served)
