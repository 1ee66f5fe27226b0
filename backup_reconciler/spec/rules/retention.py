"""Rules of retention, instant restore and the archive tier."""

from backup_reconciler.spec.rules.rule import rule

DAILY_RETENTION = rule(
    "daily-retention",
    "Daily points are kept for at least 7 days (or exactly 1), at most 9999.",
    why="A policy from before that keeps them for 2 to 6 days goes on, and the service takes no new one and no change, "
    "not even of another field.",
    remedy="use 7 or more",
    source="terraform-provider-azurerm issues 7792 and 7898; Azure support matrix",
)
DAILY_NEEDS_DAILY = rule(
    "daily-needs-daily",
    "A policy that runs daily or hourly states retention.daily.",
    why="The service refuses a daily or hourly schedule without a daily retention.",
    remedy="add retention.daily.days",
    source="terraform-provider-azurerm and Azure PowerShell, backup policy validation",
)
WEEKLY_NEEDS_WEEKLY = rule(
    "weekly-needs-weekly",
    "A policy that runs weekly states retention.weekly.",
    why="The service refuses a weekly schedule without a weekly retention.",
    remedy="add retention.weekly with weeks and days",
    source="terraform-provider-azurerm and Azure PowerShell, backup policy validation",
)
WEEKLY_FORBIDS_DAILY = rule(
    "weekly-forbids-daily",
    "A policy that runs weekly has no retention.daily.",
    why="The service refuses a weekly schedule with a daily retention.",
    remedy="remove retention.daily, or use a daily schedule",
    source="terraform-provider-azurerm and Azure PowerShell, backup policy validation",
)
RETENTION_DAY = rule(
    "retention-day",
    "With a weekly schedule, points are kept of days on which it runs.",
    why="There is no backup on other days; the service refuses them with a message that names no field.",
    remedy="remove the day, or add it to schedule.days",
    source="Azure PowerShell, backup policy validation; azure-powershell issue 10821",
)
WEEKLY_DAYS = rule(
    "weekly-days",
    "With a weekly schedule, retention.weekly names every day on which it runs.",
    why="A backup that no level keeps has no end; Azure's own tools let the two lists differ in nothing.",
    remedy="add the day to retention.weekly.days, or remove it from schedule.days",
    source="Azure PowerShell, backup policy validation",
)
WEEKLY_BY_DATE = rule(
    "weekly-by-date",
    "With a weekly schedule, monthly and yearly points are chosen by weeks and days, not by dates.",
    why="Most dates fall on days without a backup; Azure's own tools refuse them.",
    remedy="state weeks and days instead of dates",
    source="Azure PowerShell, backup policy validation",
)
RETENTION_COUNT = rule(
    "retention-count",
    "A count of weeks, months or years is from 1 to 9999.",
    why="It is the range of the service's schema.",
    remedy="use a number from 1 to 9999",
    source="Azure support matrix: at most 9999 recovery points",
)
RETENTION_FORMAT = rule(
    "retention-format",
    "Monthly and yearly points are chosen either by weeks and days, or by dates.",
    why="The service knows two formats and a policy uses one of them per level.",
    remedy="state weeks and days together, or dates alone",
    source="azure-mgmt-recoveryservicesbackup, retentionScheduleFormatType",
)
RETENTION_DATE = rule(
    "retention-date",
    "A date is a day of the month from 1 to 28, or 'last'.",
    why="Not every month has the others, and the service's tools refuse them.",
    remedy="use 1 to 28, or last",
    source="Azure PowerShell backup module",
)
INSTANT_RESTORE_DAYS = rule(
    "instant-restore-days",
    "Snapshots for instant restore are kept 1 to 5 days, by an Enhanced policy 1 to 30, with a weekly schedule 5.",
    why="The service refuses other values with a message that names no field.",
    remedy="use a value of the range, or leave instantRestoreDays out",
    source="az CLI backup module; Azure support matrix; terraform-provider-azurerm issue 24539",
)
INSTANT_RESTORE_BELOW_DAILY = rule(
    "instant-restore-below-daily",
    "Instant-restore days are fewer than the days a daily point is kept; both may be 1.",
    why="The service refuses them with BMSUserErrorInstantRPRetentionExceedsVaultedRetention.",
    remedy="shorten instantRestoreDays or lengthen retention.daily.days",
    source="recorded refusals of the service; terraform-provider-azurerm, backup policy validation",
)
ARCHIVE_MONTHS = rule(
    "archive-months",
    "With mode: TierAfter, archiveTier states the months after which points move, 3 or more; other modes have none.",
    why="The service moves no point that is younger than three months.",
    remedy="state 3 months or more with mode: TierAfter, and none with another mode",
    source="Azure Backup: archive tier support; Azure PowerShell, backup policy validation",
)
ARCHIVE_RETENTION = rule(
    "archive-retention",
    "A policy that moves points to the archive tier keeps monthly or yearly points.",
    why="No other points are moved; the service refuses the policy (BMSUserErrorInvalidPolicyInput).",
    remedy="add retention.monthly or retention.yearly, or use mode: DoNotTier",
    source="Azure Backup: archive tier support",
)
ARCHIVE_REMAINING = rule(
    "archive-remaining",
    "Monthly or yearly points are kept for six months or more after they move to the archive tier.",
    why="Only such points are moved, and Azure's own tools refuse a policy that has none.",
    remedy="keep monthly or yearly points for longer, or use mode: DoNotTier",
    source="Azure Backup: archive tier support; Azure PowerShell, backup policy validation",
)
ARCHIVE_REDUNDANCY = rule(
    "archive-redundancy",
    "A policy of a zone-redundant vault moves no points to the archive tier.",
    why="There is no archive tier beside zone-redundant storage; the service refuses the policy.",
    remedy="use mode: DoNotTier, or leave this vault out of the policy's vaults",
    source="Azure Backup: archive tier support",
)
