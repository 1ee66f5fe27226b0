"""Rules of the settings file."""

from backup_reconciler.spec.rules.rule import rule

SETTINGS_PLACE = rule(
    "settings-place",
    "Settings stand in the file backup-reconciler.yaml, alone.",
    why="A run must find them without reading every manifest, and there must be one answer.",
    remedy="move the document to backup-reconciler.yaml beside the manifests, and other documents out of that file",
)
SETTINGS_TWICE = rule(
    "settings-twice",
    "One run has one settings file.",
    why="Two files could allow different things.",
    remedy="run once for each of them, or keep one file above both folders",
)
SETTINGS_RANGE = rule(
    "settings-range",
    "Numbers in the settings are within their range.",
    why="A limit out of its range would hold nothing back.",
    remedy="use a number within the range",
)
SETTINGS_ROOT = rule(
    "settings-root",
    "A root is a folder at or below the settings file.",
    why="What is outside would be taken for undeclared.",
    remedy="name a folder from the settings file's own, such as . or prod",
)
SETTINGS_LOCK = rule(
    "settings-lock",
    "The lock is the plain https URL of a blob in Azure Blob Storage, without a signature.",
    why="A signed URL is a secret, and secrets do not belong in git; credentials come from the environment, and go to "
    "Azure's own hosts alone. For rehearsals there may be an emulator on this machine, as in "
    "http://127.0.0.1:10000/devstoreaccount1/CONTAINER/NAME.",
    remedy="write https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME",
    source="Azure Blob Storage: lease blob",
)
