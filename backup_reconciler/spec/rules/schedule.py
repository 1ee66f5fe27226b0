"""Rules of schedules and of their clocks."""

from backup_reconciler.spec.rules.rule import rule

SCHEDULE_TIME = rule(
    "schedule-time",
    "A backup starts on the hour or the half hour, written HH:MM with 24 hours.",
    why="The service refuses other times with a message that names no field (BMSUserErrorInvalidPolicyInput).",
    remedy='write the nearest half hour, for example "23:00" or "23:30"',
    source="validation of hashicorp/terraform-provider-azurerm; Azure PowerShell issue 15769",
)
HOURLY_INTERVAL = rule(
    "hourly-interval",
    "An hourly schedule makes a backup every 4, 6, 8 or 12 hours.",
    why="The service refuses other intervals with a message that names no field.",
    remedy="use 4, 6, 8 or 12",
    source="validation of hashicorp/terraform-provider-azurerm; Azure Backup: Enhanced policy for VMs",
)
HOURLY_WINDOW = rule(
    "hourly-window",
    "The window of an hourly schedule is 4 to 24 hours long and a multiple of its interval. It may pass midnight.",
    why="The service refuses other windows with a message that names no field.",
    remedy="use a multiple of every, up to 24",
    source="validation and acceptance tests of hashicorp/terraform-provider-azurerm",
)
TIME_ZONE = rule(
    "time-zone",
    "A time zone is an IANA name or a Windows id.",
    why="The service knows Windows ids alone; IANA names are translated.",
    remedy="use a name such as Asia/Tokyo or 'Tokyo Standard Time'",
    source="Unicode CLDR windowsZones, as kept by tzlocal",
)
LOCAL_HOUR_ZONE = rule(
    "local-hour-zone",
    "A policy with daylightSaving: keep-local-hour states its time zone.",
    why="Without it nobody can tell when the clocks change.",
    remedy="add timeZone, such as Europe/Berlin",
)
LOCAL_HOUR_SCHEDULE = rule(
    "local-hour-schedule",
    "A policy with daylightSaving: keep-local-hour states its schedule.",
    why="The hour that Azure has is of the day on which it was written; only a manifest can say which one is meant.",
    remedy="add schedule, or remove daylightSaving",
)
LOCAL_HOUR_TWIN = rule(
    "local-hour-twin",
    "For keep-local-hour there is a Windows time zone of the same standard offset whose clocks never change.",
    why="What the service does with a zone whose clocks change is not documented alike everywhere, so the policy is "
    "written in one whose clocks do not.",
    remedy="use daylightSaving: as-service, or another timeZone",
    source="Azure support matrix: backups do not follow daylight saving; azure-docs issue 49415",
)
LOCAL_HOUR_MIDNIGHT = rule(
    "local-hour-midnight",
    "With keep-local-hour, monthly and yearly points are kept only of backups that stay on one day all year.",
    why="Written in a time zone whose clocks never change, such a backup starts on the day before or after while "
    "daylight saving holds; a date or week of the month would then choose other points.",
    remedy="start at an hour that stays on one day, or use daylightSaving: as-service",
)
