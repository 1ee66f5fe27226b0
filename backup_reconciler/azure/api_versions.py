"""The api-versions every request is sent with, pinned in this one place.

They are the defaults of the pinned SDK packages, so that a body read here means what the SDK's documentation says.
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
    GRAPH = "2021-03-01"
    """azure-mgmt-resourcegraph 8.0.1"""
