"""Rules of documents of any kind: their shape, their handles, what they refer to."""

from backup_reconciler.spec.rules.rule import rule

DOCUMENT_SHAPE = rule(
    "document-shape",
    "A document is a mapping with apiVersion, kind, metadata and spec.",
    why="Everything else is decided by kind.",
    remedy="start the document with 'apiVersion: backup-reconciler/v1' and a kind",
)
UNKNOWN_KIND = rule(
    "unknown-kind",
    "A document has a kind that this version knows.",
    why="A misspelt kind would otherwise be a resource that is silently not managed.",
    remedy="use one of the known kinds",
)
UNKNOWN_FIELD = rule(
    "unknown-field",
    "A document has only fields that its kind knows.",
    why="A misspelt field would otherwise be a wish that is silently not granted.",
    remedy="remove the field or correct its name",
)
MISSING_FIELD = rule(
    "missing-field",
    "A document has every field that its kind requires.",
    why="There is no default that would be right for everybody.",
    remedy="add the field",
)
WRONG_TYPE = rule(
    "wrong-type",
    "A field's value has the field's type.",
    why="Azure's own answer to a wrong type names no field.",
    remedy="write a value of the type that is asked for",
)
NOT_ALLOWED = rule(
    "value-not-allowed",
    "A field's value is one of those that are allowed.",
    why="Azure's own answer to a wrong value names no field.",
    remedy="use one of the allowed values",
)
NULL_VALUE = rule(
    "null-value",
    "A field is stated or left out, never null.",
    why="A field that is left out is not managed; null would leave open whether that was meant.",
    remedy="give the field a value, or leave it out so that it is not managed",
)
DUPLICATE_TAG = rule(
    "duplicate-tag",
    "A tag's name is used once, whatever its letter case.",
    why="Azure's tag names ignore letter case: the two would be one tag with two values.",
    remedy="remove one of the two",
    source="Azure Resource Manager: tag names are case-insensitive",
)
DUPLICATE_HANDLE = rule(
    "duplicate-handle",
    "A handle (metadata.name) is used once per kind, whatever its letter case.",
    why="Other documents refer to it.",
    remedy="rename one of the two",
)
DUPLICATE_TARGET = rule(
    "duplicate-target",
    "One Azure resource is declared once.",
    why="Two declarations of the same resource would take turns in changing it.",
    remedy="merge the two documents",
)
UNKNOWN_REFERENCE = rule(
    "unknown-reference",
    "A reference names a document that exists.",
    why="There is nothing to refer to.",
    remedy="declare it, or correct the name",
)
HANDLE_FORM = rule(
    "handle-form",
    "A handle has letters, digits, '.', '_', '!' and '-', starts with a letter or digit, and is 1 to 150 long.",
    why="It is part of file names, reports and references.",
    remedy="use letters, digits and hyphens",
)
