"""A plan as JSON, format version 1: fields may be added, never renamed."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from backup_reconciler.plan.action import AnyAction, BindAction, Risk, VaultAction
from backup_reconciler.plan.finding import Finding
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.changes import ChangeData, change_data, source
from backup_reconciler.report.data.counts import CountsData, counts_data
from backup_reconciler.report.data.coverage import CoverageData, KeptBackupData, coverage_data, kept_data
from backup_reconciler.report.data.digests import DigestsData, digests_data
from backup_reconciler.report.data.held_back import HeldBackData, held_data
from backup_reconciler.report.data.part import MISSING, PART, SHARD, PartData, shard_data
from backup_reconciler.report.data.runs import NextRunsData, runs_data
from backup_reconciler.report.data.vms import KnownVMData, vm_data
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import ResourceState
from backup_reconciler.state.reading import Reading


class ActionData(JsonData):
    """One thing that would be done."""

    id: str = Field(description="Verb and address: unique in the plan.")
    verb: str = Field(description="What is done.")
    address: str = Field(description="What it is done to.")
    label: str = Field(description="What it is done to, in a person's words.")
    risk: Literal["safe", "one-way", "destructive"] = Field(description="The worst of the risks.")
    risks: list[Literal["one-way", "destructive"]] = Field(description="Each needs a consent of its own.")
    data_effect: str = Field(description="What happens to recovery points.")
    changes: list[ChangeData] = Field(description="The fields that differ.")
    source: str = Field(description="file:line of the document that declares it.")
    column: int = Field(description="The column there, counted from 1.")
    vault: str | None = Field(description="ARM id of the vault that it changes, or changes something in.")
    policy: str | None = Field(description="ARM id of the policy that a VM is bound to by it.")
    vms: list[str] = Field(description="ARM ids of the VMs that it touches.")
    depends_on: list[str] = Field(description="Ids of the actions that come first.")
    needs_approval: str | None = Field(description="The Resource Guard that has to approve it; apply leaves it out.")
    earliest: date | None = Field(description="The first day on which it can succeed, of the steps of a teardown.")
    next_runs: NextRunsData | None = Field(description="Of a policy that is created or changed: when it runs then.")


class FindingData(JsonData):
    """One thing to say beside the actions."""

    rule: str = Field(description="Id of the rule, as docs/rules.md lists it.")
    severity: Literal["blocked", "warning", "info"] = Field(description="blocked: the address is left out of the plan.")
    address: str = Field(description="What it is about.")
    label: str = Field(description="What it is about, in a person's words.")
    source: str | None = Field(description="file:line, or null for what no manifest speaks of.")
    column: int | None = Field(description="The column there, counted from 1.")
    message: str = Field(description="What is the matter.")
    remedy: str = Field(description="What to do about it.")
    resources: list[str] = Field(description="ARM ids of what else it speaks of, as the vault that holds a VM.")
    concerns: int | None = Field(description="Number of VMs that share what it is about; null where it is one thing.")


class RequestsData(JsonData):
    """HTTP requests."""

    read: int = Field(description="How many were sent to read Azure.")


class ReadData(JsonData):
    """How Azure was read."""

    by: Literal["lists", "graph"] = Field(
        description="lists: the services' own. graph: Resource Graph, minutes behind, and lists for what differs."
    )
    because: str | None = Field(description="Why, where --read auto has chosen; null otherwise.")
    vaults_by_graph: list[str] = Field(
        description="ARM ids of the vaults that are told as Resource Graph alone has them."
    )
    vaults_confirmed: int = Field(description="How many vaults were read by lists after Resource Graph.")
    subscriptions_by_lists: list[str] = Field(
        description="Subscriptions that were read by lists, because these rights do not cover all of them and Resource "
        "Graph would leave things out without a word."
    )


class PlanData(JsonData):
    """A plan."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    as_of: date = Field(description="The day that the plan is made for, in UTC.")
    summary: dict[str, int] = Field(
        description="Number of actions by verb, and of blocked, postponed and unchanged addresses."
    )
    actions: list[ActionData] = Field(description="What would be done, in this order.")
    findings: list[FindingData] = Field(description="What there is to say beside the actions.")
    held_back: list[HeldBackData] = Field(description="Actions that are left out.")
    coverage: CoverageData | None = Field(
        description="Which VMs have a backup once the plan is carried out; null where no VMs were looked for."
    )
    kept_backups: list[KeptBackupData] = Field(description="Backups whose recovery points are kept without an end.")
    requests: RequestsData = Field(description="What it took to make the plan.")
    read: ReadData = Field(description="How Azure was read.")
    counts: CountsData = Field(description="Every number of the report: of what is now, before the plan.")
    undeclared: list[FindingData] = Field(
        description="The findings about what vaults hold and no manifest declares, and about what earlier runs left."
    )
    vms: list[KnownVMData] = Field(description="Every VM that is known of, by its id, as it is now.")
    digests: dict[str, DigestsData] = Field(
        description="By address, what is declared and what was found; for 'drift --since' to be held against this."
    )
    missing_shards: list[str] | None = MISSING
    shard: str | None = SHARD
    part: PartData | None = PART


def plan_data(report: Report) -> PlanData:
    plan = report.plan
    return PlanData(
        summary={
            **plan.count_by_verb(),
            "blocked": plan.blocked,
            "postponed": plan.postponed,
            "unchanged": report.counts.resources[ResourceState.AS_DECLARED],
        },
        actions=[action_data(action) for action in plan.actions],
        held_back=[held_data(held) for held in plan.held_back],
        coverage=coverage_data(plan.coverage),
        **told_alike(report),
    )


def told_alike(report: Report) -> dict[str, Any]:
    """What plans and drift reports tell alike, by the names of the fields."""
    return {
        "as_of": report.plan.as_of,
        "findings": [finding_data(finding) for finding in report.plan.findings],
        "kept_backups": [kept_data(one) for one in report.plan.kept],
        "requests": RequestsData(read=report.plan.reads),
        "read": read_data(report.plan.reading),
        "counts": counts_data(report.counts),
        "undeclared": [finding_data(finding) for finding in report.undeclared],
        "vms": [vm_data(machine) for machine in report.machines],
        "digests": dict(digests_data(report)),
        **shard_data(report),
    }


def read_data(reading: Reading) -> ReadData:
    return ReadData.model_validate(
        {
            "by": reading.by.value,
            "because": reading.choice.because or None,
            "vaults_by_graph": [one.text for one in sorted(reading.by_graph.vaults)],
            "vaults_confirmed": reading.confirmed,
            "subscriptions_by_lists": sorted(reading.not_shown_whole),
        }
    )


def finding_data(finding: Finding) -> FindingData:
    return FindingData(
        rule=finding.rule.id,
        severity=finding.severity.value,
        address=finding.address,
        label=finding.label,
        source=source(finding.place) if finding.place else None,
        column=finding.place.column if finding.place else None,
        message=finding.message,
        remedy=finding.remedy,
        resources=[id_.text for id_ in finding.resources],
        concerns=finding.concerns or None,
    )


def action_data(action: AnyAction) -> ActionData:
    return ActionData(
        id=action.id,
        verb=action.verb,
        address=action.address,
        label=action.label,
        risk=action.risk.value,
        risks=[risk.value for risk in Risk if risk in action.risks],
        data_effect=action.data_effect,
        changes=[change_data(change) for change in action.changes],
        source=source(action.place),
        column=action.place.column,
        vault=action.vault.text if isinstance(action, VaultAction) else None,
        policy=action.policy.text if isinstance(action, BindAction) else None,
        vms=[vm.text for vm in action.touched],
        depends_on=list(action.depends_on),
        needs_approval=action.guard or None,
        earliest=action.earliest,
        next_runs=runs_data(action.runs) if action.runs else None,
    )
