"""Python's garbage collector, held while much is read that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within, nothing is looked through for garbage; also a decorator, of verbs that end soon.

    An estate is a million objects that stay, and the collector would visit them time and again while they come. What is
    no longer needed goes all the same, but for what refers to itself, and that is some kilobytes a request.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
