"""Rules of outbound access."""

from backup_reconciler.spec.rules.rule import rule

OUTBOUND_TARGET = rule(
    "outbound-target",
    "Outbound access is for assignments or subnets, and with method nsg also for network security groups.",
    why="Nothing else says whose way out is meant, and a proxy or a firewall serves VMs, not security groups.",
    remedy="add assignments: [handles] or subnets: [ids]",
)
OUTBOUND_METHOD = rule(
    "outbound-method",
    "Outbound access states the block of its method, and of no other method.",
    why="One document is one way out; a block that is not acted on would look as if it were.",
    remedy="keep the block of the method, and give the other one a document of its own",
)
OUTBOUND_HANDLE = rule(
    "outbound-handle",
    "The handle of outbound access has at most 35 letters, digits, '.', '_' and '-'.",
    why="It is part of the names of what is written, backup-reconciler-HANDLE-DESTINATION, by which it is found again. "
    "Azure takes 80 of these characters.",
    remedy="choose a shorter handle of letters, digits, '.', '_' and '-'",
    source="Azure naming rules for networkSecurityGroups/securityRules and firewallPolicies",
)
OUTBOUND_DELETED = rule(
    "outbound-deleted",
    "Outbound access is for VMs that have backups.",
    why="An assignment with protection: deleted makes none, and a way out that nobody needs stays open.",
    remedy="remove the assignment from for, or state state: absent to take the way out away",
)
OUTBOUND_TWICE = rule(
    "outbound-twice",
    "One way out is declared once.",
    why="Two documents that say the same of the same VMs would write it twice, or take turns in changing it.",
    remedy="keep it in one of the two documents",
)
SERVICE_TAG = rule(
    "service-tag",
    "A destination is a service tag that the backup of VMs needs: AzureBackup, Storage, AzureActiveDirectory.",
    why="What is opened is never more than backups need, and other tags and addresses are more.",
    remedy="use AzureBackup, Storage, Storage.{region} or AzureActiveDirectory",
    source="Azure virtual network service tags; Azure Backup: network connectivity",
)
SERVICE_TAG_OVERLAP = rule(
    "service-tag-overlap",
    "No two destinations stand for the same addresses.",
    why="The second rule would never be reached, and takes up a priority.",
    remedy="keep one of the two",
    source="Azure virtual network service tags: Storage holds the tags of its regions",
)
SERVICE_TAG_COMPANIONS = rule(
    "service-tag-companions",
    "Where AzureBackup is opened, so are Storage and AzureActiveDirectory, on which it depends.",
    why="Backups go to Storage and sign in to Microsoft Entra ID; with one of the two closed they fail all the same.",
    remedy="add what is missing here or in another document, unless another rule of the network opens them",
    source="Azure virtual network service tags",
)
SERVICE_TAG_REGION = rule(
    "service-tag-region",
    "Where Storage is of a region, it is the region of the VMs.",
    why="VMs are backed up to a vault in their own region, and it is the storage there that they have to reach.",
    remedy='use "Storage.{region}"',
    source="Azure Backup support matrix for VMs; Prepare Azure VMs for backup (2019)",
)
PORT = rule(
    "port",
    "A TCP port is a number from 1 to 65535.",
    why="There are no others, and a rule for port 0 or for all of them is not what backups need.",
    remedy="use 443, which Azure Backup asks for, or another number from 1 to 65535",
    source="RFC 9293; Azure Backup: network connectivity",
)
PORT_BY_DISK_KIND = rule(
    "port-by-disk-kind",
    "port: byDiskKind goes with destinations of Storage only.",
    why="What depends on the kind of a VM's disks is the port of its storage; the other services listen on 443.",
    remedy='state destinations: ["Storage.{region}"], and the others in a document of their own',
    source="Prepare Azure VMs for backup (2019)",
)
NSG_PRIORITY = rule(
    "nsg-priority",
    "The priorities of the rules, one for each destination from the first on, are from 100 to 4096.",
    why="Azure takes no others in a network security group.",
    remedy="use a number from 100 to 4096, or leave it out and have one chosen",
    source="Azure network security groups: priority of a rule",
)
PRIORITY_TAKEN = rule(
    "priority-taken",
    "Two documents state different priorities for what they write to the same place.",
    why="In one network security group, or one rule collection group, Azure takes each priority once.",
    remedy="move one of the two, or leave one priority out and have it chosen",
    source="Azure network security groups: priority of a rule; Azure Firewall rule processing",
)
PROXY_HOST = rule(
    "proxy-host",
    "A proxy's host is an IPv4 address or a DNS name, alone, that the VMs reach over their network.",
    why="Host and port are written into the VMs' settings apart, by scripts that take no other characters.",
    remedy="write an address such as 10.1.0.4 or a name such as proxy.example.com",
    source="RFC 1123; Azure Linux Agent: HttpProxy.Host, HttpProxy.Port",
)
PROXY_CREDENTIALS = rule(
    "proxy-credentials",
    "A proxy is used without a user name and a password.",
    why="They would stand in git, and in clear text in files of every VM. Messages never repeat what looks like them.",
    remedy="remove it from the manifest, change that password, and let the proxy admit the VMs by their addresses",
)
PROXY_BYPASS = rule(
    "proxy-bypass",
    "What bypasses a proxy is a DNS name, an IPv4 address, or a pattern such as *.internal or 10.1.*.",
    why="The entries are written into the VMs' settings by scripts that take no other characters.",
    remedy="write a name, an address, *.DOMAIN or the first numbers of an address and *",
    source="RFC 1123; Windows proxy settings: exceptions",
)
FIREWALL_CHOICE = rule(
    "firewall-choice",
    "The rules go to a classic Azure Firewall or to a firewall policy.",
    why="A firewall has its rules itself or takes them from its policy; one document writes to one place.",
    remedy="add azureFirewall: its id, or firewallPolicy: its id",
    source="Azure Firewall Manager: policy overview",
)
RULE_COLLECTION_GROUP = rule(
    "rule-collection-group",
    "Rules in a firewall policy name their rule collection group; a classic firewall has none.",
    why="A policy's rule collections stand in groups, and the groups decide what comes first.",
    remedy="use 1 to 80 letters, digits, '.', '_' and '-', beginning with a letter or digit",
    source="Azure Firewall policy rule sets; Azure naming rules for firewallPolicies/ruleCollectionGroups",
)
FIREWALL_PRIORITY = rule(
    "firewall-priority",
    "The priority of a rule collection is from 100 to 65000, and one lower where a network rule's follows it.",
    why="Azure takes no others.",
    remedy="use a number from 100 to 65000, or leave it out and have one chosen",
    source="Azure Firewall policy rule sets",
)
