"""What is wrong with documents that break their shape, however their faults will be mended."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.shape.readings import READINGS, Broken


def certain(collected: Collected, ask: Callable[[Collected], Iterable[Problem]]) -> Iterator[Problem]:
    """The problems that `ask` has with every reading of the broken documents, and that touch nothing doubtful."""
    told = dict.fromkeys(ask(collected.reading(0)))
    for number in range(1, READINGS):
        again = set(ask(collected.reading(number)))
        told = {problem: None for problem in told if problem in again}
    doubts = _Doubts(collected.broken)
    return (problem for problem in told if not doubts.touch(problem))


class _Doubts:
    """Where nothing can be said, in any of the broken documents."""

    def __init__(self, documents: Iterable[Broken]) -> None:
        self._by_document: dict[tuple[str, str], list[Broken]] = defaultdict(list)
        for broken in documents:
            self._by_document[broken.written.tree.place(()).file, broken.written.subject].append(broken)
        self._places = {place for broken in documents for place in broken.doubtful_places()}

    def touch(self, problem: Problem) -> bool:
        of_document = self._by_document.get((problem.place.file, problem.subject), ())
        return problem.also in self._places or any(broken.is_doubtful(problem.path) for broken in of_document)
