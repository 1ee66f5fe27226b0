"""What is pinned to the SDK stays what the SDK has; and its pipeline does nothing by itself."""

import asyncio
import inspect
import pkgutil
import re

import pytest
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline.policies import AsyncRetryPolicy
from azure.mgmt.core.policies import AsyncARMAutoResourceProviderRegistrationPolicy

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.clients import Clients, default_credential
from backup_reconciler.azure.cloud import EndpointError, cloud

CONFIGURATIONS = {
    Api.VAULTS: "azure.mgmt.recoveryservices._configuration",
    Api.BACKUP: "azure.mgmt.recoveryservicesbackup._configuration",
    Api.COMPUTE: "azure.mgmt.compute.operations._operations.build_virtual_machines_list_all_request",
    Api.NETWORK: "azure.mgmt.network.operations._operations.build_network_interfaces_list_all_request",
    Api.GRAPH: "azure.mgmt.resourcegraph._configuration",
}


@pytest.mark.parametrize("api", CONFIGURATIONS, ids=lambda api: api.name)
def test_versions_are_the_defaults_of_the_pinned_sdk(api: Api) -> None:
    source = inspect.getsource(pkgutil.resolve_name(CONFIGURATIONS[api]))
    defaults = re.findall(r'kwargs\.pop\("api_version",[^"]*(?:"api-version", )?"(\d{4}-\d\d-\d\d)"', source)
    assert set(defaults) == {api.value}


def test_the_pipeline_neither_retries_nor_registers_providers() -> None:
    async def policies() -> set[type]:
        where = cloud("public")
        async with Clients(where, default_credential(where)) as clients:
            found = set()
            for api in Api:
                for policy in clients._client(api)._client._pipeline._impl_policies:
                    found.add(type(policy))
            return found

    kinds = asyncio.run(policies())
    assert kinds
    assert not kinds & {AsyncRetryPolicy, AsyncARMAutoResourceProviderRegistrationPolicy}


def test_the_credential_is_azure_identitys_own() -> None:
    async def close(credential: AsyncTokenCredential) -> None:
        await credential.close()

    credential = default_credential(cloud("usgov"))
    assert type(credential).__module__.startswith("azure.identity.aio")
    asyncio.run(close(credential))


@pytest.mark.parametrize(
    ("name", "endpoint", "scope"),
    [
        ("public", "https://management.azure.com", "https://management.azure.com/.default"),
        ("usgov", "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net/.default"),
        ("china", "https://management.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default"),
    ],
)
def test_clouds(name: str, endpoint: str, scope: str) -> None:
    found = cloud(name)
    assert (found.endpoint, found.scopes, found.loopback) == (endpoint, (scope,), False)


def test_at_another_endpoint_the_token_is_good_for_that_endpoint_alone() -> None:
    assert cloud("public", "https://arm.example/").scopes == ("https://arm.example/.default",)


@pytest.mark.parametrize("endpoint", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])
def test_plain_http_to_loopback(endpoint: str) -> None:
    assert cloud("public", endpoint).loopback


@pytest.mark.parametrize(
    "endpoint", ["http://10.0.0.1", "http://localhost.example.com", "https:///x", "x", "https://a?b"]
)
def test_other_addresses_are_refused(endpoint: str) -> None:
    with pytest.raises(EndpointError):
        cloud("public", endpoint)
