"""Paths → manifests, and everything that is wrong with them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Written
from backup_reconciler.manifest.files import file_problem, find, read, shown_path
from backup_reconciler.manifest.problem import ManifestError, Problem, Severity
from backup_reconciler.manifest.problem_order import in_order
from backup_reconciler.manifest.roots import left_out
from backup_reconciler.manifest.rules import broken_rules
from backup_reconciler.manifest.settings_file import SETTINGS_FILE
from backup_reconciler.manifest.shape.readings import MOST_BROKEN, Broken
from backup_reconciler.manifest.shape.validation import validate
from backup_reconciler.manifest.text.parse import Parsed, parse
from backup_reconciler.spec.document import KINDS, Manifests
from backup_reconciler.spec.rules.file import NO_MANIFESTS


@dataclass(frozen=True, slots=True)
class Inspection:
    """What some paths hold, and what is wrong with it."""

    manifests: Manifests
    """What is declared by the documents that have their shape."""
    declared: Mapping[str, int]
    """Number of documents by kind, broken ones included."""
    problems: tuple[Problem, ...]
    """In the order of files, lines and columns."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the manifests from being used."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)


def load(paths: Sequence[Path]) -> Manifests:
    """Read and check the manifests of some files and folders.

    Raises ManifestError with every error of every file: one run is enough to see all there is to mend. Warnings are
    `inspect`'s to tell, and what the day decides is judged by the plan, which knows the day it is made for.
    """
    inspection = inspect(paths, as_of=None)
    if inspection.errors:
        raise ManifestError(inspection.errors)
    manifests = inspection.manifests
    if not manifests:
        raise ManifestError([_nothing(paths)])  # settings alone are valid, and declare nothing
    if len(manifests) == len(manifests.exemptions):
        raise ManifestError([_nothing(paths, "only exemptions are declared here, which ask for nothing")])
    return replace(manifests, roots_left_out=tuple(left_out(manifests.settings, paths)))


def inspect(paths: Sequence[Path], *, as_of: date | None) -> Inspection:
    """Read some files and folders and check all that can be known without Azure.

    `as_of` is the day by which approvals and exemptions have expired or not; None leaves such rules out.
    """
    found = find(paths)
    order = {_file_of(each): number for number, each in reversed(list(enumerate(found)))}
    collected, of_files = Collected(), list[Problem]()
    of_documents = _collect(map(_parsed, found), collected, of_files)
    of_settings = all(document.kind == "Settings" for document in collected.documents)
    if of_settings and not of_files and any(path.name != SETTINGS_FILE for path in paths):
        of_files.append(_nothing(paths))
    problems = [*of_files, *of_documents, *broken_rules(collected, whole=not of_files, as_of=as_of)]
    kinds = Counter(document.kind for document in collected.documents)
    return Inspection(collected.manifests(), {kind: kinds[kind] for kind in KINDS}, tuple(in_order(problems, order)))


def check(text: str) -> list[Problem]:
    """Every problem of a text by itself."""
    collected, of_text = Collected(), list[Problem]()
    of_documents = _collect([parse(text, "")], collected, of_text)
    return in_order([*of_text, *of_documents, *broken_rules(collected, whole=not of_text, as_of=None)], {})


def _collect(parsed: Iterable[Parsed], collected: Collected, of_files: list[Problem]) -> list[Problem]:
    """Take up every document; returns the problems of documents and adds those of files to `of_files`."""
    of_documents: list[Problem] = []
    for one in parsed:
        of_files += one.problems
        for tree in one.trees:
            of_documents += _take_up(Written.of(tree), collected)
    return of_documents


def _file_of(found: Path | Problem) -> str:
    return found.place.file if isinstance(found, Problem) else shown_path(found)


def _parsed(found: Path | Problem) -> Parsed:
    text = found if isinstance(found, Problem) else read(found)
    return Parsed(problems=[text]) if isinstance(text, Problem) else parse(text, _file_of(found))


def _take_up(written: Written, collected: Collected) -> Iterator[Problem]:
    """Add a document to what was read, and tell what is wrong with the document by itself."""
    collected.documents.append(written)
    yield from written.told_by_tree()
    document = validate(written)
    if isinstance(document, list):
        yield from document
    if not isinstance(document, list) and not written.tree.problems:
        collected.declare(document, written)
    elif len(collected.broken) < MOST_BROKEN:
        collected.broken.append(Broken(written))


def _nothing(paths: Sequence[Path], what: str = "nothing is declared here") -> Problem:
    return file_problem(next(iter(paths), Path()), what, NO_MANIFESTS.remedy, NO_MANIFESTS)
