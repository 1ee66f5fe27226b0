"""The reports of the shards of one run, joined to the report of the whole."""

from backup_reconciler.report.merge.errors import MergeError
from backup_reconciler.report.merge.files import ShardReport, read_shard_report
from backup_reconciler.report.merge.joined import joined
from backup_reconciler.report.merge.saved import ShardPlan, joined_plans, read_shard_plan

__all__ = [
    "MergeError",
    "ShardPlan",
    "ShardReport",
    "joined",
    "joined_plans",
    "read_shard_plan",
    "read_shard_report",
]
