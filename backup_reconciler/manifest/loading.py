"""Paths → manifests, or everything that is wrong with them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Written
from backup_reconciler.manifest.files import file_problem, find, read, shown_path
from backup_reconciler.manifest.problem import ManifestError, Problem
from backup_reconciler.manifest.rules import broken_rules
from backup_reconciler.manifest.shape.validation import validate
from backup_reconciler.manifest.text.parse import Parsed, parse
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.rules.file import NO_MANIFESTS


def load(paths: Sequence[Path]) -> Manifests:
    """Read and check the manifests of some files and folders.

    Raises ManifestError with every problem of every file: one run is enough to see all there is to mend.
    """
    found = find(paths)
    of_files = list(found.problems)
    collected = Collected()
    of_documents = _collect((_parsed(file) for file in found.files), collected, of_files)
    if not collected.documents and not of_files:
        of_files.append(_nothing(paths))
    problems = [*of_files, *of_documents, *broken_rules(collected, whole=not of_files)]
    if problems:
        raise ManifestError(problems)
    return collected.manifests()


def check(text: str) -> list[Problem]:
    """Everything that is wrong with a text by itself."""
    collected, of_text = Collected(), list[Problem]()
    of_documents = _collect([parse(text, "")], collected, of_text)
    return [*of_text, *of_documents, *broken_rules(collected, whole=not of_text)]


def _collect(parsed: Iterable[Parsed], collected: Collected, of_files: list[Problem]) -> list[Problem]:
    """Take up every document; returns the problems of documents and adds those of files to `of_files`."""
    of_documents: list[Problem] = []
    for one in parsed:
        of_files += one.problems
        for tree in one.trees:
            of_documents += _take_up(Written.of(tree), collected)
    return of_documents


def _parsed(file: Path) -> Parsed:
    text = read(file)
    return Parsed(problems=[text]) if isinstance(text, Problem) else parse(text, shown_path(file))


def _take_up(written: Written, collected: Collected) -> list[Problem]:
    """Add a document to what was read, and tell what is wrong with the document by itself."""
    collected.documents.append(written)
    problems = written.told_by_tree()
    document = validate(written)
    if isinstance(document, list):
        return problems + document
    if not problems:
        collected.declare(document, written)
    return problems


def _nothing(paths: Sequence[Path]) -> Problem:
    return file_problem(next(iter(paths), Path()), "nothing is declared here", NO_MANIFESTS.remedy, NO_MANIFESTS)
