"""How many of a thing the service takes, as far as manifests alone can tell."""

from tests.conftest import Cli, Estate, assignment, policy, vault, vm_id


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
