"""Rules of files and of their YAML."""

from backup_reconciler.spec.rules.rule import rule

FILE_UNREADABLE = rule(
    "file-unreadable",
    "A manifest is a readable UTF-8 text file.",
    why="What cannot be read cannot be compared, and skipping it would make its resources look undeclared.",
    remedy="save the file as UTF-8 text and check its permissions",
)
FILE_TOO_LARGE = rule(
    "file-too-large",
    "A manifest file has at most 10 MB.",
    why="Nobody writes one that large; it is usually another file in the wrong folder.",
    remedy="split it into several files, or move it out of the folder",
)
FILE_UNWRITABLE = rule(
    "file-unwritable",
    "A manifest that is to be formatted may be written, and so may its folder.",
    why="The formatted file takes the place of the other in one step, so that none is ever half written.",
    remedy="check the permissions of the file and of its folder",
)
FORMAT_KEEPS_MEANING = rule(
    "format-keeps-meaning",
    "Formatting changes how a manifest is written, never what it says.",
    why="Before a file is written it is read once more; where its values or comments would differ it stays as it is.",
    remedy="the file was left as it was; please report it, because this is a mistake of backup-reconciler itself",
)
NO_MANIFESTS = rule(
    "no-manifests",
    "At least one document asks for something; settings and exemptions do not.",
    why="An empty desired state is far more often a wrong path than a wish.",
    remedy="name a file or folder that holds *.yaml manifests",
)
YAML_SYNTAX = rule(
    "yaml-syntax",
    "A manifest is well-formed YAML.",
    why="Guessing at broken YAML would plan something nobody wrote.",
    remedy="mend the YAML at this place",
)
YAML_ALIAS = rule(
    "yaml-alias",
    "An alias stands for the value of an anchor that is written above it in its document.",
    why="YAML knows no other; an alias within its own anchor would have no end.",
    remedy="write the value out where it is used",
)
YAML_EXPANSION = rule(
    "yaml-expansion",
    "The aliases of a file bring at most 1,000 values into it.",
    why="Aliases of aliases grow without bound; a few lines would fill the memory of whoever reads them.",
    remedy="write the values out, or split the file",
)
YAML_TAG = rule(
    "yaml-tag",
    "Tags (a '!' before a value) are not used.",
    why="Every field has one type; a tag could only contradict it.",
    remedy="remove the tag; a text that begins with '!' needs quotes",
)
YAML_DEPTH = rule(
    "yaml-depth",
    "Values are nested at most 50 levels deep.",
    why="No document needs more than a few; deeper ones exist to exhaust their reader.",
    remedy="remove the nesting",
)
DUPLICATE_KEY = rule(
    "duplicate-key",
    "A mapping has each key once.",
    why="YAML parsers silently keep the last one, which is not what the first line says.",
    remedy="remove one of the two",
)
