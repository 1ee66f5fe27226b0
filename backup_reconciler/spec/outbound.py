"""Kind OutboundAccess: the way out that VMs need for their backups, where they do not have one already."""

from typing import Literal

from pydantic import Field

from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.values import Presence

SERVICE_TAGS = ("AzureBackup", "Storage", "AzureActiveDirectory")
"""The service tags that VM backup depends on (source: Azure virtual network service tags)."""


class OutboundTarget(Model):
    """Whose way out is meant. Everything that is listed counts."""

    assignments: Items[str] | None = Field(default=None, description="Handles of assignments: the VMs they select.")
    subnets: Items[str] | None = Field(default=None, description="ARM ids of subnets: the VMs in them.")
    network_security_groups: Items[str] | None = Field(
        default=None, description="ARM ids of network security groups; goes with method: nsg."
    )


class SecurityRules(Model):
    """Outbound allow rules in the network security groups that stand in the way: one for each destination."""

    destinations: Items[str] = Field(
        default=SERVICE_TAGS,
        description="Service tags. Storage may be of one region, as Storage.japaneast, or Storage.{region}: the "
        "region of the network security group.",
    )
    port: int | Literal["byDiskKind"] = Field(
        default=443,
        description="TCP port of the destinations. byDiskKind: what the service asked for in 2019, 8443 for managed "
        "disks, 443 for unmanaged encrypted and 80 for unmanaged disks without encryption.",
    )
    priority: int | None = Field(
        default=None,
        description="Priority of the first rule, 100 to 4096; the others follow it. Chosen where left out: below "
        "every rule that would deny the traffic.",
    )


class Proxy(Model):
    """An HTTP proxy that the VMs are made to use."""

    host: str = Field(description="Address or DNS name of the proxy, as the VMs reach it.")
    port: int = Field(description="TCP port on which the proxy listens: 1 to 65535.")
    vm: str | None = Field(
        default=None,
        description="ARM id of the VM that is the proxy, where its own network rules and firewall are to let the "
        "traffic through.",
    )
    bypass: Items[str] | None = Field(
        default=None, description="Host names and addresses that are reached without the proxy."
    )


class FirewallRules(Model):
    """An application rule with the FQDN tag AzureBackup, in a classic firewall or in a firewall policy."""

    azure_firewall: str | None = Field(default=None, description="ARM id of a classic Azure Firewall.")
    firewall_policy: str | None = Field(default=None, description="ARM id of a firewall policy.")
    rule_collection_group: str | None = Field(
        default=None, description="Name of the rule collection group; goes with firewallPolicy."
    )
    priority: int | None = Field(
        default=None, description="Priority of the rule collection, 100 to 65000; chosen where left out."
    )
    service_tags: Items[str] | None = Field(
        default=None, description="Service tags for a network rule beside the application rule."
    )


class OutboundAccessSpec(Model):
    """A way out for the backups of VMs. Most VMs need none of this."""

    for_: OutboundTarget = Field(alias="for", description="Whose way out is meant.")
    method: Literal["nsg", "proxy", "firewall"] = Field(
        description="nsg: rules in network security groups. proxy: an HTTP proxy. firewall: rules in Azure Firewall."
    )
    nsg: SecurityRules | None = Field(default=None, description="Goes with method: nsg; may be left out.")
    proxy: Proxy | None = Field(default=None, description="Goes with method: proxy.")
    firewall: FirewallRules | None = Field(default=None, description="Goes with method: firewall.")
    state: Presence = Field(
        default="present", description="absent: what an earlier run wrote for this document is taken away again."
    )
