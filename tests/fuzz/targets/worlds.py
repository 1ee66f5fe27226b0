"""World files, and the state that a box keeps beside one."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from backup_reconciler.sandbox import WorldError
from backup_reconciler.sandbox.state import load_state, new_state, save_state, state_path
from backup_reconciler.sandbox.world_file import load_world
from tests.fuzz.looks import assert_told
from tests.fuzz.target import Target

_REPOSITORY = Path(__file__).parents[3]


def _read_world(data: bytes) -> None:
    """What is a world can be opened."""
    file = _world().with_name("fuzzed.world.yaml")
    file.write_bytes(data)
    try:
        world = load_world(file)
    except WorldError as error:
        assert_told(error)
        return
    new_state(world)


def _read_state(data: bytes) -> None:
    path = state_path(_world())
    path.write_bytes(data)
    try:
        load_state(_world(), load_world(_world()))
    except WorldError:
        return


@cache
def _world() -> Path:
    file = Path(mkdtemp(prefix="fuzz-")) / "small.world.yaml"
    file.write_bytes(_worlds()[0])
    world = load_world(file)
    state_path(file).parent.mkdir()
    save_state(file, world, new_state(world))
    return file


def _worlds() -> list[bytes]:
    return [file.read_bytes() for file in sorted(_REPOSITORY.glob("manifests/*/*.world.yaml"), key=_size)]


def _size(file: Path) -> int:
    return file.stat().st_size


def _states() -> list[bytes]:
    return [state_path(_world()).read_bytes()]


WORLDS = Target("worlds", "yaml", _read_world, _worlds)
STATES = Target("states", "json", _read_state, _states)
