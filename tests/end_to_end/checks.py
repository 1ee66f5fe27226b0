"""A fleet with all that surrounds it, and what `check` tells of it."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, policy, vault, world

ROOT = Path(__file__).parents[2]
GROUP = "AzureBackupRG_japaneast_1"
GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
POINTS = "Microsoft.Compute/restorePointCollections"
AROUND = 3
"""Reads of a check in each subscription: lists of status, locks and resource groups."""
NETWORK = 7 + 1
"""Reads of the network: seven lists in each subscription, and the service tags once."""
LIVE: dict[str, Any] = {"location": "japaneast"}
_SCHEMA = json.loads((ROOT / "schemas" / "check.schema.json").read_text())


def exists(estate: Estate, machines: dict[str, Any], rsv: dict[str, Any] | None = None, **more: Any) -> None:
    """VMs, a vault, and what surrounds them: `groups` beside theirs, `locks` of the subscription, and the world's."""
    groups, locks = more.pop("groups", {}), more.pop("locks", {})
    made = world(machines, {"rsv": rsv or LIVE}, **more)
    subscription = made["subscriptions"][SUBSCRIPTION]
    subscription["resourceGroups"] |= {name: LIVE | entry for name, entry in groups.items()}
    subscription |= {"locks": locks} if locks else {}
    estate.exists(**made)


def declare(estate: Estate, *documents: dict[str, Any]) -> None:
    estate.declare("all", *(documents or (vault(), policy(), assignment())))


def checked(estate: Estate, cli: Cli, status: int) -> Any:
    """The check as JSON; nothing is written by it, and it is as its schema says."""
    estate.forget()
    told = cli("check", *estate.sandboxed, "--format", "json")
    assert told.status == status, told.out + told.err
    assert not estate.writes()
    assert told.json["requests"]["read"] == len(estate.requests())
    Draft7Validator(_SCHEMA).validate(told.json)
    return told.json


def said(found: Any) -> list[tuple[str, str, list[str]]]:
    """(severity, rule, names of the VMs) of each finding."""
    return [(one["severity"], one["rule"], [vm.rpartition("/")[2] for vm in one["vms"]]) for one in found["findings"]]


def text(estate: Estate, cli: Cli) -> str:
    return cli("check", *estate.sandboxed).text
