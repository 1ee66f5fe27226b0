"""A service to ask: the core over a small world, and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from backup_reconciler.sandbox.core import Request, Response, handle
from backup_reconciler.sandbox.state import State, new_state
from backup_reconciler.sandbox.world_file import parse_world
from tests.conftest import daily_policy

if TYPE_CHECKING:
    from collections.abc import Callable

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
BACKUP_API = "2026-10-01"


@dataclass
class Service:
    """The core, as one caller sees it. Paths are relative to the resource group `rg`."""

    state: State
    now: datetime
    api: str = BACKUP_API
    subscription: str = SUBSCRIPTION
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def group(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/rg"

    def vault(self, name: str = "rsv") -> str:
        return f"{self.group}/providers/Microsoft.RecoveryServices/vaults/{name}"

    def vm(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.Compute/virtualMachines/{name}"

    def network(self, path: str = "") -> str:
        return f"{self.group}/providers/Microsoft.Network/{path}"

    def item(self, vm: str, vault: str = "rsv") -> str:
        return (
            f"{self.vault(vault)}/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;{vm}"
            f"/protectedItems/vm;iaasvmcontainerv2;rg;{vm}"
        )

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> Response:
        asked = {"api-version": self.api, **{f"${key}": value for key, value in query.items()}}
        if "?" in path:
            path, _, rest = path.partition("?")
            asked |= dict(pair.split("=", 1) for pair in rest.split("&"))
        request = Request(method, path, asked, self.headers, body, "http://box")
        return handle(self.state.estate, request, self.now, self.state.rng)

    def get(self, path: str, status: int = 200, **query: str) -> Any:
        response = self.ask("GET", path, **query)
        assert response.status == status, response
        return response.body

    def put(self, path: str, body: Any, status: int = 200) -> Response:
        response = self.ask("PUT", path, body)
        assert response.status == status, response
        return response

    def refused(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, str]:
        response = self.ask(method, path, body, **query)
        assert response.status >= 400, response
        return response.status, response.body["error"]["code"]

    def names(self, path: str, **query: str) -> list[str]:
        return [one["name"] for one in self.get(path, **query)["value"]]

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def configure(self, vm: str, policy: str = "DefaultPolicy", vault: str = "rsv") -> dict[str, Any]:
        """The body that protects a VM."""
        return {
            "properties": {
                "protectedItemType": "Microsoft.Compute/virtualMachines",
                "sourceResourceId": self.vm(vm),
                "policyId": f"{self.vault(vault)}/backupPolicies/{policy}",
            }
        }

    def protect(self, vm: str, policy: str = "DefaultPolicy", vault: str = "rsv") -> None:
        self.put(self.item(vm, vault), self.configure(vm, policy, vault), 202)
        self.later(32)

    def properties(self, vm: str, vault: str = "rsv") -> dict[str, Any]:
        found: dict[str, Any] = self.get(self.item(vm, vault))["properties"]
        return found

    def jobs(self, vault: str = "rsv") -> list[dict[str, Any]]:
        return [job["properties"] for job in self.get(f"{self.vault(vault)}/backupJobs")["value"]]


def small_world(**more: Any) -> dict[str, Any]:
    """Two vaults in one region; VMs a, b, c there, `far` elsewhere, `broken` that cannot be protected."""
    here = {"location": "japaneast"}
    broken = {"code": "UserErrorGuestAgentStatusUnavailable", "message": "The agent does not answer."}
    return {
        "kind": "World",
        "subscriptions": {
            SUBSCRIPTION: {
                "resourceGroups": {
                    "rg": {
                        "virtualMachines": {
                            "a": {**here, "tags": {"env": "prod"}},
                            "b": here,
                            "c": {**here, "os": "Windows", "power": "deallocated"},
                            "far": {"location": "westeurope"},
                            "broken": {**here, "configureFails": broken},
                        },
                        "vaults": {"rsv": here, "rsv2": here},
                    }
                }
            }
        },
        **more,
    }


@pytest.fixture
def world() -> Callable[..., dict[str, Any]]:
    return small_world


@pytest.fixture
def open_service() -> Callable[..., Service]:
    """A service over the small world, changed at its top level as told."""

    def opened(**more: Any) -> Service:
        described = parse_world(small_world(**more))
        state = new_state(described)
        return Service(state, state.clock)

    return opened


@pytest.fixture
def open_group() -> Callable[..., Service]:
    """A service over one group in japaneast that holds what is told, asked as clients of the network ask."""

    def opened(top: dict[str, Any] | None = None, **group: Any) -> Service:
        described = parse_world(
            {
                "kind": "World",
                "subscriptions": {SUBSCRIPTION: {"resourceGroups": {"rg": {"location": "japaneast", **group}}}},
                **(top or {}),
            }
        )
        state = new_state(described)
        return Service(state, state.clock, api="2024-05-01")

    return opened


@pytest.fixture
def service(open_service: Callable[..., Service]) -> Service:
    return open_service()


@pytest.fixture
def founded(open_service: Callable[..., Service]) -> Callable[..., Service]:
    """A service in which VM `a` is protected by policy `mine`, and in which, from then on, a fault meets everything."""

    def opened(**fault: Any) -> Service:
        service = open_service(
            schedules=False, faults=[{"path": "*", "from": "2026-11-23T09:00:00Z", **fault}] if fault else []
        )
        for name in ("mine", "unused"):
            service.put(f"{service.vault()}/backupPolicies/{name}", {"properties": daily_policy(30)})
        service.protect("a", "mine")
        service.now = service.state.clock + timedelta(hours=1)
        service.get(service.vault())
        return service

    return opened
