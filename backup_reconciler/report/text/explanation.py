"""The explanation of a VM as text."""

from collections.abc import Sequence

from rich.console import Console

from backup_reconciler.plan.explanation.explanation import Explanation, Judgement
from backup_reconciler.plan.plan import WhyHeld
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.plan import write_action, write_findings
from backup_reconciler.state.snapshot import Presence

_PRESENCE = {
    Presence.GONE: "it does not exist",
    Presence.HIDDEN: "these rights do not show it, if it exists",
    Presence.UNREAD: "whether it exists was not asked",
}


def write_explanations(explanations: Sequence[Explanation], console: Console) -> None:
    """One after the other; what selects the VM comes before what does not."""
    page = Page(console)
    for explanation in explanations:
        _write(explanation, page)


def _write(one: Explanation, page: Page) -> None:
    page.heading("VM", one.vm.name)
    page.note(str(one.vm), "dim")
    page.note(_about(one))
    page.line()
    _write_judgements("assigned", "left out", one.assignments, page)
    _write_judgements("exempt", "not meant", one.exemptions, page)
    for holding in one.holdings:
        page.heading("in Azure", f"{holding.vault.name} in {holding.vault.resource_group}")
        page.note(holding.told)
        page.line()
    if not one.holdings:
        page.heading("in Azure", "no vault holds it")
        page.line()
    _write_plan(one, page)


def _about(one: Explanation) -> str:
    if one.live is None:
        return _PRESENCE[one.presence]
    tags = ", ".join(f"{name}={value}" for name, value in sorted(one.live.tags.items()))
    return f"it is in {one.live.location}{f'; its tags are {tags}' if tags else '; it has no tags'}"


def _write_judgements(yes: str, no: str, judgements: Sequence[Judgement], page: Page) -> None:
    for one in sorted(judgements, key=lambda judgement: not judgement.selects):
        page.heading(yes if one.selects else no, one.document, one.place)
        page.note(one.why)
        if one.vaults:
            page.note(f"it goes to {' and '.join(f'{vault.name} in {vault.resource_group}' for vault in one.vaults)}")
        page.line()


def _write_plan(one: Explanation, page: Page) -> None:
    """What the plan does for it, in the words of the plan."""
    for action in one.actions:
        write_action(action, page)
        page.line()
    for held in one.held_back:
        page.heading("blocked" if held.why is WhyHeld.BLOCKED else "later", held.action.label, held.action.place)
        page.note(f"because of {held.because}: {held.why.value}")
        page.line()
    write_findings(one.findings, page)
    for same in one.unchanged:
        page.heading("unchanged", same.label)
        page.note(same.reason)
        page.line()
    if not (one.actions or one.held_back or one.findings or one.unchanged):
        page.line("The plan does nothing for it.")
        page.line()
