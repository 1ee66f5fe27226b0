"""How many of a thing the service takes, as far as manifests alone can tell."""

import pytest

from backup_reconciler.manifest.rules import handles
from tests.conftest import Cli, Estate, assignment, document, policy, vault, vm_id


def vaults(number: int, region: str = "japaneast") -> list[dict[str, object]]:
    return [vault(f"rsv-{region}-{index}", location=region) for index in range(number)]


def test_a_region_of_a_subscription_takes_500_vaults(estate: Estate, cli: Cli) -> None:
    estate.declare("most", *vaults(500), *vaults(500, "japanwest"))
    assert cli("validate", estate.manifests).status == 0
    estate.declare("more", vault("one-too-many"))
    told = cli("validate", estate.manifests)
    assert told.status == 1
    assert "501 vaults are declared in japaneast of one subscription, not at most 500" in told.err
    assert told.err.rstrip().endswith("[vaults-per-region]")


def test_a_vault_takes_1000_vms(estate: Estate, cli: Cli) -> None:
    halves = [[vm_id(f"vm-{half}-{index}") for index in range(500)] for half in range(2)]
    estate.declare(
        "most",
        vault(),
        *(
            assignment(f"half-{number}", policy="DefaultPolicy", select={"ids": half})
            for number, half in enumerate(halves)
        ),
    )
    assert cli("validate", estate.manifests).status == 0
    estate.declare("more", assignment("more", policy="DefaultPolicy", select={"ids": [vm_id("one-too-many")]}))
    told = cli("validate", estate.manifests)
    assert told.status == 1
    assert "1001 VMs are named for the vault" in told.err
    assert told.err.rstrip().endswith("[vms-per-vault]")


def test_a_vault_takes_200_policies(estate: Estate, cli: Cli) -> None:
    named = [policy(f"policy-{number}") for number in range(199)]
    estate.declare("most", vault(), vault("other"), *named, policy("everywhere", vaults="all"))
    estate.declare("no-more", {**policy("gone"), "spec": {"vaults": ["rsv"], "state": "absent"}})
    assert cli("validate", estate.manifests).status == 0
    estate.declare("one-more", policy("one-too-many", vaults=["other", "RSV"]))
    told = cli("validate", estate.manifests)
    assert told.status == 1
    assert '201 policies are declared for the vault "rsv", not at most 200' in told.err
    assert "BackupPolicy/one-too-many" in told.err
    assert told.err.rstrip().endswith("[policies-per-vault]")


def test_of_many_copies_each_is_told_of_ten_others_and_not_of_all(estate: Estate, cli: Cli) -> None:
    spec = {"for": {"assignments": ["production"]}, "method": "nsg", "nsg": {"destinations": ["Storage"]}}
    copies = [document("OutboundAccess", f"copy-{number}", **spec) for number in range(30)]
    estate.declare("copies", vault(), assignment(policy="DefaultPolicy"), *copies)
    told = cli("validate", estate.manifests).err.splitlines()
    assert sum("OutboundAccess/copy-5  " in line for line in told) == 5
    assert sum("OutboundAccess/copy-29  " in line for line in told) == 10


def test_misspelt_handles_beyond_number_are_told_without_a_guess(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handles, "_MOST_COMPARED", 3)
    misspelt = [assignment(f"a-{number}", vault=f"rsv-{number}", policy="DefaultPolicy") for number in range(5)]
    estate.declare("misspelt", vault("rsv-a"), *misspelt)
    told = cli("validate", estate.manifests).err.splitlines()
    unknown = [line for line in told if "no Vault has the handle" in line]
    assert ["did you mean rsv-a?" in line for line in unknown] == [True, True, True, False, False]
