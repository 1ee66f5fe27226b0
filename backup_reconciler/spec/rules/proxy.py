"""Rules of making VMs use a proxy."""

from backup_reconciler.spec.rules.rule import rule

SCRIPT_POWER = rule(
    "script-power",
    "Scripts are sent into VMs that run.",
    why="Azure refuses a run command for a VM that is stopped or deallocated (409 OperationNotAllowed).",
    remedy="start the VM; the next run goes on with it",
    source="Azure: run scripts in a VM by using managed Run Commands",
)
SCRIPT_AGENT = rule(
    "script-agent",
    "Scripts are carried out by the VM's agent.",
    why="Where it does not report, nobody takes the script, and Azure waits for it for up to 90 minutes.",
    remedy="install or restart the agent, and see that the VM reaches 168.63.129.16",
    source="Azure: run scripts in a VM by using managed Run Commands; Azure VM extensions and features",
)
SCRIPT_SYSTEM = rule(
    "script-system",
    "A VM that is made to use a proxy runs Linux or Windows, and Azure tells which.",
    why="A proxy is set differently in each, and nobody guesses inside a VM.",
    remedy="set the proxy there by hand, and remove the VM from for",
)
SCRIPT_SHOWN = rule(
    "script-shown",
    "Where a document that is absent means many VMs, a list tells what is left in them.",
    why="Each VM would have to be asked else. The list is of Resource Graph, which is minutes behind what was written.",
    remedy="run again some minutes after the last apply, and keep the document until that has nothing to do",
    source="Azure Resource Graph: overview",
)
PROXY_VM = rule(
    "proxy-vm",
    "The VM that is the proxy exists, with an address in a virtual network.",
    why="Its own network rules are to let the traffic through, and without it nobody can tell which those are.",
    remedy="correct the id, or remove vm where the proxy is no VM",
)
PROXY_TWICE = rule(
    "proxy-twice",
    "A VM is made to use one proxy.",
    why="What is set last would count, and nobody can tell which of two that is to be.",
    remedy="take the VMs out of for of one of the documents",
)
PROXY_ADDRESS = rule(
    "proxy-address",
    "Where the host of a proxy is an address, it is that of the VM that is the proxy.",
    why="What is opened is the way to that VM, while the others are sent to the host.",
    remedy="correct host or vm; it is right as it is where host is a load balancer before the VM",
)
PROXY_REACHED = rule(
    "proxy-reached",
    "VMs that are made to use a proxy reach it.",
    why="Where the way there is closed, they reach less than before: what went out directly goes nowhere.",
    remedy="let the proxy's port through where it is blocked, before or after this is applied",
)
