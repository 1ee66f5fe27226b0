"""Coverage as text: one line of counts, and the VMs that have no backup by name."""

from collections import Counter
from collections.abc import Callable, Iterable

from backup_reconciler.plan.coverage import Coverage
from backup_reconciler.plan.standing.machine import Machine, Standing
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted, some_of
from backup_reconciler.spec.arm_id import ArmId

_NAMES_IN_LINE = 3
_WITHOUT = frozenset({Standing.UNCOVERED, Standing.STOPPED})


def coverage_line(coverage: Coverage, when: str) -> str:
    """`when` says of which moment it is told: "now", or "after this plan"."""
    name = naming(_all(coverage))
    parts = [f"{len(coverage.covered):,} of {counted(coverage.number, 'VM')} backed up"]
    if coverage.exempt:
        parts.append(f"{len(coverage.exempt):,} exempt")
    if coverage.uncovered:
        names = some_of([name(one.vm) for one in coverage.uncovered], _NAMES_IN_LINE)
        parts.append(f"{len(coverage.uncovered):,} without a backup: {names}")
    if coverage.unknown:
        names = some_of([name(vm) for vm in coverage.unknown], _NAMES_IN_LINE)
        parts.append(f"{len(coverage.unknown):,} of which it cannot be told: {names}")
    parts += [f"the VMs of subscription {one} are not shown" for one in coverage.hidden_subscriptions]
    return f"Coverage {when}: {'; '.join(parts)}."


def write_uncovered(machines: Iterable[Machine], page: Page, *, verbose: bool = False) -> None:
    """The VMs without a backup, a line each with what became of it, but for those that are declared to have none."""
    rows = uncovered_rows(machines)
    if rows:
        page.line("These VMs have no backup, and no manifest says that they need none:")
        page.first_rows(rows, verbose=verbose)
        page.line()


def uncovered_rows(machines: Iterable[Machine]) -> list[tuple[str, str]]:
    """Of each such VM its name and what became of its backup."""
    machines = tuple(machines)
    name = naming(one.vm for one in machines)
    return [(name(one.vm), _why(one)) for one in machines if one.standing in _WITHOUT and not one.as_declared]


def naming(vms: Iterable[ArmId]) -> Callable[[ArmId], str]:
    """What a VM is called: its name, with its group where several bear it."""
    bearers = Counter(vm.name.casefold() for vm in vms)
    return lambda vm: vm.name if bearers[vm.name.casefold()] == 1 else f"{vm.resource_group}/{vm.name}"


def _why(one: Machine) -> str:
    return f"its backup is {one.state.value}" if one.state else "no vault holds it"


def _all(coverage: Coverage) -> Iterable[ArmId]:
    uncovered = (one.vm for one in coverage.uncovered)
    return (*coverage.covered, *coverage.exempt, *uncovered, *coverage.unknown)
