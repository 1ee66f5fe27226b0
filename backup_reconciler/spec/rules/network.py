"""Rules of what is written to the network for outbound access."""

from backup_reconciler.spec.rules.rule import rule

NSG_NO_ROOM = rule(
    "nsg-no-room",
    "A rule that lets traffic out has a free priority before every rule that would deny it.",
    why="The first rule that matches wins, and of two rules of one direction none may have the other's priority. Other "
    "people's rules are never moved.",
    remedy="give the rules in the way greater numbers, then run again",
    source="Azure network security groups: priority of a rule",
)
NSG_FULL = rule(
    "nsg-full",
    "A network security group has at most 1,000 rules.",
    why="Azure takes no more.",
    remedy="remove rules that nobody needs, or put several of them into one",
    source="Azure networking limits",
)
NSG_PRIORITY_UNFIT = rule(
    "nsg-priority-unfit",
    "A stated priority is free in each network security group, and no rule before it denies the traffic.",
    why="Azure takes each priority once in a direction, and the first rule that matches wins.",
    remedy="state another priority, or leave it out and have one chosen",
    source="Azure network security groups: priority of a rule",
)
OWNED_NAME_TAKEN = rule(
    "owned-name-taken",
    "What bears a name of ours was written by the document of that name.",
    why="It has no mark of this document in its description, so somebody else may rely on it as it is.",
    remedy="rename or remove it, or give the document another handle",
)
OWNED_CHANGED = rule(
    "owned-changed",
    "What is taken away is as it was written.",
    why="Somebody changed it since, and may rely on it as it is now.",
    remedy="remove it by hand; or declare state: present, apply, which puts it right, then state: absent again",
)
OWNED_LEFT = rule(
    "owned-left",
    "What an earlier run wrote and nothing needs any more is left.",
    why="Closing a way out is as much a change as opening one, so it is only done where it is declared.",
    remedy="remove it by hand, or all that the document wrote with state: absent",
)
OUTBOUND_TARGET_MISSING = rule(
    "outbound-target-missing",
    "The subnets and network security groups that outbound access is for exist.",
    why="Nothing can be opened where there is nothing, and the VMs that were meant stay closed in.",
    remedy="correct the id, or remove it from for",
)
VM_NETWORK_UNKNOWN = rule(
    "vm-network-unknown",
    "A VM whose way out is declared has a primary network interface with an IPv4 address in a subnet.",
    why="Its way out leads through that, and without it nobody can tell which rules stand in the way.",
    remedy="look at the VM's network interfaces; or remove the VM from for",
)
NETWORK_UNSEEN = rule(
    "network-unseen",
    "All that stands around the VMs whose way out is declared can be read: subnets, security groups, route tables.",
    why="Azure's lists leave out what the caller may not read, without a word. A security group that is not seen may "
    "be what stops the VMs, and nothing is written to it.",
    remedy="run it with the right to read them (Microsoft.Network/*/read where they are); if they are new, run again",
    source="Azure RBAC: scope; Azure network security groups",
)
NSG_CANNOT_HELP = rule(
    "nsg-cannot-help",
    "Rules of network security groups help VMs that nothing else keeps from getting out.",
    why="A rule lets through what has a way out. It makes none, and takes away nothing that a route, a firewall or a "
    "private subnet puts in the way.",
    remedy="give the subnet a NAT gateway, a service endpoint or a route to a firewall that lets it through, or the "
    "vault a private endpoint; or use method: proxy or firewall",
    source="Default outbound access in Azure; Azure virtual network traffic routing",
)
