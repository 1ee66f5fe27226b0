"""Sending what our checks would have stopped: the body that our codec makes of a declaration, over plain HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp

from backup_reconciler import sandbox
from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import policy, protection, vault
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.vault import VaultSpec
from tests.conftest import SUBSCRIPTION, Estate
from tests.end_to_end.service_rules.case import CaseFile, Request

USUAL_VAULT = vault_id(SUBSCRIPTION, "rg-backup", "rsv")


class Answered(NamedTuple):
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The code of a refusal; empty for what was taken."""
        return str(self.body["error"]["code"]) if self.status >= 400 else ""


class Caller:
    """Somebody who asks ARM without any client of ours."""

    def __init__(self, http: aiohttp.ClientSession, endpoint: str) -> None:
        self._http = http
        self._endpoint = endpoint

    async def send(self, request: ArmRequest) -> Answered:
        async with self._http.request(
            request.method, f"{self._endpoint}{request.target}", json=request.body
        ) as response:
            return Answered(response.status, await response.json(content_type=None) if await response.read() else None)

    async def get(self, resource: ArmRequest) -> Answered:
        """The resource that a request is about, as it is."""
        return await self.send(ArmRequest("GET", resource.path, resource.api))


@asynccontextmanager
async def calling(estate: Estate) -> AsyncIterator[Caller]:
    """Open the box of an estate to a caller who has its token."""
    async with sandbox.open_box(estate.world) as box, aiohttp.ClientSession() as anonymous:
        given = box.environment()
        asked = {"api-version": "2019-08-01", "resource": "https://management.azure.com"}
        who = {"X-IDENTITY-HEADER": given["IDENTITY_HEADER"]}
        async with anonymous.get(given["IDENTITY_ENDPOINT"], params=asked, headers=who) as response:
            token = (await response.json())["access_token"]
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
            yield Caller(http, box.endpoint)


def stated(request: Request) -> ArmRequest:
    """A request as a case states it."""
    path = request.path.format(vault=USUAL_VAULT.text)
    below = path.partition("/vaults/")[2].partition("/")[2]
    return ArmRequest(request.method, path, Api.BACKUP if below else Api.VAULTS, body=request.body)


async def declared(kind: str, file: CaseFile, caller: Caller) -> ArmRequest:
    """The request for the first declaration of a kind, whatever the rules say of it."""
    document = next(document for document in file.documents() if document["kind"] == kind)
    handle, spec = document["metadata"]["name"], document["spec"]
    match kind:
        case "BackupPolicy":
            return await _policy(BackupPolicySpec.model_validate(spec), handle, caller)
        case "Vault":
            return await _vault(VaultSpec.model_validate(spec), handle, caller)
        case _:
            return _protection(spec)


async def _policy(spec: BackupPolicySpec, handle: str, caller: Caller) -> ArmRequest:
    id_ = policy_id(USUAL_VAULT, spec.azure_name(handle))
    if spec.is_absent():
        return policy.delete_request(id_)
    live = await caller.send(policy.get_request(id_))
    known = live.status == 200 and policy.is_for_vms(live.body)
    return policy.put_request(id_, spec.settings(), spec.tier, live.body if known else None)


async def _vault(spec: VaultSpec, handle: str, caller: Caller) -> ArmRequest:
    id_ = spec.vault_id(handle)
    if spec.state == "absent":
        return vault.delete_request(id_)
    live = await caller.send(vault.get_request(id_))
    if live.status == 200:
        return vault.update_request(id_, spec.settings(), live.body)
    return vault.create_request(id_, spec.settings())


def _protection(spec: Mapping[str, Any]) -> ArmRequest:
    """Of the first VM that an assignment names."""
    vm = ArmId(spec["select"]["ids"][0])
    item = protection.item_id(USUAL_VAULT, vm)
    match spec.get("protection", "active"):
        case "deleted":
            return protection.delete_request(item)
        case "stopped":
            return protection.stop_request(item, vm)
        case _:
            return protection.bind_request(item, vm, policy_id(USUAL_VAULT, spec["policy"]))
