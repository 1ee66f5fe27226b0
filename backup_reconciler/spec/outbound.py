"""Kind OutboundAccess: the way out that VMs need for their backups, where they do not have one already."""

from typing import Annotated, Literal

from pydantic import Field

from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.resource_type import (
    AZURE_FIREWALL,
    FIREWALL_POLICY,
    NETWORK_SECURITY_GROUP,
    SUBNET,
    VIRTUAL_MACHINE,
)
from backup_reconciler.spec.service_tag import SERVICE_TAGS, ServiceTag
from backup_reconciler.spec.values import Presence

OutboundMethod = Literal["nsg", "proxy", "firewall"]


class OutboundTarget(Model):
    """Whose way out is meant. Everything that is listed counts."""

    assignments: Items[str] | None = Field(
        default=None, description="Handles of assignments: the VMs they select.", examples=[["production"]]
    )
    subnets: Items[Annotated[str, SUBNET]] | None = Field(
        default=None, description="ARM ids of subnets: the VMs in them."
    )
    network_security_groups: Items[Annotated[str, NETWORK_SECURITY_GROUP]] | None = Field(
        default=None, description="ARM ids of network security groups; goes with method: nsg."
    )


_DESTINATIONS = (
    "Service tags: AzureBackup, Storage, AzureActiveDirectory. Storage may be of one region, as Storage.japaneast, or "
    "Storage.{region}: of the region that the VMs are in."
)


class Traffic(Model):
    """Traffic to Azure's services, by their service tags, on one TCP port."""

    destinations: Items[ServiceTag] = Field(
        description=_DESTINATIONS, examples=[["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]]
    )
    port: int | Literal["byDiskKind"] = Field(
        default=443,
        description="TCP port of the destinations, 1 to 65535. byDiskKind: what the service asked for in 2019, for "
        "destinations of Storage only: 8443 for managed disks, 443 for unmanaged encrypted ones, 80 and 443 for other "
        "unmanaged ones. Where there is no VM yet, its disks are taken to be managed.",
        examples=[443],
    )


class SecurityRules(Traffic):
    """Outbound allow rules in the network security groups that stand in the way: one for each destination."""

    destinations: Items[ServiceTag] = Field(
        default=SERVICE_TAGS,
        description=_DESTINATIONS,
        examples=[["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]],
    )
    priority: int | None = Field(
        default=None,
        description="Priority of the first rule, 100 to 4096; the others follow it, one by one. Chosen where left out: "
        "before every rule that would deny the traffic.",
        examples=[200],
    )


class Proxy(Model):
    """An HTTP proxy that the VMs are made to use. It asks for no user name and no password."""

    host: str = Field(
        description="IPv4 address or DNS name of the proxy, as the VMs reach it; no URL and no port.",
        examples=["proxy.example.com"],
    )
    port: int = Field(description="TCP port on which the proxy listens: 1 to 65535.", examples=[3128])
    vm: Annotated[str, VIRTUAL_MACHINE] | None = Field(
        default=None,
        description="ARM id of the VM that is the proxy, where its own network rules and firewall are to let the "
        "traffic through.",
    )
    bypass: Items[str] | None = Field(
        default=None,
        description="What is reached without the proxy: DNS names, IPv4 addresses, and patterns such as *.internal or "
        "10.1.*. Azure's own 168.63.129.16 and 169.254.169.254 always are.",
        examples=[["*.internal", "10.1.*"]],
    )


class FirewallRules(Model):
    """An application rule with the FQDN tag AzureBackup, in a classic firewall or in a firewall policy."""

    azure_firewall: Annotated[str, AZURE_FIREWALL] | None = Field(
        default=None, description="ARM id of a classic Azure Firewall. Either this or firewallPolicy is stated."
    )
    firewall_policy: Annotated[str, FIREWALL_POLICY] | None = Field(
        default=None, description="ARM id of a firewall policy."
    )
    rule_collection_group: str | None = Field(
        default=None,
        description="Name of the policy's rule collection group; goes with firewallPolicy.",
        examples=["rcg-backup"],
    )
    priority: int | None = Field(
        default=None,
        description="Priority of the rule collection, 100 to 65000; that of networkRule has the next one. Chosen where "
        "left out.",
        examples=[200],
    )
    network_rule: Traffic | None = Field(
        default=None, description="A network rule beside the application rule, such as the one for another port."
    )


class OutboundAccessSpec(Model):
    """A way out for the backups of VMs. Most VMs need none of this."""

    for_: OutboundTarget = Field(alias="for", description="Whose way out is meant.")
    method: OutboundMethod = Field(
        description="nsg: rules in network security groups. proxy: an HTTP proxy. firewall: rules in Azure Firewall."
    )
    nsg: SecurityRules | None = Field(default=None, description="Goes with method: nsg; may be left out.")
    proxy: Proxy | None = Field(default=None, description="Goes with method: proxy.")
    firewall: FirewallRules | None = Field(default=None, description="Goes with method: firewall.")
    state: Presence = Field(
        default="present", description="absent: what an earlier run wrote for this document is taken away again."
    )

    def security_rules(self) -> SecurityRules:
        """What method nsg writes; the defaults where nothing is stated."""
        return self.nsg or SecurityRules()


def owned_name(handle: str, part: str) -> str:
    """The name of a rule, rule collection or run command that a document of this handle owns.

    `part` tells it from the document's others: the destination of a security rule, for example.
    """
    return f"backup-reconciler-{handle}-{part}"


LONGEST_HANDLE = 80 - len(owned_name("", "Storage.germanywestcentral"))
"""Characters. Security rules and rule collections have names of at most 80 (source: Azure resource naming rules). It
holds for every method and destination, because a document that changes its handle leaves its rules behind."""
