"""What a client asks before it manages anything: the cloud, its tenants, its subscriptions, its providers."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from backup_reconciler.sandbox.core import Request, anonymous, providers
from backup_reconciler.sandbox.core.estate import OBJECT_ID, TENANT_ID
from backup_reconciler.sandbox.identity import ManagedIdentity

CLOUD = "/metadata/endpoints"


def test_a_cloud_names_nobody_but_itself(service):
    cloud = service.get(CLOUD)
    assert cloud["resourceManager"] == cloud["authentication"]["loginEndpoint"] == "http://box/"
    assert cloud["authentication"]["audiences"] == ["http://box/"]
    assert cloud["authentication"]["tenant"] == TENANT_ID
    assert (cloud["name"], cloud["suffixes"]) == ("AzureSandbox", {})


@pytest.mark.parametrize(
    ("method", "path", "open_to_all"),
    [
        ("GET", CLOUD, True),
        ("GET", "/Metadata/Endpoints", True),
        ("POST", CLOUD, False),
        ("GET", "/subscriptions", False),
        ("GET", "/tenants", False),
        ("GET", "/nowhere", False),
    ],
)
def test_only_the_cloud_s_description_needs_no_token(method, path, open_to_all):
    assert anonymous(Request(method, path)) is open_to_all


def test_subscriptions_belong_to_the_one_tenant(service):
    (tenant,) = service.get("/tenants")["value"]
    assert (tenant["tenantId"], tenant["id"]) == (TENANT_ID, f"/tenants/{TENANT_ID}")
    (listed,) = service.get("/subscriptions")["value"]
    assert listed["tenantId"] == TENANT_ID
    assert listed["managedByTenants"] == []
    assert service.get(f"/subscriptions/{service.subscription}") == listed


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("tagName eq 'ENV'", ["rg"]),
        ("tagname eq 'env' and tagvalue eq 'prod'", ["rg"]),
        ("tagname eq 'env' and tagvalue eq 'Prod'", []),
        ("tagname eq 'owner'", []),
    ],
)
def test_groups_are_found_by_their_tags(service, condition, found):
    service.state.estate.groups()[0].tags["env"] = "prod"
    place = f"/subscriptions/{service.subscription}/resourceGroups"
    assert service.names(place, filter=condition) == found
    assert service.refused("GET", place, filter="colour eq 'red'") == (400, "InvalidFilterInQueryString")


def test_providers_are_registered_and_name_their_types(service):
    place = f"/subscriptions/{service.subscription}/providers"
    listed = service.get(place)["value"]
    assert "Microsoft.RecoveryServices" in {each["namespace"] for each in listed}
    shown = service.get(f"{place}/microsoft.recoveryservices")
    assert shown["registrationState"] == "Registered"
    assert shown in listed
    (vaults,) = [each for each in shown["resourceTypes"] if each["resourceType"] == "vaults"]
    assert vaults["apiVersions"] == sorted(vaults["apiVersions"], reverse=True)
    assert service.ask("POST", f"{place}/Microsoft.Compute/register").body["registrationState"] == "Registered"
    assert service.refused("GET", f"{place}/Microsoft.Nothing") == (404, "InvalidResourceNamespace")


def test_every_provider_that_answers_is_listed(service):
    answering = {
        route.path.rpartition("/providers/")[2].partition("/")[0]
        for route in providers.routes()
        if "/providers/Microsoft." in route.path
    }
    place = f"/subscriptions/{service.subscription}/providers"
    assert {each["namespace"] for each in service.get(place)["value"]} == answering | {"Microsoft.Resources"}


def test_identities_are_of_the_one_tenant(service):
    given = service.ask("PATCH", service.vault(), {"identity": {"type": "SystemAssigned"}})
    assert given.status < 300, given
    assert service.get(service.vault())["identity"]["tenantId"] == TENANT_ID


def claims(token: str) -> dict[str, Any]:
    """The middle of a JWT, decoded as its readers do."""
    _, content, _ = token.split(".")
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    return found


def test_a_token_tells_its_tenant_and_can_be_neither_guessed_nor_made():
    one, other = ManagedIdentity(), ManagedIdentity()
    told = claims(one.token)
    assert (told["tid"], told["oid"]) == (TENANT_ID, OBJECT_ID)
    assert told["exp"] > told["nbf"]
    assert len(told["uti"]) >= 40
    assert one.admits({"authorization": f"Bearer {one.token}"})
    head, content, _ = one.token.split(".")
    for false in (other.token, f"{head}.{content}.signed", f"{head}.{content}", head, ""):
        assert not one.admits({"authorization": f"Bearer {false}"})
