"""Reports as they come out of large and of small estates, without an estate."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from backup_reconciler.plan.action import AnyAction, BackUpNow, Change, Protect
from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.coverage import Coverage, Uncovered
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan, Unchanged
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.model.resource import resources_of
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules.readiness import VM_AGENT

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
DAY = date(2026, 11, 23)
PLACE = Place("backups/production.yaml", 12, 3)
_BEFORE = datetime(2026, 11, 22, 23, tzinfo=UTC)


def vm_id(name: str, group: str = "rg-app") -> ArmId:
    where = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers"
    return ArmId(f"{where}/Microsoft.Compute/virtualMachines/{name}")


def machine(name: str, group: str = "rg-app", vault: str = "rsv-000") -> Machine:
    """A VM that is backed up in time."""
    vm, held = vm_id(name, group), vault_id(SUBSCRIPTION, "rg-backup", vault)
    return Machine(
        vm=vm,
        standing=Standing.PROTECTED,
        health=Health.IN_TIME,
        vault=held,
        policy="DefaultPolicy",
        last_backup=_BEFORE,
        age_days=1,
        allowed_days=1,
        address=protection_address(held, vm),
    )


def report(plan: Plan, machines: Iterable[Machine] = (), about: About = About.DRIFT) -> Report:
    """The report of a plan, with these VMs."""
    resources, machines = resources_of(plan), tuple(machines)
    return Report(about, plan, resources, machines, Counts.of(resources, plan.findings, machines))


def fleet(vaults: int, vms: int) -> list[Machine]:
    """So many vaults with so many VMs each."""
    return [
        machine(f"vm-{vault:03}-{index:03}", f"rg-{vault:03}", f"rsv-{vault:03}")
        for vault in range(vaults)
        for index in range(vms)
    ]


def converged(machines: Sequence[Machine]) -> Report:
    """All of them backed up as declared."""
    unchanged = [Unchanged(one.address, f"VM {one.vm.name} in {_vault(one).name}", "as declared") for one in machines]
    coverage = Coverage(covered=tuple(one.vm for one in machines))
    plan = Plan(DAY, unchanged=tuple(unchanged), coverage=coverage, coverage_now=coverage, reads=411)
    return report(plan, machines)


def unprotected(machines: Sequence[Machine]) -> Report:
    """The plan where none of them is backed up yet, and none has an agent: much to say of each."""
    actions = [action for one in machines for action in beginning(one)]
    findings = [
        Finding(VM_AGENT, Severity.WARNING, one.address, _label(one), "it runs, and no VM agent reports", PLACE)
        for one in machines
    ]
    vms = tuple(one.vm for one in machines)
    then, now = Coverage(covered=vms), Coverage(uncovered=tuple(Uncovered(vm, None) for vm in vms))
    plan = Plan(DAY, tuple(actions), tuple(findings), coverage=then, coverage_now=now, reads=411)
    bare = [Machine(vm, Standing.UNCOVERED, Health.NONE_DUE) for vm in vms]
    return report(plan, bare, About.PLAN)


def beginning(one: Machine) -> tuple[AnyAction, AnyAction]:
    """Its protection, and its first backup."""
    vault = _vault(one)
    active = Change("protection", None, "active", replace(PLACE, line=19))
    policy = Change("policy", None, one.policy, replace(PLACE, line=21))
    now = Change("initialBackup", None, {"keepDays": 30}, replace(PLACE, line=25))
    label, effect = _label(one), "the first is made at once, and kept until 2026-12-23"
    protect = Protect(
        address=one.address,
        label=label,
        changes=(active, policy),
        data_effect="none yet",
        place=PLACE,
        vault=vault,
        vm=one.vm,
        found=None,
        policy=policy_id(vault, one.policy),
    )
    back_up = BackUpNow(
        address=one.address,
        label=label,
        changes=(now,),
        data_effect=effect,
        place=PLACE,
        vault=vault,
        vm=one.vm,
        found=None,
        kept_until=date(2026, 12, 23),
        depends_on=(protect.id,),
    )
    return protect, back_up


def _label(one: Machine) -> str:
    return f"VM {one.vm.name} in {_vault(one).name}"


def _vault(one: Machine) -> ArmId:
    assert one.vault is not None
    return one.vault
