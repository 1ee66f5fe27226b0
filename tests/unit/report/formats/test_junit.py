"""JUnit: what differs fails, what is blocked fails with that type, and XML holds whatever a name holds."""

from datetime import date
from xml.etree import ElementTree as ET

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.junit import junit
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from tests.conftest import vm_id
from tests.unit.report.formats import JUNIT

PLACE = Place("a.yaml", 3, 1)


def told(*resources: Resource, machines: tuple[Machine, ...] = ()) -> dict[str, dict[str, ET.Element]]:
    """The tests of each suite by their names."""
    plan = Plan(date(2026, 11, 23))
    written = junit(Report(About.DRIFT, plan, resources, machines, Counts.of(resources, (), machines)))
    JUNIT.validate(written)
    return {
        suite.attrib["name"]: {one.attrib["name"]: one for one in suite.iter("testcase")}
        for suite in ET.fromstring(written)
    }


def machine(name: str, standing: Standing, health: Health, *, as_declared: bool = False) -> Machine:
    return Machine(ArmId(vm_id(name)), standing, health, as_declared=as_declared, policy="DefaultPolicy")


def test_there_is_a_test_for_each_resource_in_the_suite_of_its_kind() -> None:
    change = Change("retention.daily.days", 7, 30, Place("a.yaml", 9, 5))
    suites = told(
        Resource("Vault/s/g/rsv", "vault rsv", ResourceState.AS_DECLARED, reason="it is as declared"),
        Resource("Policy/s/g/rsv/daily", "policy daily in rsv", ResourceState.DIFFERS, (change,), PLACE),
        Resource(
            "Protection/s/g/rsv/g/web",
            "VM web in rsv",
            ResourceState.BLOCKED,
            (),
            PLACE,
            "it is in eastus",
            "vm-region",
        ),
    )
    assert list(suites) == ["Policy", "Protection", "Vault"]
    assert len(suites["Vault"]["vault rsv"]) == 0
    (differs,) = suites["Policy"]["policy daily in rsv"]
    assert (differs.tag, differs.attrib) == ("failure", {"type": "differs", "message": "differs: retention.daily.days"})
    assert differs.text is not None
    assert differs.text.split("\n") == [
        "policy daily in rsv differs (Policy/s/g/rsv/daily)",
        "retention.daily.days: declared 30, found 7 (a.yaml:9)",
        "a.yaml:3",
    ]
    (blocked,) = suites["Protection"]["VM web in rsv"]
    assert blocked.attrib == {"type": "blocked", "message": "it is in eastus"}


def test_a_vm_fails_for_what_is_wrong_with_it_and_not_for_what_is_declared() -> None:
    suites = told(
        machines=(
            machine("fine", Standing.PROTECTED, Health.IN_TIME),
            machine("bare", Standing.UNCOVERED, Health.NONE_DUE),
            machine("paused", Standing.STOPPED, Health.NONE_DUE, as_declared=True),
            machine("left", Standing.STOPPED, Health.NONE_DUE),
            machine("hidden", Standing.UNKNOWN, Health.UNKNOWN),
            machine("late", Standing.PROTECTED, Health.OVERDUE),
        )
    )
    coverage, health = suites["Coverage"], suites["Health"]
    assert {name: [one.tag for one in case] for name, case in coverage.items()} == {
        "fine": [],
        "bare": ["failure"],
        "paused": [],
        "left": ["failure"],
        "hidden": ["skipped"],
        "late": [],
    }
    assert {name: [one.tag for one in case] for name, case in health.items()} == {
        "fine": [],
        "hidden": ["skipped"],
        "late": ["failure"],
    }


def test_a_name_that_xml_cannot_hold_is_shown_and_harmless() -> None:
    label = "VM <a>&\"'\x00\x1b\ud800\ufffe\u202e]]> in rsv"
    suites = told(Resource("Protection/s/g/rsv/g/x", label, ResourceState.MISSING, (), PLACE))
    (name,) = suites["Protection"]
    assert name.startswith("VM <a>&\"'\\x00\\x1b")
    assert "\u202e" not in name
