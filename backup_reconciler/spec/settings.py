"""The settings file, backup-reconciler.yaml beside the manifests: what holds for every run over them."""

from typing import Annotated, Literal

from pydantic import Field

from backup_reconciler.spec import ranges
from backup_reconciler.spec.base import Items, Model


class Limits(Model):
    """How much one run may change. Each VM counts once whose backups are stopped, suspended or deleted, that comes to
    another policy, or whose policy is changed."""

    share: Annotated[int, ranges.SHARE] = Field(
        default=20,
        description="Percent of a vault's VMs that one run may change: 0 to 100.",
        examples=[20],
    )
    population: Annotated[int, ranges.POPULATION] = Field(
        default=10, description="VMs a vault must have for the share to hold.", examples=[10]
    )
    stops: Annotated[int, ranges.STOPS] = Field(
        default=10,
        description="VMs whose backups one run may stop, suspend or delete, in all its vaults together.",
        examples=[10],
    )
    changes: Annotated[int, ranges.CHANGES] | None = Field(
        default=None,
        description="VMs whose backups one run may change in any of these ways, in all its vaults together.",
        examples=[40],
    )


class Allowed(Model):
    """Actions that are otherwise refused unless the command line allows them."""

    destructive: bool | None = Field(
        default=None, description="true: recovery points may be lost, as --allow-destructive."
    )
    one_way: bool | None = Field(
        default=None, description="true: what cannot be undone may be done, as --allow-one-way."
    )


class Connection(Model):
    """Where Azure is and how it is asked."""

    cloud: Literal["public", "usgov", "china"] | None = Field(default=None, description="The cloud, as --cloud.")
    concurrency: Annotated[int, ranges.CONCURRENCY] | None = Field(
        default=None, description="Requests at a time, as --concurrency: 1 to 256.", examples=[32]
    )


class Lock(Model):
    """One run at a time."""

    blob: str = Field(
        description="URL of the blob whose lease a run takes: https://ACCOUNT.blob.core.windows.net/….",
        examples=["https://stbackup.blob.core.windows.net/locks/backup-reconciler"],
    )


class SettingsSpec(Model):
    """Settings of every run over the manifests beside this file. The command line comes first."""

    roots: Items[str] | None = Field(
        default=None,
        description="Folders, from this file's own, that hold all the manifests there are. In authoritative vaults "
        "only a run over all of them stops what no manifest declares.",
        examples=[["."]],
    )
    strict: bool | None = Field(default=None, description="true: a plan with anything blocked is refused, as --strict.")
    limits: Limits | None = Field(default=None, description="How much one run may change; --max-changes comes first.")
    allow: Allowed | None = Field(default=None, description="Actions that need no word on the command line.")
    connection: Connection | None = Field(default=None, description="Where Azure is and how it is asked.")
    lock: Lock | None = Field(default=None, description="A lease that keeps two runs apart.")
