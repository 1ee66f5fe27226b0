"""The reports of the shards of one run, joined to the report of the whole."""

from backup_reconciler.report.merge.errors import MergeError
from backup_reconciler.report.merge.files import ShardReport, read_shard_report
from backup_reconciler.report.merge.joined import joined

__all__ = ["MergeError", "ShardReport", "joined", "read_shard_report"]
