"""The Azure SDK's own pipeline and poller against the network of an open box, over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RequestIdPolicy
from azure.core.polling import LROPoller
from azure.core.rest import HttpRequest
from azure.identity import DefaultAzureCredential
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.polling.arm_polling import ARMPolling

from backup_reconciler.sandbox import open_box

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

S = "11111111-1111-1111-1111-111111111111"
NETWORK = f"/subscriptions/{S}/resourceGroups/rg/providers/Microsoft.Network"
WORLD = f"""
kind: World
pageSize: 2
subscriptions:
  {S}:
    resourceGroups:
      rg:
        location: japaneast
        virtualMachines:
          a: {{location: japaneast}}
          b: {{location: japaneast}}
          c: {{location: japaneast}}
"""
RULE = {
    "properties": {
        "protocol": "Tcp",
        "access": "Allow",
        "direction": "Outbound",
        "priority": 200,
        "sourceAddressPrefix": "VirtualNetwork",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "AzureBackup",
        "destinationPortRange": "443",
    }
}


class Polling(ARMPolling):
    """The SDK's, but that it takes no notice of how long the box asks it to wait: the box's time goes by faster."""

    def _extract_delay(self) -> float:
        return 0.01


class Client:
    """The pipeline and the poller that azure-mgmt-network is made of."""

    def __init__(self, endpoint: str) -> None:
        self.credential = DefaultAzureCredential()
        token = BearerTokenCredentialPolicy(self.credential, "https://management.azure.com/.default")
        self._pipeline: Any = ARMPipelineClient(endpoint, policies=[RequestIdPolicy(), token])

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipeline.close()
        self.credential.close()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        url = path if path.startswith("http") else self._pipeline.format_url(path)
        params = {} if "api-version=" in url else {"api-version": "2024-05-01"}
        request = HttpRequest(method, url, params=params, json=body)
        context = self._pipeline._pipeline.run(request, enforce_https=False)
        if context.http_response.status_code >= 400:
            raise HttpResponseError(response=context.http_response)
        return context

    def get(self, path: str) -> Any:
        return self.send("GET", path).http_response.json()

    def listed(self, path: str) -> Iterator[str]:
        page = self.get(path)
        yield from (one["name"] for one in page["value"])
        if "nextLink" in page:
            yield from self.listed(page["nextLink"])

    def waited(self, method: str, path: str, body: Any = None) -> Any:
        """A long-running write, followed by the SDK's poller to its end."""
        first = self.send(method, path, body)

        def result(context: Any) -> Any:
            return context.http_response.json() if context.http_response.text() else None

        polling = Polling(enforce_https=False)
        return LROPoller(self._pipeline, first, result, polling).result(60)


def work(client: Client) -> None:
    assert list(client.listed(f"{NETWORK}/networkSecurityGroups")) == ["aNSG", "bNSG", "cNSG"]
    path = f"{NETWORK}/networkSecurityGroups/aNSG/securityRules/backup"
    made = client.waited("PUT", path, RULE)
    assert made["properties"]["provisioningState"] == "Succeeded"
    assert made == client.get(path)
    with pytest.raises(HttpResponseError) as raised:
        client.waited("PUT", f"{path}2", RULE)
    assert raised.value.error is not None
    assert raised.value.error.code == "SecurityRuleConflict"
    client.waited("DELETE", path)
    with pytest.raises(HttpResponseError, match="not found"):
        client.get(path)


def test_rules_are_written_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = tmp_path / "network.world.yaml"
    world.write_text(WORLD)

    def visit(endpoint: str) -> None:
        with Client(endpoint) as client:
            work(client)

    async def run() -> None:
        async with open_box(world, pace=600) as box:
            for name, value in box.environment().items():
                monkeypatch.setenv(name, value)
            await asyncio.to_thread(visit, box.environment()["BACKUP_RECONCILER_ARM_ENDPOINT"])

    asyncio.run(run())
