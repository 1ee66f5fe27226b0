"""The redundancy of a vault where the older storage configuration tells it, or has to be asked."""

import pytest

from backup_reconciler.azure.api_versions import Api
from tests.conftest import Cli, Estate, interrupt_at, planned, vault, vms, world
from tests.end_to_end.vaults import ALLOWED, HELD, LIVE, applied, changes

STORAGE = "/backupstorageconfig/vaultstorageconfig"


@pytest.mark.parametrize(("declared", "asked"), [("GeoRedundant", 0), ("LocallyRedundant", 1)])
def test_the_storage_configuration_is_asked_only_where_the_redundancy_is_to_change(
    estate: Estate, cli: Cli, declared: str, asked: int
) -> None:
    estate.exists(**world(vaults={"rsv": LIVE, "rsv-2": LIVE}))
    estate.declare("all", vault(redundancy=declared), vault("rsv-2", existing=True, redundancy=declared))
    assert planned(estate, cli)["requests"]["read"] == 7 + asked
    assert len(estate.requests("GET", STORAGE)) == asked


@pytest.fixture
def old_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud whose vaults do not tell their redundancy yet."""
    monkeypatch.setattr(Api.VAULTS, "_value_", "2022-01-01")


@pytest.mark.usefixtures("old_api")
def test_a_redundancy_that_the_vault_does_not_tell_is_read_and_written_where_it_stands(
    estate: Estate, cli: Cli
) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(redundancy="GeoRedundant", crossRegionRestore="Disabled"))
    assert planned(estate, cli)["actions"] == []
    estate.declare("all", vault(redundancy="GeoRedundant", crossRegionRestore="Enabled"))
    assert applied(estate, cli) == [("PATCH", {"properties": {"crossRegionRestoreFlag": True}})]

    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(redundancy="LocallyRedundant", tags={"a": "b"}))
    (action,) = planned(estate, cli)["actions"]
    assert changes(action)["redundancy"] == ("GeoRedundant", "LocallyRedundant")
    shown = cli("apply", *estate.sandboxed, "--dry-run").out
    assert [line.split()[0] for line in shown.splitlines() if "api-version" in line] == ["PATCH", "PATCH"]
    assert "Dry run: 2 requests would be sent" in shown
    assert applied(estate, cli) == [
        ("PATCH", {"properties": {"storageModelType": "LocallyRedundant"}}),
        ("PATCH", {"tags": {"a": "b"}}),
    ]


@pytest.mark.usefixtures("old_api")
def test_a_change_of_which_azure_took_one_half_is_told_as_that(estate: Estate, cli: Cli) -> None:
    refused = {"method": "PATCH", "path": "*/vaults/rsv", "status": 403, "code": "AuthorizationFailed"}
    estate.exists(**world(vaults={"rsv": LIVE}), faults=[refused])
    estate.declare("all", vault(redundancy="LocallyRedundant", tags={"a": "b"}))
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert (told.status, "failed vault rsv" in told.text) == (3, True)

    estate.exists(**world(vaults={"rsv": LIVE}))
    interrupt_at(estate, 1, "PATCH", STORAGE)
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert told.status == 130
    assert "Azure took its first request; its second was not sent fix: run again" in told.text
    estate.on_exchange = lambda _: None
    assert applied(estate, cli) == [("PATCH", {"tags": {"a": "b"}})]


@pytest.mark.usefixtures("old_api")
def test_a_redundancy_that_only_its_configuration_tells_is_locked_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": HELD}))
    estate.declare("all", vault(redundancy="LocallyRedundant"))
    found = planned(estate, cli)
    assert [one["rule"] for one in found["findings"] if one["severity"] == "blocked"] == ["redundancy-locked"]


@pytest.mark.usefixtures("old_api")
def test_where_the_vault_owns_the_redundancy_it_is_written_there_once(estate: Estate, cli: Cli) -> None:
    code = "BMSUserErrorRedundancySettingsUseVaultApi"
    fault = {"method": "PATCH", "path": f"*{STORAGE}", "status": 400, "code": code}
    estate.exists(**world(vaults={"rsv": LIVE}), faults=[fault])
    estate.declare("all", vault(redundancy="LocallyRedundant"))
    told = cli("apply", *estate.sandboxed, *ALLOWED)
    assert [(seen.path.rpartition("/")[2], seen.request) for seen in estate.writes()] == [
        ("vaultstorageconfig", {"properties": {"storageModelType": "LocallyRedundant"}}),
        ("rsv", {"properties": {"redundancySettings": {"standardTierStorageRedundancy": "LocallyRedundant"}}}),
    ]
    # This api-version of the vault passes over what it does not know, and that is noticed.
    assert (told.status, "accepted, not applied" in told.text) == (3, True)
