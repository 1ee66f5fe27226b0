"""Resource providers and their registration: all that the box has are registered with every subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response, gateway
from backup_reconciler.sandbox.core.wire.router import SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_PROVIDER = f"{SUBSCRIPTION}/providers/{{namespace}}"

_NETWORK = (
    "applicationSecurityGroups", "azureFirewalls", "firewallPolicies", "loadBalancers", "natGateways",
    "networkInterfaces", "networkSecurityGroups", "networkSecurityGroups/securityRules", "privateEndpoints",
    "routeTables", "virtualNetworks", "virtualNetworks/subnets",
)  # fmt: skip
_TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "Microsoft.Authorization": {"locks": ("2020-05-01", "2016-09-01"), "permissions": ("2022-04-01", "2015-07-01")},
    "Microsoft.Compute": {
        "virtualMachines": ("2025-04-01", "2024-11-01", "2021-03-01"),
        "virtualMachines/extensions": ("2025-04-01", "2024-11-01", "2021-03-01"),
        "virtualMachines/runCommands": ("2025-04-01", "2024-11-01", "2021-03-01"),
    },
    "Microsoft.Network": dict.fromkeys(_NETWORK, ("2025-05-01", "2024-05-01", "2018-01-01")),
    "Microsoft.PolicyInsights": {"checkPolicyRestrictions": ("2024-10-01", "2022-03-01", "2020-07-01")},
    "Microsoft.RecoveryServices": {
        "vaults": ("2026-11-01", "2025-08-01", "2025-02-01", "2024-10-01", "2016-06-01"),
        "locations": ("2016-06-01",),
        "locations/backupStatus": ("2026-10-01", "2025-02-01", "2016-12-01"),
    },
    "Microsoft.ResourceGraph": {"resources": ("2024-04-01", "2022-10-01", "2021-03-01")},
    "Microsoft.Resources": {
        "subscriptions": ("2022-12-01", "2016-06-01"),
        "subscriptions/resourceGroups": ("2024-11-01", "2021-04-01"),
        "tenants": ("2022-12-01", "2016-06-01"),
    },
}
"""What each provider says it has, newest api-version first: those of the SDKs and recordings. The box answers others
too; a client that knows a resource only by its type, such as `az resource`, picks one from here.
"""


def list_providers(call: Call) -> Response:
    subscription = call.subscription.id
    return paged(call, list(_TYPES), lambda namespace: _show(subscription, namespace))


def get_provider(call: Call) -> Response:
    subscription, asked = call.subscription.id, call.names["namespace"]
    namespace = next((known for known in _TYPES if fold(known) == fold(asked)), None)
    if namespace is None:
        raise gateway(404, "InvalidResourceNamespace", f"The resource namespace '{asked}' is invalid.")
    return Response(200, _show(subscription, namespace))


def _show(subscription: str, namespace: str) -> Json:
    return {
        "id": f"/subscriptions/{subscription}/providers/{namespace}",
        "namespace": namespace,
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "Registered",
        "resourceTypes": [
            {"resourceType": name, "locations": [], "apiVersions": list(versions), "capabilities": "None"}
            for name, versions in _TYPES[namespace].items()
        ],
    }


ROUTES = (
    Route("GET", f"{SUBSCRIPTION}/providers", list_providers, "Microsoft.Resources/subscriptions/providers/read"),
    Route("GET", _PROVIDER, get_provider, "Microsoft.Resources/subscriptions/providers/read"),
    Route("POST", f"{_PROVIDER}/register", get_provider, "Microsoft.Resources/subscriptions/providers/register/action"),
)
