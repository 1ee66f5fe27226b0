"""How VMs stand and how their backups fare, as text."""

from backup_reconciler.plan.protection.words import told_days
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.text.coverage import naming
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted

_WORST_FIRST = (Health.FAILED, Health.OVERDUE, Health.NEVER)


def standings_line(counts: Counts, when: str = "") -> str:
    """How many VMs stand how: every standing, also those that no VM has. `when` is " now" beside what is to come."""
    declared = f" ({counts.stopped_as_declared:,} as declared)" if counts.stopped_as_declared else ""
    parts = [
        f"{number:,} {standing.value}{declared if standing is Standing.STOPPED else ''}"
        for standing, number in counts.standings.items()
    ]
    return f"VMs{when}: {', '.join(parts)}."


def health_line(counts: Counts, when: str = "") -> str:
    """How many backups fare how."""
    return f"Backups{when}: {', '.join(f'{number:,} {health.value}' for health, number in counts.health.items())}."


def ailing_line(counts: Counts) -> str:
    """The same in a plan, where only what is wrong is worth a line; empty where nothing is."""
    parts = [f"{counts.health[one]} {one.value}" for one in (Health.FAILED, Health.OVERDUE) if counts.health[one]]
    return f"Backups now: {', '.join(parts)}; 'drift' names them." if parts else ""


def write_ailing(report: Report, page: Page, *, verbose: bool) -> None:
    """The VMs whose backups are due and not made."""
    rows = ailing_rows(report)
    if rows:
        page.line("Backups of these VMs are due, and are not made; 'jobs' says why one failed:")
        page.first_rows(rows, verbose=verbose)
        page.line()


def ailing_rows(report: Report) -> list[tuple[str, str, str]]:
    """Of each such VM its name, how its backups fare and what is known of the last one; the worst first, then the
    oldest.
    """
    name = naming(one.vm for one in report.machines)
    ailing = sorted(report.ailing, key=lambda one: (_WORST_FIRST.index(one.health), -(one.age_days or 0), one.vm))
    return [(name(one.vm), one.health.value, told_health(one)) for one in ailing]


def told_health(one: Machine) -> str:
    """What is known of the last backup of a VM whose backups are due and not made."""
    last = told_days(one.last_backup.date(), one.age_days) if one.last_backup and one.age_days is not None else ""
    if one.health is Health.NEVER:
        return f"the first one is to come by {one.policy or 'its policy'}"
    if one.health is Health.FAILED:
        tried = f"last tried on {last}" if last else "it was tried"
        return f"{tried}: {one.last_error}" if one.last_error else tried
    return f"last backed up on {last}; {one.policy} leaves {counted(one.allowed_days or 0, 'day')} at most"
