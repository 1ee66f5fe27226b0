"""Rules of outbound access through Azure Firewall, as far as only Azure can tell them."""

from backup_reconciler.spec.rules.rule import rule

FIREWALL_MISSING = rule(
    "firewall-missing",
    "The firewall, or the policy and its rule collection group, that outbound access names is there.",
    why="Rule collections are put into what is there already: a new firewall costs money from its first hour, and "
    "where a new group stands among the others is for those to say who run the firewall.",
    remedy="correct the id, or have it made",
    source="Azure Firewall policy rule sets",
)
FIREWALL_HAS_POLICY = rule(
    "firewall-has-policy",
    "A classic firewall has rules of its own; one with a firewall policy has that policy's.",
    why="Azure refuses rule collections in a firewall that takes its rules from a policy.",
    remedy="state firewallPolicy: the policy's id, and ruleCollectionGroup",
    source="Azure Firewall Manager: policy overview",
)
FIREWALL_PRIORITY_UNFIT = rule(
    "firewall-priority-unfit",
    "A stated priority is free where it is to be, and no rule collection before it there denies the traffic.",
    why="A rule collection group takes each priority once, a classic firewall once for each kind of rule, and the "
    "first rule that fits decides. What others wrote is not moved.",
    remedy="state another priority, or leave it out and have one chosen",
    source="Azure Firewall rule processing",
)
FIREWALL_NO_ROOM = rule(
    "firewall-no-room",
    "Before the rule collections that deny backups their way out there is a priority left.",
    why="The first rule that fits decides, and priorities begin at 100. What others wrote is not moved.",
    remedy="give the rule collections in the way higher numbers, or name a rule collection group that comes before",
    source="Azure Firewall rule processing",
)
FIREWALL_DENIES_FIRST = rule(
    "firewall-denies-first",
    "Nothing that is asked before the rules of outbound access denies the same traffic.",
    why="Those of a base policy come first, then groups by their priority; and all network rules come before "
    "application rules. What is denied there never reaches the rules that would allow it.",
    remedy="put an exception there, or name a rule collection group that comes before it",
    source="Azure Firewall rule processing",
)
NOT_BEHIND_FIREWALL = rule(
    "not-behind-firewall",
    "The subnets of outbound access through a firewall have a route to it.",
    why="Without one, traffic does not go through the firewall, and its rules mean nothing there. Routes of a virtual "
    "hub, and those that a gateway learns, are not seen here.",
    remedy="add a route to the firewall's private address, or leave it as it is where a virtual hub has one",
    source="Azure Firewall: deploy and configure; Virtual network traffic routing",
)
