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
    remedy="use 1 to 90 letters, digits, '_', '-', '.', '(' and ')', with no dot at the end",
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
EMPTY_MAPPING = rule(
    "empty-mapping",
    "A mapping that is stated says something.",
    why="It would be neither compared nor written, and looks as if it were.",
    remedy="state one of its fields, or leave it out",
)
EMPTY_TEXT = rule(
    "empty-text",
    "A text that is meant to be read is not blank.",
    why="Whoever reads the reason or the name later has nothing else to go by.",
    remedy="write it out",
)
TAG_FORM = rule(
    "tag-form",
    "A tag's name has 1 to 512 characters, none of them < > % & \\ ? /, and its value at most 256; a vault has at most "
    "50 tags.",
    why="The service refuses others.",
    remedy="correct the tag",
    source="Azure Resource Manager: tag limits",
)
DUPLICATE_ITEM = rule(
    "duplicate-item",
    "A list has each of its items once; where Azure ignores letter case, so does this.",
    why="The second says nothing, and is most likely a misspelling of something else.",
    remedy="remove one of the two",
)
RESOURCE_ID = rule(
    "resource-id",
    "An Azure resource is given by its whole id, /subscriptions/…/resourceGroups/…/providers/…, and is of the type "
    "that is asked for.",
    why="Names are unique in a resource group only, and Azure's own answer to another id says nothing of its type.",
    remedy="use the id that 'az resource show --query id' prints",
    source="Azure Resource Manager ids",
)
