"""Whatever a file holds, setting the proxy and taking it away again leaves every byte of it as it was."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.plan.proxy.scratch import Scratch

LINES = st.sampled_from(
    [b"http_proxy=http://old:1", b"HttpProxy.Host=old", b"# note", b"", b" ", b"A='b\"c", b"\\n\\t%s", b"\xe9\xff"]
)
FILES = st.builds(
    lambda lines, ends, finished: b"".join(map(b"".join, zip(lines, ends, strict=False))) + (b"" if finished else b"x"),
    st.lists(LINES, min_size=1, max_size=6),
    st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=6, max_size=6),
    st.booleans(),
)


@settings(max_examples=4)
@given(environment=FILES, agent=FILES)
def test_undoing_restores_every_byte(environment: bytes, agent: bytes) -> None:
    with TemporaryDirectory() as folder:
        machine = Scratch(Path(folder))
        machine.holds(environment, agent)
        before = machine.contents()
        machine.set()
        assert machine.contents() != before
        machine.unset()
        assert machine.contents() == before
