"""Jobs as text: what needs somebody first, with the reason and the remedy, then what goes on, then what is over."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from rich.console import Console

from backup_reconciler.report.job_list import JobList, ListedJob, Standing
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted, listed, some_of
from backup_reconciler.state.job import Job, JobError

SKIPPED = "the backup before it was still being transferred; its snapshot is its recovery point"
"""Why a transfer is skipped, and that this is a success (Microsoft Learn: table of job statuses)."""
_NOT_READ = "phases not read: only the newest jobs are asked for theirs, to keep within Azure's quota"
_COUNTED = {
    Standing.FAILED: "failed",
    Standing.WARNING: "with warnings",
    Standing.RUNNING: "running",
    Standing.CANCELLED: "cancelled",
    Standing.OTHER: "in another state",
    Standing.COMPLETED: "completed",
}


def write_jobs(found: JobList, console: Console) -> None:
    page = Page(console)
    for vault in found.missing_vaults:
        page.heading("warning", f"vault {vault.name}")
        page.note("it does not exist, so there are no jobs of its VMs")
        page.line()
    write_alike((one for one in found.jobs if one.standing is not Standing.COMPLETED), found.at, page)
    _write_completed(list(found.of(Standing.COMPLETED)), found.at, page)
    _write_without(found, page)
    page.line(_summary(found), "bold")


def write_backups(found: JobList | None, console: Console, why_left: str = "") -> None:
    """How the first backups of VMs ended; or how they stand, and why nobody waited on."""
    page = Page(console)
    page.line()
    if found is not None:
        write_alike(found.jobs, found.at, page)
        _write_without(found, page)
        page.line(f"First backups: {_counts(found)}. Jobs were read in {counted(found.requests, 'request')}.", "bold")
    if why_left:
        page.line(f"Not waited to the end: {why_left}. What runs goes on in Azure; 'jobs --watch' shows it.", "bold")


def write_alike(jobs: Iterable[ListedJob], at: datetime, page: Page) -> None:
    """Jobs with their phases and, where they did not go well, why and what to do; once for those that are alike."""
    groups: dict[object, list[ListedJob]] = defaultdict(list)
    for one in jobs:
        groups[one.standing, phases_told(one.job), one.job.errors].append(one)
    for alike in groups.values():
        for one in alike:
            status = "" if one.standing is not Standing.OTHER else f" {one.job.status}"
            page.heading(one.standing.value, f"{one.label}: {one.job.operation}{status}", _when(one.job, at))
        if phases := phases_told(alike[0].job):
            page.note(phases)
        for error in alike[0].job.errors:
            write_error(error, page)
        page.line()


def phases_told(job: Job) -> str:
    """The phases of a job in a line; empty for a job that has none."""
    if job.phases is None:
        return _NOT_READ if job.is_backup else ""
    return ", ".join(f"{phase.name}: {_words(phase.status)}" for phase in job.phases)


def write_error(error: JobError, page: Page) -> None:
    """Azure's code with what it means, and what to do."""
    said = error.message.rstrip(".")
    what = f"{error.meaning} ({said})" if error.meaning and said else error.meaning or said
    code = f"[{error.code}]" if error.code else ""
    page.note(f"{what} {code}".strip() or "Azure does not say why")
    where = f"up {error.code} in the documentation of Azure Backup" if code else "at the job in the Azure portal"
    page.note(f"fix: {error.remedy or f'look {where}'}", "dim")


def span(length: timedelta) -> str:
    """A length of time in its two largest units: 41 min, 2 h 5 min, 3 d."""
    seconds = max(0, round(length.total_seconds()))
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((index for index, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number) or "0 s"


def _write_completed(jobs: list[ListedJob], at: datetime, page: Page) -> None:
    if not jobs:
        return
    page.heading("completed", counted(len(jobs), "job"))
    page.rows((one.label, one.job.operation, _when(one.job, at), _remark(one.job, at)) for one in jobs)
    page.line()


def _remark(job: Job, at: datetime) -> str:
    took = job.took(at)
    told = [f"took {span(took)}"] if took is not None and job.ended else []
    return "; ".join([*told, *([f"transfer skipped: {SKIPPED}"] if job.transfer_skipped else [])])


def _write_without(found: JobList, page: Page) -> None:
    names: dict[str, list[str]] = defaultdict(list)
    for where, label in found.without.items():
        if where.vault not in found.missing_vaults:
            suffix = f" in {where.vault.name}"
            names[suffix].append(label.removeprefix("VM ").removesuffix(suffix))
    for suffix, vms in names.items():
        page.heading("no job", f"{counted(len(vms), 'VM')}{suffix}")
        page.note(f"none that started since {_moment(found.since)}: {some_of(vms)}")
        page.line()


def _summary(found: JobList) -> str:
    parts = [f"Jobs since {_moment(found.since)}: {_counts(found)}."]
    if found.of_others:
        parts.append(f"{counted(found.of_others, 'job')} of VMs that no manifest selects left out.")
    parts.append(f"Azure was read in {counted(found.requests, 'request')}.")
    return " ".join(parts)


def _counts(found: JobList) -> str:
    counts = found.counts
    return listed([f"{counts[standing]} {word}" for standing, word in _COUNTED.items() if counts[standing]]) or "none"


def _when(job: Job, at: datetime) -> str:
    """When it started, and how long ago that is or for how long it has been running."""
    if job.started is None:
        return ""
    age = span(at - job.started)
    return f"{_moment(job.started)}, {f'for {age}' if job.running else f'{age} ago'}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _words(status: str) -> str:
    """Azure's word for a status, as people write it: InProgress is "in progress"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in status).strip()
