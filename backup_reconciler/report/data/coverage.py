"""Coverage and kept backups as JSON."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.coverage import Coverage
from backup_reconciler.plan.plan import KeptBackup
from backup_reconciler.report.data.base import JsonData


class UncoveredData(JsonData):
    """A VM of which no backups are made."""

    vm: str = Field(description="Its ARM id.")
    state: Literal["stopped", "suspended", "soft-deleted"] | None = Field(
        description="What became of its backups; null for one that no vault holds."
    )


class CoverageData(JsonData):
    """The VMs of the subscriptions that are looked in, by their ARM ids, each in one of the lists."""

    covered: list[str] = Field(description="Backed up, by any vault, also one that no manifest names.")
    exempt: list[str] = Field(description="Meant to have no backup, by an exemption that has not expired.")
    uncovered: list[UncoveredData] = Field(description="Not backed up, and not exempt.")
    unknown: list[str] = Field(description="Of which it cannot be told with these rights.")
    hidden_subscriptions: list[str] = Field(description="Subscriptions whose VMs these rights do not show.")


class KeptBackupData(JsonData):
    """A backup whose recovery points are kept without an end, and go on costing."""

    address: str = Field(description="The protection of the VM.")
    label: str = Field(description="The same in a person's words.")
    vm: str = Field(description="ARM id of the VM.")
    why: Literal["stopped", "VM gone"] = Field(
        description="stopped: every recovery point is kept. VM gone: at least the latest outlives its policy."
    )
    last_backup: datetime | None = Field(description="When it was last backed up; null where Azure does not tell.")


def coverage_data(coverage: Coverage | None) -> CoverageData | None:
    if coverage is None:
        return None
    return CoverageData(
        covered=[vm.text for vm in coverage.covered],
        exempt=[vm.text for vm in coverage.exempt],
        uncovered=[UncoveredData.model_validate({"vm": one.vm.text, "state": one.state}) for one in coverage.uncovered],
        unknown=[vm.text for vm in coverage.unknown],
        hidden_subscriptions=list(coverage.hidden_subscriptions),
    )


def kept_data(kept: KeptBackup) -> KeptBackupData:
    return KeptBackupData(
        address=kept.address,
        label=kept.label,
        vm=kept.item.vm.text,
        why=kept.why.value,
        last_backup=kept.item.last_backup,
    )
