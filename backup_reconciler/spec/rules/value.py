"""Rules of values that several kinds use."""

from backup_reconciler.spec.rules.rule import rule

SUBSCRIPTION_ID = rule(
    "subscription-id",
    "A subscription is given by its id, a GUID.",
    why="Names of subscriptions are not unique and can change.",
    remedy="use the id that 'az account list --output table' prints",
    source="Azure Resource Manager ids",
)
RESOURCE_GROUP_NAME = rule(
    "resource-group-name",
    "A resource group's name has 1 to 90 letters, digits, '_', '-', '.', '(' and ')', and does not end with a dot.",
    why="The service refuses every other name.",
    remedy="correct the name",
    source="Azure naming rules for resource groups",
)
REGION_NAME = rule(
    "region-name",
    "A region is given by its name: letters and digits, spaces and letter case do not count.",
    why="The service refuses other texts, and a selection by them would match nothing.",
    remedy="use a name such as japaneast or 'Japan East'",
    source="Azure Resource Manager: names of locations",
)
EMPTY_LIST = rule(
    "empty-list",
    "A list that is stated is not empty.",
    why="It would select nothing, or everything, depending on who reads it.",
    remedy="list at least one, or leave the field out",
)
