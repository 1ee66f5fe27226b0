"""What a service tag depends on: a way out to Azure Backup alone is none."""

from collections import defaultdict
from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.outbound.destinations import is_destination
from backup_reconciler.manifest.rules.outbound.target import key_of, targets
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.rules.outbound import SERVICE_TAG_COMPANIONS


def companions(collected: Collected) -> Iterator[Problem]:
    """Tells each document once, by the first target for which no document opens what AzureBackup depends on."""
    documents = [
        document
        for document in collected.outbound
        if document.spec.method == "nsg" and document.spec.state == "present"
    ]
    opened: dict[tuple[str, str], set[str]] = defaultdict(set)
    for document in documents:
        for path, text in targets(document):
            opened[key_of(path, text)] |= {tag.partition(".")[0] for tag in _tags(document)}
    for document in documents:
        if "AzureBackup" in _tags(document) and all(map(is_destination, _tags(document))):
            closed = (_closed(opened[key_of(path, text)]) for path, text in targets(document))
            missing = next(filter(None, closed), None)
            if missing:
                path = ("spec", "nsg", "destinations", _tags(document).index("AzureBackup"))
                what = f"AzureBackup depends on {' and '.join(missing)}, which no document opens for the same target"
                yield document.warning(SERVICE_TAG_COMPANIONS, path, what)


def _tags(document: Declared[OutboundAccessSpec]) -> tuple[str, ...]:
    return document.spec.security_rules().destinations


def _closed(opened: set[str]) -> list[str]:
    return [tag for tag in ("Storage", "AzureActiveDirectory") if tag not in opened]


RULES = (companions,)
