"""Codec of service tags: ARM JSON → ServiceTags."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.state.network.service_tags import ServiceTags


def get_request(subscription: str, location: str) -> ArmRequest:
    """All tags of the cloud: which region is asked decides over nothing but the version of the answer.

    Source: Service Tags - List, Azure REST API reference.
    """
    path = f"/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/serviceTags"
    return get(path, Api.NETWORK)


def decode(arm: Mapping[str, Any]) -> ServiceTags:
    tags = arm["values"]
    return ServiceTags({one["name"].casefold(): fields.ipv4(_prefixes(one)) for one in tags})


def _prefixes(tag: Mapping[str, Any]) -> tuple[str, ...]:
    return fields.texts(fields.properties(tag).get("addressPrefixes"))
