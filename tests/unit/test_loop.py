"""Running the asynchronous part of a verb."""

from backup_reconciler.cli.loop import run


class _Large:
    written_out = 0

    def __repr__(self) -> str:
        self.written_out += 1
        return "the whole estate, for nobody"


def test_a_result_is_handed_on_and_not_written_out() -> None:
    large = _Large()

    async def work() -> _Large:
        return large

    assert run(work()) is large
    assert large.written_out == 0
