"""The explanation of VMs as JSON, format version 1: fields may be added, never renamed."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.explanation.explanation import Explanation, Judgement
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.changes import source
from backup_reconciler.report.data.held_back import HeldBackData, held_data
from backup_reconciler.report.data.plan import (
    ActionData,
    FindingData,
    action_data,
    finding_data,
)


class JudgementData(JsonData):
    """What one document makes of the VM."""

    document: str = Field(description="Kind and handle.")
    source: str = Field(description="file:line of the document.")
    selects: bool = Field(description="Whether it means the VM; an exemption that has ended does not.")
    reason: str = Field(description="Why, or which key of its selection leaves the VM out.")
    vaults: list[str] = Field(
        description="ARM id of the vault that an assignment lets it go to; several are a mistake."
    )


class HoldingData(JsonData):
    """A vault that holds the VM."""

    vault: str = Field(description="Its ARM id.")
    state: Literal["active", "stopped", "suspended", "soft-deleted", "unknown"] | None = Field(
        description="What is being done for the VM there; null where that is not known."
    )
    reason: str = Field(description="The same in words.")


class UnchangedData(JsonData):
    """Something that is as declared."""

    address: str = Field(description="What is as declared.")
    reason: str = Field(description="How it is.")


class ExplainedData(JsonData):
    """One VM."""

    vm: str = Field(description="Its ARM id.")
    presence: Literal["there", "gone", "hidden", "unread"] = Field(
        description="Whether it exists, as far as that is known."
    )
    location: str | None = Field(description="Its region; null for one that is not seen.")
    assignments: list[JudgementData] = Field(description="Every assignment.")
    exemptions: list[JudgementData] = Field(description="Every exemption.")
    held: list[HoldingData] = Field(description="The vaults that hold it.")
    actions: list[ActionData] = Field(description="What the plan does for it.")
    held_back: list[HeldBackData] = Field(description="What the plan leaves out.")
    findings: list[FindingData] = Field(description="What there is to say of it.")
    unchanged: list[UnchangedData] = Field(description="What is as declared.")


class ExplanationData(JsonData):
    """The explanation of every VM that is meant."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    vms: list[ExplainedData] = Field(description="The VMs of the name, or the one with the id.")


def explanation_data(explanations: Sequence[Explanation]) -> ExplanationData:
    return ExplanationData(vms=[_explained(one) for one in explanations])


def _explained(one: Explanation) -> ExplainedData:
    return ExplainedData(
        vm=one.vm.text,
        presence=one.presence.value,
        location=one.live.location if one.live else None,
        assignments=[_judgement(judgement) for judgement in one.assignments],
        exemptions=[_judgement(judgement) for judgement in one.exemptions],
        held=[
            HoldingData(
                vault=holding.vault.text, state=holding.state.value if holding.state else None, reason=holding.told
            )
            for holding in one.holdings
        ],
        actions=[action_data(action) for action in one.actions],
        held_back=[held_data(held) for held in one.held_back],
        findings=[finding_data(finding) for finding in one.findings],
        unchanged=[UnchangedData(address=same.address, reason=same.reason) for same in one.unchanged],
    )


def _judgement(one: Judgement) -> JudgementData:
    return JudgementData(
        document=one.document,
        source=source(one.place),
        selects=one.selects,
        reason=one.why,
        vaults=[vault.text for vault in one.vaults],
    )
