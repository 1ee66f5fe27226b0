"""Rules of backup policies."""

from backup_reconciler.spec.rules.rule import rule

POLICY_NAME = rule(
    "policy-name",
    "A policy's name has 3 to 150 letters, digits, '-', '_' and '!' and starts with a letter.",
    why="The service refuses every other name.",
    remedy="choose a name such as daily-30d, or state spec.name where only the handle is different",
    source="Azure naming rules for backup policies of VMs",
)
POLICY_TAGS = rule(
    "policy-tags",
    "Only vaults have tags; policies have none.",
    why="The service accepts tags on a policy and never stores them: the next plan would find them missing, for ever.",
    remedy="remove tags here, or put them on the vault",
    source="terraform-provider-azurerm issues 5729, 8984 and 15284",
)
SCHEDULE_TIME = rule(
    "schedule-time",
    "A backup starts on the hour or the half hour, written HH:MM with 24 hours.",
    why="The service refuses other times with a message that names no field (BMSUserErrorInvalidPolicyInput).",
    remedy='write the nearest half hour, for example "23:00" or "23:30"',
    source="validation of hashicorp/terraform-provider-azurerm; Azure PowerShell issue 15769",
)
INSTANT_RESTORE_DAYS = rule(
    "instant-restore-days",
    "A Standard policy with a daily schedule keeps instant-restore snapshots for 1 to 5 days.",
    why="The service refuses other values with a message that names no field.",
    remedy="use 1, 2, 3, 4 or 5; the service's own default is 2",
    source="az CLI backup module; Azure support matrix",
)
INSTANT_RESTORE_BELOW_DAILY = rule(
    "instant-restore-below-daily",
    "Instant-restore days are fewer than the days a daily point is kept.",
    why="The service refuses them with BMSUserErrorInstantRPRetentionExceedsVaultedRetention.",
    remedy="shorten instantRestoreDays or lengthen retention.daily.days",
    source="BMSUserErrorInstantRPRetentionExceedsVaultedRetention",
)
DAILY_RETENTION = rule(
    "daily-retention",
    "Daily points are kept for at least 7 days (or exactly 1), at most 9999.",
    why="The service refuses 2 to 6 for new and changed policies.",
    remedy="use 7 or more",
    source="terraform-provider-azurerm issues 7792 and 7898; Azure support matrix",
)
DAILY_NEEDS_DAILY = rule(
    "daily-needs-daily",
    "A policy that runs daily states retention.daily.",
    why="The service refuses a daily schedule without a daily retention.",
    remedy="add retention.daily.days",
    source="terraform-provider-azurerm, backup policy validation",
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
TIME_ZONE = rule(
    "time-zone",
    "A time zone is an IANA name or a Windows id.",
    why="The service knows Windows ids alone; IANA names are translated.",
    remedy="use a name such as Asia/Tokyo or 'Tokyo Standard Time'",
    source="Unicode CLDR windowsZones, as kept by tzlocal",
)
POLICY_INCOMPLETE = rule(
    "policy-incomplete",
    "A policy that does not exist yet states its schedule and its retention.",
    why="There is nothing in Azure to take the unstated values from.",
    remedy="add schedule and retention",
)
POLICY_TIER = rule(
    "policy-tier",
    "A policy keeps its tier and its kind of schedule.",
    why="The service cannot turn a Standard policy into an Enhanced one in place, nor back.",
    remedy="declare a new policy under another name and assign the VMs to that",
    source="Azure Backup: Enhanced policy for VMs; azure-cli migration prompt",
)
POLICY_NOT_UNDERSTOOD = rule(
    "policy-not-understood",
    "A live policy can be told in the words of a manifest.",
    why="Comparing what is not understood would invent differences.",
    remedy="leave it to the tool that made it, or declare a new policy under another name",
)
