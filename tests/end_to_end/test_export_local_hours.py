"""An export beside manifests, which tell of policies in zones without clock changes whose local hour they keep."""

from typing import Any

import pytest
import yaml

from tests.conftest import SUBSCRIPTION, Cli, Estate, policy, vault, world

EASTERN = {"timeZone": "America/New_York", "daylightSaving": "keep-local-hour"}
VAULTS: dict[str, Any] = {"rsv": {"location": "japaneast", "redundancy": "GeoRedundant"}}


@pytest.fixture(autouse=True)
def in_summer(estate: Estate) -> None:
    estate.exists(clock="2027-06-01T12:00:00Z", **world(vaults=VAULTS))


def export(estate: Estate, cli: Cli, *arguments: object) -> Any:
    told = cli("export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION, *arguments)
    assert told.status == 0, told.err
    return [one["spec"] for one in yaml.safe_load_all(told.out) if one["metadata"]["name"] == "daily"]


def clock_of(spec: dict[str, Any]) -> tuple[Any, ...]:
    return spec["schedule"]["time"], spec["timeZone"], spec.get("daylightSaving")


@pytest.fixture
def kept(estate: Estate, cli: Cli) -> Estate:
    """An estate with a policy that keeps its hour."""
    estate.declare("all", vault("mine", name="rsv"), policy("hours", name="daily", **EASTERN, vaults=["mine"]))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    return estate


def test_an_export_beside_manifests_tells_the_local_hour(kept: Estate, cli: Cli) -> None:
    (spec,) = export(kept, cli, "--declared", kept.manifests)
    assert clock_of(spec) == ("23:00", "Eastern Standard Time", "keep-local-hour")
    (spec,) = export(kept, cli)
    assert clock_of(spec) == ("22:00", "SA Pacific Standard Time", None), "as Azure has it"


@pytest.mark.parametrize("beside", [True, False])
def test_both_exports_plan_to_nothing(kept: Estate, cli: Cli, beside: bool) -> None:
    arguments = ("--declared", kept.manifests) if beside else ()
    told = kept.folder / "told"
    cli("export", "--sandbox", kept.world, "--subscription", SUBSCRIPTION, "--output", told, *arguments)
    assert cli("plan", told, "--sandbox", kept.world, "--format", "json").json["actions"] == []


def test_an_hour_that_could_not_be_declared_is_exported_as_it_is(estate: Estate, cli: Cli) -> None:
    """In summer it is half past midnight in New York, which is no hour to keep for a policy with monthly points."""
    monthly = {"retention": {"daily": {"days": 30}, "monthly": {"months": 12, "dates": [1]}}}
    live = policy(timeZone="SA Pacific Standard Time", schedule={"frequency": "Daily", "time": "23:30"}, **monthly)
    estate.declare("all", vault(), live)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    estate.declare("all", vault(), policy(**EASTERN, **monthly))
    (spec,) = export(estate, cli, "--declared", estate.manifests)
    assert clock_of(spec) == ("23:30", "SA Pacific Standard Time", None)


def test_bad_manifests_beside_an_export_are_told_and_nothing_is_read(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), policy(daylightSaving="keep-local-hour", timeZone="America/St_Johns"))
    where = ("export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION, "--declared", estate.manifests)
    told = cli(*where)
    assert (told.status, told.out) == (1, "")
    assert "[local-hour-twin]" in told.err
    assert estate.requests() == []
    told = cli(*where, "--as-world")
    assert (told.status, "--declared is for manifests, and --as-world writes none" in told.err) == (1, True)
