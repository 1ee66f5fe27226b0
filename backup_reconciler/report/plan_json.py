"""A plan as JSON, format version 1: fields may be added, never renamed."""

from typing import Any, Literal

from pydantic import Field

from backup_reconciler.plan.action import AnyAction, Change, Risk
from backup_reconciler.plan.finding import Finding
from backup_reconciler.plan.plan import Plan
from backup_reconciler.report.json_data import JsonData
from backup_reconciler.spec.document import Place


class ChangeData(JsonData):
    """One field that differs."""

    path: str
    from_: Any = Field(alias="from", description="What Azure has.")
    to: Any = Field(description="What the manifest declares.")
    source: str = Field(description="file:line where the manifest states it.")


class ActionData(JsonData):
    """One thing that would be done."""

    id: str
    verb: str
    address: str
    risk: Literal["safe", "one-way", "destructive"] = Field(description="The worst of the risks.")
    risks: list[Literal["one-way", "destructive"]] = Field(description="Each needs a consent of its own.")
    data_effect: str = Field(description="What happens to recovery points.")
    changes: list[ChangeData]
    source: str = Field(description="file:line of the document that declares it.")
    depends_on: list[str] = Field(description="Ids of the actions that come first.")


class FindingData(JsonData):
    """One thing to say beside the actions."""

    rule: str
    severity: Literal["blocked", "warning", "info"]
    address: str
    source: str | None = Field(description="file:line, or null for what no manifest speaks of.")
    message: str
    remedy: str


class HeldBackData(JsonData):
    """An action that is left out because what it needs is blocked."""

    address: str
    because: str = Field(description="The address that is blocked.")


class RequestsData(JsonData):
    """HTTP requests."""

    read: int


class PlanData(JsonData):
    """A plan."""

    format_version: Literal[1] = 1
    summary: dict[str, int] = Field(description="Number of actions by verb, and of blocked and unchanged addresses.")
    actions: list[ActionData]
    findings: list[FindingData]
    held_back: list[HeldBackData]
    requests: RequestsData


def plan_data(plan: Plan) -> PlanData:
    return PlanData(
        summary={**plan.count_by_verb(), "blocked": plan.blocked, "unchanged": len(plan.unchanged)},
        actions=[_action(action) for action in plan.actions],
        findings=[finding_data(finding) for finding in plan.findings],
        held_back=[HeldBackData(address=held.action.address, because=held.because) for held in plan.held_back],
        requests=RequestsData(read=plan.reads),
    )


def finding_data(finding: Finding) -> FindingData:
    return FindingData(
        rule=finding.rule.id,
        severity=finding.severity.value,
        address=finding.address,
        source=source(finding.place) if finding.place else None,
        message=finding.message,
        remedy=finding.rule.remedy,
    )


def change_data(change: Change) -> ChangeData:
    return ChangeData(path=change.path, from_=change.found, to=change.declared, source=source(change.place))


def source(place: Place) -> str:
    return f"{place.file}:{place.line}"


def _action(action: AnyAction) -> ActionData:
    return ActionData(
        id=action.id,
        verb=action.verb,
        address=action.address,
        risk=action.risk.value,
        risks=[risk.value for risk in Risk if risk in action.risks],
        data_effect=action.data_effect,
        changes=[change_data(change) for change in action.changes],
        source=source(action.place),
        depends_on=list(action.depends_on),
    )
