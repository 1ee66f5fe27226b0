"""The order in which problems are told."""

from collections.abc import Iterable, Mapping

from backup_reconciler.manifest.problem import Problem


def in_order(problems: Iterable[Problem], files: Mapping[str, int]) -> list[Problem]:
    """By the order in which files were read, then by place; always the same for the same input."""

    def key(problem: Problem) -> tuple[int, int, int, str, str, str]:
        place = problem.place
        number = files.get(place.file, len(files))
        return (number, place.line, place.column, problem.rule.id, problem.field, problem.what)

    return sorted(_once(problems), key=key)


def _once(problems: Iterable[Problem]) -> Iterable[Problem]:
    """What is wrong with a value that aliases repeat is told once, and of the value itself rather than of an alias."""
    told: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        key = (problem.place, problem.subject, problem.rule.id, problem.what, problem.remedy)
        if key not in told or (told[key].also and not problem.also):
            told[key] = problem
    return told.values()
