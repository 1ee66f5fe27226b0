"""Rules of readiness: what a VM and its surroundings need so that its backups succeed."""

from backup_reconciler.spec.rules.rule import rule

VM_AGENT = rule(
    "vm-agent",
    "A running VM has the VM agent, and the agent reports.",
    why="Azure Backup takes snapshots through an extension that the agent installs and runs; without it each backup "
    "fails (UserErrorGuestAgentStatusUnavailable).",
    remedy="start the VM agent; images of the Marketplace bring it, custom images and machines that were migrated from "
    "on-premises come without it: install it inside the VM",
    source="Back up Azure VMs in a Recovery Services vault (Microsoft Learn); Azure Backup: troubleshoot VM backups",
)
VM_AGENT_VERSION = rule(
    "vm-agent-version",
    "The VM agent of a Windows VM has version 2.6.1198.718 or later.",
    why="Azure Backup asks for it; an older agent cannot run its extension.",
    remedy="while no backup runs, install the current agent over it, as administrator, from "
    "https://go.microsoft.com/fwlink/?LinkID=394789",
    source="Back up Azure VMs in a Recovery Services vault (Microsoft Learn)",
)
VM_PROVISIONING = rule(
    "vm-provisioning",
    "The last change of a VM, be it by one of its extensions, has not failed.",
    why="The service takes no backup of a VM whose provisioning state is Failed (UserErrorVmProvisioningStateFailed).",
    remedy="remove or repair the extension that failed, then 'az vm reapply'",
    source="Azure Backup: troubleshoot VM backups",
)
SNAPSHOT_EXTENSION = rule(
    "snapshot-extension",
    "The extension of Azure Backup, VMSnapshot or VMSnapshotLinux, has not failed in a VM.",
    why="It takes the snapshots; while it is in a failed state, backups fail (ExtensionStuckInDeletionState).",
    remedy="remove the extension with 'az vm extension delete'; the next backup installs it again. Where it stays, "
    "restart the VM agent first",
    source="Azure Backup: troubleshoot VM backups",
)
SNAPSHOTS_LOCKED = rule(
    "snapshots-locked",
    "No lock holds the resource group of a VM's snapshots, nor its subscription.",
    why="Under a lock, CanNotDelete or ReadOnly, the service cannot remove old restore points; at 18 of them backups "
    "fail (UserErrorRpCollectionLimitReached).",
    remedy="remove the lock, or put it on the resource groups that it is meant for",
    source="Azure Backup support matrix for VMs; Azure Backup FAQ",
)
SNAPSHOTS_DENIED = rule(
    "snapshots-denied",
    "Azure Policy denies neither the resource group of a VM's snapshots nor the restore points in it.",
    why="The service makes both, without tags; where it may not, backups fail (UserErrorRequestDisallowedByPolicy).",
    remedy="exempt the resource group from that assignment",
    source="Back up Azure VMs in a Recovery Services vault (Microsoft Learn); Azure Backup: troubleshoot VM backups",
)
VM_OFF = rule(
    "vm-off",
    "A VM that is off is backed up as it stands.",
    why="Its recovery points are crash-consistent, as if its power had been cut. What its agent is like is not known "
    "until it runs.",
    remedy="nothing needs doing; for recovery points that are consistent beyond that, let it run when it is backed up",
    source="Azure Backup support matrix for VMs",
)
CRASH_CONSISTENT = rule(
    "crash-consistent",
    "A policy with snapshotConsistency: OnlyCrashConsistent backs VMs up without their agent.",
    why="The recovery points are crash-consistent, as if the power had been cut, also of a VM that runs.",
    remedy="nothing needs doing where that is meant; else declare snapshotConsistency: ApplicationConsistent",
    source="Azure Backup: agentless multi-disk crash-consistent backup of VMs",
)
NETWORK_BLOCKED = rule(
    "network-blocked",
    "The network lets those VMs reach AzureBackup, Storage and AzureActiveDirectory whose backups go over it.",
    why="The platform takes the snapshots of managed disks, so most VMs need no way out. Disks with write acceleration "
    "and unmanaged disks are backed up over the VM's own network, and so is what the extension sends where it says so "
    "(ExtensionSnapshotFailedNoNetwork).",
    remedy="declare OutboundAccess for these VMs, or change what stops them",
    source="Azure Backup support matrix for VMs; Troubleshoot Azure Backup failure: issues with the agent or extension",
)
NO_WAY_OUT = rule(
    "no-way-out",
    "A VM whose backups go over its own network has a way out of its subnet.",
    why="From a private subnet, which new ones are by default, nothing gets out by itself, whatever rules allow.",
    remedy="no rule of a network security group can help: give the subnet a NAT gateway, a route to a firewall or "
    "service endpoints, or the VM a public IP or a load balancer's outbound rule",
    source="Default outbound access in Azure (Microsoft Learn)",
)
NETWORK_NOT_KNOWN = rule(
    "network-not-known",
    "It can be told whether a VM's network lets it reach the backup service.",
    why="What decides that may lie where nobody can look, such as in an appliance or behind a VPN.",
    remedy="see that AzureBackup, Storage and AzureActiveDirectory are let through there on port 443",
)
NOT_KNOWN = rule(
    "readiness-not-known",
    "What a VM's backups depend on can be read.",
    why="What is not known may be fine, or keep backups from succeeding.",
    remedy="give this identity the Reader role on the subscription",
)
