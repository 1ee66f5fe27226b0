"""Ranges of numbers: each is what one rule checks, and what an editor checks while the number is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # only the schema verb needs them, and they are slow to import
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that a number may be, as the annotation of a field that holds such a number.

    Pydantic takes any number there, because the rule tells what is wrong in its own words; it passes the range on to
    the JSON Schema.
    """

    least: int
    most: int

    def __contains__(self, number: int) -> bool:
        return self.least <= number <= self.most

    def nearest(self, number: int) -> int:
        """The number in the range that is nearest to one outside."""
        return self.least if number < self.least else self.most

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "minimum": self.least, "maximum": self.most}


SOFT_DELETE_DAYS = Range(14, 180)
LUN = Range(0, 63)
KEEP_DAYS = Range(1, 9999)
VMS_A_RUN = Range(1, 1000)
RETENTION_COUNT = Range(1, 9999)
HOURLY_WINDOW = Range(4, 24)
INSTANT_RESTORE_DAYS = Range(1, 30)
ARCHIVE_MONTHS = Range(3, 9999)
MONTH_DATE = Range(1, 28)
SHARE = Range(0, 100)
POPULATION = Range(1, 1_000_000)
STOPS = Range(0, 1_000_000)
CHANGES = Range(0, 1_000_000)
CONCURRENCY = Range(1, 256)
