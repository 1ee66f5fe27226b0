"""Generated documents of outbound access, as the rules take them."""

from typing import Any

from hypothesis import strategies as st

from backup_reconciler.spec.outbound import OutboundAccessSpec
from tests.property.strategies import or_left_out

handles = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,34}", fullmatch=True)
ports = st.integers(1, 65535)
group_names = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?", fullmatch=True)

labels = st.from_regex(r"[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?", fullmatch=True)
dns_names = st.lists(labels, min_size=1, max_size=3).map(".".join).filter(lambda name: name.casefold() != "localhost")
private = st.builds("10.{}.{}.{}".format, *[st.integers(0, 255)] * 3)
patterns = st.just("10.1.*") | dns_names.map("*.{}".format)
hosts = dns_names | private


def resource_ids(kind: str, name: str) -> st.SearchStrategy[str]:
    """Ids of one type of Microsoft.Network, in some letter case, that end in `name`."""
    form = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/{}".format
    ids = st.builds(form, st.uuids(), st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), st.just(f"{kind}/{name}"))
    return ids | ids.map(str.upper)


@st.composite
def destinations(draw: st.DrawFn) -> list[str]:
    regional = st.lists(st.from_regex(r"[a-z]{3,18}[0-9]?", fullmatch=True), min_size=1, max_size=2, unique=True)
    storage = st.sampled_from([[], ["Storage"], ["Storage.{region}"]]) | regional.map(
        lambda regions: [f"Storage.{region}" for region in regions]
    )
    others = st.lists(st.sampled_from(["AzureBackup", "AzureActiveDirectory"]), unique=True)
    tags = draw(storage) + draw(others)
    return draw(st.permutations(tags or ["Storage"]))


@st.composite
def traffic(draw: st.DrawFn, **optional: st.SearchStrategy[object]) -> dict[str, object]:
    tags = draw(destinations())
    only_storage = all(tag.startswith("Storage") for tag in tags)
    stated = draw(or_left_out(port=ports | st.just("byDiskKind") if only_storage else ports, **optional))
    return {"destinations": tags, **stated}


def blocks(index: int) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """By method what can be stated for it."""
    vms = resource_ids("x", "y").map(lambda text: text.replace("Network/x/y", "Compute/virtualMachines/proxy-01"))
    optional = or_left_out(
        vm=vms.filter(lambda text: "Compute" in text),
        bypass=st.lists(hosts | patterns, min_size=1, max_size=4, unique_by=str.casefold),
    )
    classic = resource_ids("azureFirewalls", f"fw-{index}").map(lambda text: {"azureFirewall": text})
    policy = st.builds(
        lambda text, group: {"firewallPolicy": text, "ruleCollectionGroup": group},
        resource_ids("firewallPolicies", f"fwp-{index}"),
        group_names,
    )
    rules = or_left_out(priority=st.integers(100, 64999), networkRule=traffic())
    return {
        "nsg": traffic(priority=st.integers(100, 4090)) | or_left_out(port=ports),
        "proxy": st.builds(lambda *parts: {**parts[0], "host": parts[1], "port": parts[2]}, optional, hosts, ports),
        "firewall": st.builds(lambda *parts: {**parts[0], **parts[1]}, classic | policy, rules),
    }


@st.composite
def outbound_specs(draw: st.DrawFn, index: int) -> OutboundAccessSpec:
    """Outbound access for targets that have `index` in their names, so that no two documents meet."""
    method = draw(st.sampled_from(["nsg", "proxy", "firewall"]))
    subnets = st.lists(
        resource_ids("virtualNetworks/vnet/subnets", f"snet-{index}"),
        min_size=1, max_size=3, unique_by=str.casefold,
    )  # fmt: skip
    groups = st.lists(
        resource_ids("networkSecurityGroups", f"nsg-{index}"), min_size=1, max_size=3, unique_by=str.casefold
    )
    target = {"subnets": draw(subnets)}
    if method == "nsg":
        target |= draw(or_left_out(networkSecurityGroups=groups))
    stated = draw(blocks(index)[method])
    state = draw(st.sampled_from(["present", "absent"]))
    return OutboundAccessSpec.model_validate({"for": target, "method": method, method: stated, "state": state})
