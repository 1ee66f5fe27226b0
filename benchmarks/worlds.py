"""Worlds and manifests to measure with."""

from pathlib import Path

import yaml

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"


def fleet(folder: Path, vaults: int, vms: int) -> tuple[Path, Path]:
    """A converged fleet: so many vaults with so many protected VMs each; returns world and manifests."""
    groups: dict[str, object] = {}
    documents: list[dict[str, object]] = []
    for number in range(vaults):
        names = [f"vm-{number:03}-{index:03}" for index in range(vms)]
        groups[f"rg-{number:03}"] = {
            "location": "japaneast",
            "virtualMachines": {name: {"location": "japaneast", "tags": {"fleet": f"{number}"}} for name in names},
            "vaults": {
                f"rsv-{number:03}": {
                    "location": "japaneast",
                    "protectedItems": [{"vm": f"rg-{number:03}/{name}", "policy": "DefaultPolicy"} for name in names],
                }
            },
        }
        where = {"subscription": SUBSCRIPTION, "resourceGroup": f"rg-{number:03}", "location": "japaneast"}
        select = {"tags": {"fleet": [f"{number}"]}}
        assignment = {"vault": f"rsv-{number:03}", "policy": "DefaultPolicy", "select": select}
        for kind, handle, spec in (
            ("Vault", f"rsv-{number:03}", where),
            ("VMAssignment", f"all-{number:03}", assignment),
        ):
            header = {"apiVersion": "backup-reconciler/v1", "kind": kind, "metadata": {"name": handle}}
            documents.append({**header, "spec": spec})
    world = folder / "fleet.world.yaml"
    world.write_text(yaml.safe_dump({"kind": "World", "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}}}))
    manifests = folder / "fleet.yaml"
    manifests.write_text(yaml.safe_dump_all(documents))
    return world, manifests


def closed_fleet(folder: Path, vaults: int, vms: int) -> tuple[Path, Path]:
    """Such a fleet behind network security groups, one for each vault's VMs, that let nothing out, and a way out."""
    world, manifests = fleet(folder, vaults, vms)
    told = yaml.load(world.read_text(), yaml.CSafeLoader)
    for name, group in told["subscriptions"][SUBSCRIPTION]["resourceGroups"].items():
        deny = {"priority": 1000, "direction": "Outbound", "access": "Deny"}
        others = {f"other-{at}": {**deny, "priority": 2000 + at, "destinationPorts": 8000 + at} for at in range(50)}
        subnet = {"addressPrefix": "10.0.0.0/16", "networkSecurityGroup": f"nsg-{name}"}
        group["networkSecurityGroups"] = {f"nsg-{name}": {"rules": {"Deny_All": deny, **others}}}
        group["virtualNetworks"] = {"vnet": {"addressPrefixes": ["10.0.0.0/16"], "subnets": {"vms": subnet}}}
        for vm in group["virtualMachines"].values():
            vm["nics"] = [{"subnet": "vnet/vms"}]
    documents = list(yaml.load_all(manifests.read_text(), yaml.CSafeLoader))
    assignments = [one["metadata"]["name"] for one in documents if one["kind"] == "VMAssignment"]
    header = {"apiVersion": "backup-reconciler/v1", "kind": "OutboundAccess", "metadata": {"name": "all"}}
    way_out = {**header, "spec": {"for": {"assignments": assignments}, "method": "nsg"}}
    closed, opened = folder / "closed.world.yaml", folder / "opened.yaml"
    closed.write_text(yaml.dump(told, Dumper=yaml.CSafeDumper))
    opened.write_text(yaml.safe_dump_all([*documents, way_out]))
    return closed, opened


def changed_policy(folder: Path) -> Path:
    """A policy that every vault of the fleet has otherwise: it backs up all VMs, and keeps the hour of New York."""
    spec = {
        "vaults": "all",
        "name": "DefaultPolicy",
        "schedule": {"frequency": "Daily", "time": "23:00"},
        "retention": {"daily": {"days": 60}},
        "timeZone": "America/New_York",
        "daylightSaving": "keep-local-hour",
    }
    header = {"apiVersion": "backup-reconciler/v1", "kind": "BackupPolicy", "metadata": {"name": "changed"}}
    manifest = folder / "changed.yaml"
    manifest.write_text(yaml.safe_dump({**header, "spec": spec}))
    return manifest


def many_documents(folder: Path, number: int) -> tuple[Path, Path]:
    """So many documents of mixed kinds, 2.6 MB for 10,000; returns a file of all and a folder of a file for each."""
    documents = [yaml.safe_dump(_document(index), sort_keys=False) for index in range(number)]
    file, files = folder / "documents.yaml", folder / "documents"
    file.write_text("---\n".join(documents))
    files.mkdir()
    for index, document in enumerate(documents):
        (files / f"{index:05}.yaml").write_text(document)
    return file, files


def _document(index: int) -> dict[str, object]:
    """Of ten documents one is a vault, three are policies in it, and six are assignments to these."""
    vault, first = f"rsv-{index // 10:05}", index - index % 10 + 1
    header = {"apiVersion": "backup-reconciler/v1", "metadata": {"name": f"document-{index:05}"}}
    match index % 10:
        case 0:
            region = "japaneast" if index % 20 else "japanwest"
            where = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup", "location": region}
            tags = {"owner": f"team-{index % 7}", "env": "prod"}
            return {**header, "kind": "Vault", "metadata": {"name": vault}, "spec": {**where, "tags": tags}}
        case 1 | 2 | 3:
            schedule = {"frequency": "Daily", "time": "23:00"}
            retention = {"daily": {"days": 30}, "weekly": {"weeks": 12, "days": ["Sunday"]}}
            spec = {"vaults": [vault], "schedule": schedule, "timeZone": "Asia/Tokyo", "retention": retention}
            return {**header, "kind": "BackupPolicy", "spec": spec}
        case _:
            select = {"names": [f"web-{index}-*"], "tags": {"env": ["prod", "stage"]}}
            spec = {"vault": vault, "policy": f"document-{first:05}", "select": select}
            return {**header, "kind": "VMAssignment", "spec": spec}


def by_ranges(folder: Path) -> Path:
    """A world of 1,000 vaults × 100 protected VMs, said by ranges of names."""
    here = {"location": "japaneast"}
    group = {
        "virtualMachines": {"vm-[001-100]": {**here, "tags": {"env": "prod"}}},
        "vaults": {"rsv": {**here, "protectedItems": [{"vm": "vm-[001-100]", "policy": "DefaultPolicy"}]}},
    }
    world = folder / "ranges.world.yaml"
    subscriptions = {SUBSCRIPTION: {"resourceGroups": {"rg-[0001-1000]": group}}}
    world.write_text(yaml.safe_dump({"kind": "World", "subscriptions": subscriptions}))
    return world
