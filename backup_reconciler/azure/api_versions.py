"""The api-versions every request is sent with, pinned in this one place.

They are the defaults of the pinned SDK packages, so that a body read here means what the SDK's documentation says; and
where no package of the SDK is needed, those of azure-rest-api-specs.
"""

from enum import Enum


class Api(Enum):
    """A group of ARM operations that share an api-version; the value is that version."""

    VAULTS = "2026-11-01"
    """azure-mgmt-recoveryservices 4.3.0"""
    BACKUP = "2026-10-01"
    """azure-mgmt-recoveryservicesbackup 11.2.0"""
    COMPUTE = "2026-04-01"
    """azure-mgmt-compute 39.0.0"""
    NETWORK = "2026-03-01"
    """azure-mgmt-network 33.1.0"""
    GRAPH = "2021-03-01"
    """azure-mgmt-resourcegraph 8.0.1"""
    LOCKS = "2020-05-01"
    """azure-rest-api-specs: resources, locks"""
    RESOURCES = "2021-04-01"
    """azure-rest-api-specs: resources, resource groups"""
    POLICY_INSIGHTS = "2024-10-01"
    """azure-rest-api-specs: policyinsights, checkPolicyRestrictions"""
    AUTHORIZATION = "2022-04-01"
    """azure-rest-api-specs: authorization, permissions"""
