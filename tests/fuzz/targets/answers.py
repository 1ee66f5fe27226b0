"""What Azure answers: anything that can come over the wire is read, or is `AzureError`."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import (
    backup_status,
    guard,
    job,
    lock,
    machine,
    policy,
    policy_restrictions,
    protection,
    resource_group,
    run_command,
    storage_config,
    vault,
    vm,
    vm_status,
)
from backup_reconciler.azure.codec.network import (
    firewall,
    firewall_policy,
    interface,
    load_balancer,
    private_endpoint,
    route_table,
    security_group,
    service_tags,
    virtual_network,
)
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import get
from backup_reconciler.report.model.report import About
from backup_reconciler.spec.arm_id import vault_id
from tests.fuzz.example import answers, report_on, snapshot_of
from tests.fuzz.looks import in_every_format
from tests.fuzz.target import Target
from tests.unit.fakes import Answer, in_turn, road

_LIVE_VAULT = vault.decode({"id": vault_id("s", "rg", "rsv").text, "location": "japaneast"})
CODECS: tuple[Callable[[Any], object], ...] = (
    backup_status.decode,
    firewall.decode,
    firewall_policy.decode,
    firewall_policy.decode_group,
    guard.decode,
    interface.decode,
    job.decode,
    load_balancer.outbound_pools,
    lock.decode,
    lambda arm: machine.decode(arm, {}),
    lambda arm: machine.decode({"id": "/subscriptions/s"}, arm),
    policy.decode,
    policy_restrictions.decode,
    private_endpoint.decode,
    protection.decode,
    resource_group.decode,
    route_table.decode,
    run_command.decode,
    security_group.decode,
    service_tags.decode,
    lambda arm: storage_config.completed(_LIVE_VAULT, arm),
    vault.decode,
    virtual_network.decode,
    vm.decode,
    vm_status.decode,
)


def _exchange(data: bytes) -> None:
    """One answer, its status and headers included, as a list and as one resource; and of each codec what it makes."""
    head, newline, body = data.partition(b"\n")
    head, body = (head, body) if newline else (b"200", head)
    status, *headers = head.decode("latin-1").split("\t")
    answer = Answer(_status(status), body, dict(zip(_HEADERS, headers, strict=False)))
    for ask in (_list, _send):
        try:
            found = ask(answer)
        except AzureError as error:
            _assert_told(error)
            continue
        for decode in CODECS:
            _decode(decode, found)


def _status(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 3 else 200


_LOOKED_AT = 100
"""Resources of a list that each codec reads: there are 25 codecs, of which a run uses one."""
_HEADERS = ("Retry-After", "x-ms-user-quota-remaining", "x-ms-user-quota-resets-after", "x-ms-request-id")


def _list(answer: Answer) -> Any:
    arm, _, _ = road(in_turn(answer))
    return asyncio.run(arm.list(get("/subscriptions/s", Api.VAULTS)))


def _send(answer: Answer) -> Any:
    arm, _, _ = road(in_turn(answer))
    return asyncio.run(arm.send(get("/subscriptions/s", Api.VAULTS))).body


def _decode(decode: Callable[[Mapping[str, Any]], object], found: Any) -> None:
    for one in found[:_LOOKED_AT] if isinstance(found, list) else [found]:
        try:
            read(decode, one)
        except AzureError as error:
            _assert_told(error)


def _estate(data: bytes) -> None:
    """All answers of a run at once, by path: they are read, planned and reported in each format, or `AzureError`."""
    try:
        answered = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(answered, dict):
        return
    try:
        snapshot = snapshot_of(answered)
    except AzureError as error:
        _assert_told(error)
        return
    for about in About:
        in_every_format(report_on(snapshot, about))


def _assert_told(error: AzureError) -> None:
    """In one line, which the log can write."""
    assert "\n" not in str(error)
    str(error).encode()


def _holder(data: bytes) -> None:
    """The metadata of the blob that is the lock, which anybody may write who may write the blob."""
    pairs = (line.partition("=") for line in data.decode("latin-1").splitlines())
    told = Holder.told({name: value for name, _, value in pairs})
    if told is not None:
        assert str(told).isprintable()


def _metadata() -> list[bytes]:
    return [b"lockedby=ada\nlockedfrom=https%3A%2F%2Fx\nlockedsince=2026-11-23T09:00:00+00:00"]


def _exchanges() -> list[bytes]:
    bodies = [one for body in answers().values() if isinstance(body, dict) for one in (body, *body.get("value", ()))]
    return [b"200\n" + json.dumps(body).encode() for body in bodies] + [
        b"429\t7\n" + json.dumps({"error": {"code": "TooMany", "message": "try again after '3' seconds"}}).encode(),
        b"200\t\t0\t00:00:05\tid\n" + json.dumps({"value": []}).encode(),
    ]


ANSWERS = Target("answers", "json", _exchange, _exchanges)
ESTATES = Target("estates", "json", _estate, lambda: [json.dumps(answers()).encode()])
METADATA = Target(
    "lock-metadata",
    "text",
    _holder,
    _metadata,
)
