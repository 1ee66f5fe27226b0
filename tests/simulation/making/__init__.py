"""From a seed to a scenario."""

from tests.simulation.making.cast import Cast
from tests.simulation.making.documents import first_version, next_version
from tests.simulation.making.happenings import stage_of
from tests.simulation.making.worlds import world_of
from tests.simulation.scenario import Scenario


def scenario_of(seed: int) -> Scenario:
    """The scenario of a seed: the same for ever, as long as this package stays as it is."""
    cast = Cast(seed)
    world = world_of(cast)
    versions = [first_version(cast)]
    for _ in range(cast.rng.choice([0, 1, 1, 2])):
        versions.append(next_version(cast, versions[-1]))
    stages = tuple(stage_of(cast, len(versions), number) for number in range(cast.rng.randint(1, 3)))
    return Scenario(seed, world, tuple(versions), stages)
