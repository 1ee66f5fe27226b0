"""Service tags: the names that rules may use for Azure's own services, and the addresses behind them.

The names are Azure's. The addresses are not: the real ones change weekly and mean something to real networks, so they
are cut out of 198.18.0.0/15, which no network routes (RFC 2544). Each service has its 2,048 addresses, each region of a
regional service 32 of them.
"""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold, name_guid
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

VIRTUAL = {"virtualnetwork", "internet", "azureloadbalancer"}
"""Tags whose meaning depends on who asks: the list has none of them (Learn: service-tags-overview)."""

_CLOUD = IPv4Network("198.18.0.0/15")
_REGIONS = (
    "AustraliaCentral", "AustraliaEast", "AustraliaSoutheast", "BrazilSouth", "CanadaCentral", "CanadaEast",
    "CentralIndia", "CentralUS", "EastAsia", "EastUS", "EastUS2", "EastUS2EUAP", "FranceCentral", "GermanyWestCentral",
    "IsraelCentral", "ItalyNorth", "JapanEast", "JapanWest", "KoreaCentral", "KoreaSouth", "MexicoCentral",
    "NewZealandNorth", "NorthCentralUS", "NorthEurope", "NorwayEast", "PolandCentral", "QatarCentral",
    "SouthAfricaNorth", "SouthCentralUS", "SouthIndia", "SoutheastAsia", "SpainCentral", "SwedenCentral",
    "SwitzerlandNorth", "UAENorth", "UKSouth", "UKWest", "WestCentralUS", "WestEurope", "WestIndia", "WestUS",
    "WestUS2", "WestUS3",
)  # fmt: skip
_SERVICES = {
    # Whether a tag can be cut down to a region, in the tags' own order of the alphabet (Learn: service-tags-overview).
    "AppService": True,
    "AzureActiveDirectory": False,
    "AzureArcInfrastructure": False,
    "AzureBackup": False,
    "AzureContainerRegistry": True,
    "AzureCosmosDB": True,
    "AzureFrontDoor.FirstParty": False,
    "AzureKeyVault": True,
    "AzureMonitor": False,
    "AzureResourceManager": False,
    "AzureSiteRecovery": False,
    "AzureUpdateDelivery": False,
    "EventHub": True,
    "GuestAndHybridManagement": False,
    "MicrosoftContainerRegistry": True,
    "MicrosoftDefenderForEndpoint": False,
    "ServiceBus": True,
    "Sql": True,
    "Storage": True,
    "WindowsVirtualDesktop": False,
}


@cache
def _table() -> dict[str, tuple[str, str, str, tuple[str, ...]]]:
    """By folded name: the name, its region, its service, its prefixes."""
    table: dict[str, tuple[str, str, str, tuple[str, ...]]] = {"azurecloud": ("AzureCloud", "", "", (str(_CLOUD),))}
    blocks = _CLOUD.subnets(new_prefix=21)
    for (service, regional), block in zip(_SERVICES.items(), blocks, strict=False):
        table[fold(service)] = (service, "", service, (str(block),))
        for region, part in zip(_REGIONS, block.subnets(new_prefix=27), strict=False) if regional else ():
            table[fold(f"{service}.{region}")] = (f"{service}.{region}", fold(region), service, (str(part),))
    return table


def is_tag(text: str) -> bool:
    """Whether a rule may name it."""
    return fold(text) in VIRTUAL or fold(text) in _table()


def prefixes(tag: str) -> tuple[str, ...]:
    """The addresses behind a tag; none where it is no tag of the list."""
    entry = _table().get(fold(tag))
    return entry[3] if entry else ()


def regional(service: str, location: str) -> str:
    """A service's tag for a region; the service's own where the region is not in the table."""
    tag = f"{service}.{normal_location(location)}"
    return tag if is_tag(tag) else service


def list_tags(call: Call) -> Response:
    """All tags, for any location that is one (SDK: the location only says which numbering of changes is meant)."""
    location = normal_location(call.names["location"])
    if location not in {fold(region) for region in _REGIONS}:
        raise NetworkRefused(400, "InvalidLocation", f"The location '{call.names['location']}' is not valid.")
    subscription = call.subscription.id
    path = f"/subscriptions/{subscription}/providers/Microsoft.Network/serviceTags"
    change = name_guid("service tags", str(call.now.date()))
    values = [_value(path, *entry) for entry in _table().values()]
    body: Json = {
        "name": "Public",
        "id": f"{path}/Public",
        "type": "Microsoft.Network/serviceTags",
        "changeNumber": change,
        "cloud": "Public",
        "values": values,
    }
    return Response(200, body)


def _value(path: str, name: str, region: str, service: str, addresses: tuple[str, ...]) -> Json:
    return {
        "name": name,
        "id": f"{path}/{name}",
        "serviceChangeNumber": "1",
        "properties": {
            "changeNumber": "1",
            "region": region,
            "state": "GA",
            "networkFeatures": ["API", "NSG", "UDR", "FW"],
            "systemService": service,
            "addressPrefixes": list(addresses),
        },
    }


ROUTES = (Route("GET", f"{SUBSCRIPTION}/providers/Microsoft.Network/locations/{{location}}/serviceTags", list_tags),)
