"""Clouds: where Azure Resource Manager is, and which token it takes."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from azure.core import AzureClouds
from azure.identity import AzureAuthorityHosts
from azure.mgmt.core.tools import get_arm_endpoints

_CLOUDS = {
    "public": (AzureClouds.AZURE_PUBLIC_CLOUD, AzureAuthorityHosts.AZURE_PUBLIC_CLOUD),
    "usgov": (AzureClouds.AZURE_US_GOVERNMENT, AzureAuthorityHosts.AZURE_GOVERNMENT),
    "china": (AzureClouds.AZURE_CHINA_CLOUD, AzureAuthorityHosts.AZURE_CHINA),
}
CLOUDS = tuple(_CLOUDS)
_WRITTEN = re.compile(r"https?://[^?#\\\x00-\x20\x7f-\U0010ffff]+", re.ASCII | re.IGNORECASE)
"""Without the spaces and control characters that urlsplit would pass over."""


class EndpointError(Exception):
    """The address of Azure Resource Manager cannot be used."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """An Azure Resource Manager endpoint, the scopes of its tokens and the authority that issues them."""

    endpoint: str
    scopes: tuple[str, ...]
    authority: str

    @property
    def loopback(self) -> bool:
        return _is_loopback(urlsplit(self.endpoint).hostname or "")


def cloud(name: str, endpoint: str | None = None) -> Cloud:
    """A cloud by name, or the same at another endpoint.

    At another endpoint the token's audience is that endpoint: a token that is good for Azure itself is never sent to
    a host that is not Azure's. Plain http is for loopback only, because a token would travel in the clear.
    """
    setting, authority = _CLOUDS[name]
    known = get_arm_endpoints(setting)
    if endpoint is None:
        return Cloud(known["resource_manager"].rstrip("/"), tuple(known["credential_scopes"]), authority)
    endpoint = endpoint.rstrip("/")
    if "@" in endpoint:  # not repeated: a password may stand before it
        raise EndpointError("the address of Azure Resource Manager has a name or a password in it; write https://host")
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise EndpointError(f"{endpoint!r} is not an address: {error}; write https://host") from error
    if not _WRITTEN.fullmatch(endpoint) or not parts.hostname or port == 0:
        raise EndpointError(f"{endpoint!r} is not an address of Azure Resource Manager; write https://host")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise EndpointError(f"{endpoint} is plain http, which is for loopback only; use https")
    return Cloud(endpoint, (f"{endpoint}/.default",), authority)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
