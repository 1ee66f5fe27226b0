"""What has become of an earlier report, as text."""

from backup_reconciler.report.model.since import Gone, Origin, Since
from backup_reconciler.report.text.page import Page

_ENDS = {
    Origin.AS_BEFORE: "neither side changed",
    Origin.UNKNOWN: "which side changed is not known",
}


def write_gone(since: Since, page: Page, *, verbose: bool) -> None:
    """The differences that there are no more, and what made them go."""
    if since.gone:
        page.line(f"Gone since {since.as_of}:")
        page.first_rows([gone_row(one) for one in since.gone], verbose=verbose)
        page.line()


def since_words(since: Since) -> str:
    """A sentence with the counts, to stand in a line after another one."""
    return f" Since {since.as_of}: {len(since.new)} new, {len(since.gone)} gone."


def gone_row(one: Gone) -> tuple[str, str, str]:
    """What it is called, how it was and is, and which side has changed."""
    now = one.now.value if one.now else "not declared any more"
    return one.label, f"{one.state.value} then, {now} now", _ENDS.get(one.origin, one.origin.value)
