"""The azure-mgmt clients, each with a pipeline that retries nothing and changes nothing by itself."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from aiohttp import (
    ClientConnectionError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    DummyCookieJar,
    ServerDisconnectedError,
)
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline.policies import HeadersPolicy, UserAgentPolicy
from azure.core.pipeline.transport import AioHttpTransport, AsyncHttpTransport
from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.compute.aio import ComputeManagementClient
from azure.mgmt.core.policies import AsyncARMChallengeAuthenticationPolicy
from azure.mgmt.recoveryservices.aio import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup.aio import RecoveryServicesBackupClient

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.cloud import Cloud
from backup_reconciler.azure.request import ArmRequest

if TYPE_CHECKING:
    from azure.mgmt.network.aio import NetworkManagementClient

Client: TypeAlias = (
    "RecoveryServicesClient | RecoveryServicesBackupClient | ComputeManagementClient | NetworkManagementClient"
)
Transport: TypeAlias = AsyncHttpTransport[HttpRequest, AsyncHttpResponse]


def _network_client() -> "type[NetworkManagementClient]":
    """Loaded when it is needed, which is seldom: it takes 0.3 s and 43 MB (measured)."""
    from azure.mgmt.network.aio import NetworkManagementClient  # noqa: PLC0415

    return NetworkManagementClient


_CLIENT_OF: Mapping[Api, Callable[[], "type[Client]"]] = {
    Api.BACKUP: lambda: RecoveryServicesBackupClient,
    Api.COMPUTE: lambda: ComputeManagementClient,
    Api.NETWORK: _network_client,
}
"""The client of each group of operations. The Resource Graph client has no public send_request, and the rest needs no
client of its own: the pipeline is the same in all of them, so that of vaults serves for it."""


class Clients:
    """The SDK's clients over one credential and one transport.

    The pipeline is the SDK's own, less two policies. Its retry policy would send a POST again after a 503, and a second
    "back up now" is a second backup. Its registration policy would register a resource provider with the subscription,
    which is a write that no plan has shown.
    """

    def __init__(self, cloud: Cloud, credential: AsyncTokenCredential, transport: Transport | None = None) -> None:
        self._cloud = cloud
        self._transport = transport or default_transport()
        self._credential = credential
        policies = [
            HeadersPolicy({"Accept": "application/json"}),
            UserAgentPolicy("backup-reconciler"),
            AsyncARMChallengeAuthenticationPolicy(credential, *cloud.scopes),
        ]
        self._common: dict[str, Any] = {"base_url": cloud.endpoint, "transport": self._transport, "policies": policies}
        self._clients: dict[Api, Client] = {}

    @property
    def endpoint(self) -> str:
        return self._cloud.endpoint

    async def send(self, request: ArmRequest, client_request_id: str) -> AsyncHttpResponse:
        """Send once, under an id by which Azure's support finds it.

        azure-core puts no token on plain http unless it is told to; it is told so for loopback only.
        """
        options = {"enforce_https": False} if self._cloud.loopback else {}
        headers = {"x-ms-client-request-id": client_request_id}
        if request.etag:
            headers["If-Match"] = request.etag
        http = HttpRequest(request.method, self._cloud.endpoint + request.target, json=request.body, headers=headers)
        response: AsyncHttpResponse = await self._client(request.api).send_request(http, **options)
        return response

    def _client(self, api: Api) -> "Client":
        if api not in self._clients:
            kind = _CLIENT_OF.get(api, lambda: RecoveryServicesClient)()
            self._clients[api] = kind(self._credential, "not-used-by-send-request", **self._common)
        return self._clients[api]

    async def __aenter__(self) -> Self:
        await self._transport.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()
        await self._credential.close()


def default_transport() -> Transport:
    """The SDK's own transport, over an aiohttp that does not send a GET, PUT or DELETE again when it is cut off."""
    session = ClientSession(
        trust_env=True, cookie_jar=DummyCookieJar(), auto_decompress=False, middlewares=(_send_once,)
    )
    transport: Transport = AioHttpTransport(session=session)
    return transport


async def _send_once(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    """Tell a cut connection as an error that aiohttp does not answer by sending again."""
    try:
        return await send(request)
    except (ClientOSError, ServerDisconnectedError) as error:
        raise ClientConnectionError(str(error) or "the connection was cut") from error


def default_credential(cloud: Cloud) -> AsyncTokenCredential:
    """azure-identity's own chain, and nothing of ours: environment, workload or managed identity, developer tools."""
    return DefaultAzureCredential(authority=cloud.authority)
