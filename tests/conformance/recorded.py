"""A server that answers with the bodies of recorded traffic, and speaks no more of ARM than was recorded."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.conftest import WIRE

Body = dict[str, Any]
VAULT_PATH = re.compile(
    r"(/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.recoveryservices/vaults/[^/]+)(.*)"
)


def recording(name: str) -> list[dict[str, Any]]:
    """The exchanges of one recording, in order; the test is skipped where there is none."""
    path = WIRE / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no recorded traffic at {path}; set AZURE_WIRE to a folder that holds it")
    exchanges: list[dict[str, Any]] = json.loads(path.read_text())
    return exchanges


@dataclass
class RecordedEstate:
    """What a recording shows of an estate at one moment: up to and including exchange number `upto`."""

    exchanges: list[dict[str, Any]]
    upto: int
    casing: Callable[[str], str] = str
    seen: list[str] = field(default_factory=list)

    @property
    def vaults(self) -> list[Body]:
        """Every vault whose body was recorded, last body first."""
        found: dict[str, Body] = {}
        for body in self._bodies():
            for one in body.get("value", [body]) if isinstance(body, dict) else []:
                if isinstance(one, dict) and str(one.get("type", "")).casefold() == "microsoft.recoveryservices/vaults":
                    found[one["id"].casefold()] = one
        return list(found.values())

    @property
    def virtual_machines(self) -> list[Body]:
        """Every VM whose body was recorded, and those that items were recorded for."""
        found: dict[str, Body] = {}
        for body in self._bodies():
            if isinstance(body, dict) and body.get("type") == "Microsoft.Compute/virtualMachines":
                found[body["id"].casefold()] = body
        location = self.vaults[0]["location"]
        for vault in self.vaults:
            for item in self.listed(vault["id"], "backupProtectedItems"):
                vm = item["properties"]["sourceResourceId"]
                found.setdefault(vm.casefold(), {"id": vm, "location": location})
        return list(found.values())

    def listed(self, vault_id: str, kind: str) -> list[Body]:
        """The last list of that kind that was recorded for a vault."""
        lists = [
            exchange["response"]["value"]
            for exchange in self.exchanges[: self.upto + 1]
            if exchange["method"] == "GET"
            and exchange["path"].casefold() == f"{vault_id}/{kind}".casefold()
            and exchange["response"]
        ]
        return lists[-1] if lists else []

    def policies(self, vault_id: str) -> list[Body]:
        """The last list of policies; where none was recorded, DefaultPolicy as it was recorded for another vault."""
        listed = self.listed(vault_id, "backupPolicies")
        if listed:
            return listed
        for exchange in self.exchanges:
            body = exchange["response"]
            if isinstance(body, dict) and str(body.get("id", "")).endswith("/backupPolicies/DefaultPolicy"):
                return [{**body, "id": f"{vault_id}/backupPolicies/DefaultPolicy"}]
        return []

    def answer(self, path: str) -> Body | None:
        lowered = path.casefold()
        if lowered.endswith("/providers/microsoft.recoveryservices/vaults"):
            return {"value": self.vaults}
        if lowered.endswith("/providers/microsoft.compute/virtualmachines"):
            return {"value": self.virtual_machines}
        if lowered.endswith("/providers/microsoft.resourcegraph/resources"):
            return {"data": [], "count": 0, "totalRecords": 0, "resultTruncated": "false"}
        match = VAULT_PATH.fullmatch(lowered)
        vault = next((one for one in self.vaults if match and one["id"].casefold() == match[1]), None)
        if match is None or vault is None:
            return None
        lists: Mapping[str, Callable[[], Body]] = {
            "": lambda: vault,
            "/backuppolicies": lambda: {"value": self.policies(vault["id"])},
            "/backupprotecteditems": lambda: {"value": self.listed(vault["id"], "backupProtectedItems")},
        }
        return lists[match[2]]() if match[2] in lists else None

    def _bodies(self) -> Iterator[Any]:
        return (exchange["response"] for exchange in self.exchanges[: self.upto + 1])


@contextmanager
def serving(estate: RecordedEstate) -> Iterator[str]:
    """The estate at an address of its own, managed identity included; yields the address."""

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/token":
            return web.json_response(
                {"access_token": "secret", "expires_on": "4102444800", "resource": "x", "token_type": "Bearer"}
            )
        estate.seen.append(f"{request.method} {request.path}")
        assert request.headers["Authorization"] == "Bearer secret"
        body = estate.answer(request.path)
        if body is None:
            return web.json_response({"error": {"code": "NotRecorded", "message": request.path}}, status=404)
        return web.Response(text=estate.casing(json.dumps(body)), content_type="application/json")

    address: list[str] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def start() -> None:
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        ready.set()
        await stopping.wait()
        await runner.cleanup()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    stopping = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(start()))
    thread.start()
    ready.wait()
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()
