"""The short run: each thing that is read, from examples and from examples that are spoiled."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutated
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

_EXAMPLES = {"estates": 12, "earlier-reports": 20, "sealed-plans": 40, "options": 200, "lock-metadata": 200}
"""How many, where a single one takes much or little time."""


@pytest.fixture(params=TARGETS.values(), ids=lambda target: target.name)
def target(request: pytest.FixtureRequest) -> Target:
    assert isinstance(request.param, Target)
    return request.param


def test_examples_are_read(target: Target) -> None:
    examples = target.examples()
    assert examples
    for example in examples:
        target.read(example)


def test_any_bytes_are_read_or_refused(target: Target) -> None:
    @settings(max_examples=25)
    @given(st.binary(max_size=200))
    def run(data: bytes) -> None:
        target.read(data)

    run()


def test_what_is_spoiled_is_read_or_refused(target: Target) -> None:
    examples = target.examples()

    @settings(max_examples=_EXAMPLES.get(target.name, 60), suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(examples), st.integers(0, 2**32))
    def run(example: bytes, seed: int) -> None:
        target.read(mutated(example, target.language, Random(seed)))

    run()
