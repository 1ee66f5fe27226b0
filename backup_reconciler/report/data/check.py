"""A check as JSON, format version 1: fields may be added, never renamed."""

from datetime import date
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.network import verdict as network
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Cause
from backup_reconciler.plan.readiness.check import Check, Verdict
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.changes import source
from backup_reconciler.report.data.plan import RequestsData


class CheckFindingData(JsonData):
    """One thing that is the matter, with all the VMs that it concerns."""

    rule: str = Field(description="Id of the rule, as docs/rules.md lists it.")
    severity: Literal["blocked", "warning", "info"] = Field(
        description="blocked: the VMs cannot be backed up. warning: backups would fail, now or later, or that is not "
        "known. info: good to know."
    )
    address: str | None = Field(description="What it is about, where VMs share that; null where it is each VM itself.")
    message: str = Field(description="What is the matter.")
    remedy: str = Field(description="What to do about it.")
    vms: list[str] = Field(description="ARM ids of the VMs that it concerns.")


class BarrierData(JsonData):
    """What stops a VM's traffic."""

    kind: Literal["security rule", "route", "subnet", "firewall"] = Field(description="What kind of thing it is.")
    resource: str = Field(description="ARM id of the security group, route table, subnet or firewall.")
    rule: str = Field(description="Name of the rule or the route; empty where it is neither.")
    message: str = Field(description="The same in words.")


class ReachData(JsonData):
    """Whether a VM reaches one of the services that backups speak to, over its own network."""

    destination: str = Field(description="A service tag, or the address of a proxy.")
    port: int = Field(description="TCP port.")
    access: Literal["allowed", "blocked", "partly", "unknown"] = Field(
        description="partly: some of its addresses. unknown: what decides lies where nobody can look."
    )
    way: str = Field(description="How it gets out, or what nobody can look into.")
    barriers: list[BarrierData] = Field(description="What stops it.")


class CheckedVMData(JsonData):
    """One VM that is to be backed up."""

    id: str = Field(description="Its ARM id.")
    address: str = Field(description="Its protection, as a plan names it.")
    source: str = Field(description="file:line of the assignment that selects it.")
    verdict: Literal["ready", "not known", "not ready"] = Field(
        description="ready: nothing speaks against it. not known: nothing does, and not all could be read. not ready: "
        "a finding worse than info concerns it."
    )
    power: Literal["running", "stopped", "deallocated"] | None = Field(description="null where it is not known.")
    agent_version: str | None = Field(description="Of the VM agent; null where none reports, or it is not known.")
    consistency: Literal["application-consistent", "file-system-consistent", "crash-consistent"] | None = Field(
        description="What recovery points to expect of it as it is now; null where it is not known."
    )
    needs_network: str | None = Field(
        description="Why its backups are known to go over its own network; null where they usually do not."
    )
    network: list[ReachData] = Field(description="What it reaches; empty where that was not looked at, or not seen.")


class SnapshotGroupData(JsonData):
    """A resource group that snapshots go to."""

    id: str = Field(description="Its ARM id.")
    exists: bool | None = Field(description="false where the service is still to make it, null where it is not known.")


class CheckData(JsonData):
    """A check."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    as_of: date = Field(description="The day that the check is made for, in UTC.")
    summary: dict[str, int] = Field(description="Number of VMs by verdict.")
    findings: list[CheckFindingData] = Field(description="What is the matter, the worst first.")
    vms: list[CheckedVMData] = Field(description="Every VM that is to be backed up.")
    snapshot_groups: list[SnapshotGroupData] = Field(description="Where their snapshots go.")
    requests: RequestsData = Field(description="What it took to make the check.")


def check_data(check: Check) -> CheckData:
    verdicts = check.verdicts()
    told = list(verdicts.values())
    return CheckData(
        as_of=check.as_of,
        summary={verdict.value: told.count(verdict) for verdict in Verdict},
        findings=[_finding(cause) for cause in check.causes],
        vms=[_vm(check, one, verdicts[one.vm.id]) for one in check.candidates],
        snapshot_groups=[SnapshotGroupData(id=one.id.text, exists=one.exists) for one in check.snapshot_groups()],
        requests=RequestsData(read=check.reads),
    )


def _finding(cause: Cause) -> CheckFindingData:
    said = cause.said
    return CheckFindingData(
        rule=said.rule.id,
        severity=said.severity.value,
        address=said.address or None,
        message=said.message,
        remedy=said.remedy,
        vms=[one.vm.id.text for one in cause.candidates],
    )


def _vm(check: Check, candidate: Candidate, verdict: Verdict) -> CheckedVMData:
    status, consistency = check.status(candidate), check.consistency(candidate)
    reach = check.reaches.get(candidate.vm.id)
    return CheckedVMData(
        id=candidate.vm.id.text,
        address=candidate.address,
        source=source(candidate.place),
        verdict=verdict.value,
        power=status.power if status else None,
        agent_version=status.agent.version if status and status.agent else None,
        consistency=consistency.value if consistency else None,
        needs_network=(reach.need or None) if reach else None,
        network=[_reached(one) for one in reach.verdicts] if reach else [],
    )


def _reached(found: network.Verdict) -> ReachData:
    return ReachData(
        destination=found.destination,
        port=found.port,
        access=found.access.value,
        way=found.way,
        barriers=[
            BarrierData(kind=one.kind, resource=one.resource.text, rule=one.rule, message=one.words)
            for one in found.barriers
        ],
    )
