"""The day it is, or is taken to be."""

from datetime import UTC, date, datetime
from typing import Annotated, TypeAlias

import typer

from backup_reconciler.spec.day import written_day


def today() -> date:
    """Today, in UTC; what depends on the day does not depend on where it runs."""
    return datetime.now(UTC).date()


def written(text: str) -> date:
    """The day that an option names."""
    day = written_day(text)
    if day is None:
        raise typer.BadParameter(f"'{text}' is not a day such as 2027-01-31.")
    return day


AsOf: TypeAlias = Annotated[
    date | None,
    typer.Option(
        parser=written,
        metavar="DAY",
        help="The day (2027-01-31) by which approvals expire and local hours are worked out, not today.",
    ),
]
