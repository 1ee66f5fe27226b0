"""Reading an earlier report, of `drift` or of `plan`, back from its JSON."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from backup_reconciler.report.data.digests import DigestsData
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import ResourceState
from backup_reconciler.report.model.since import Earlier
from backup_reconciler.report.words import visible

_VERSION = 1
_LONGEST = 300
"""Characters that a message repeats of a file which anybody may have written."""
_REMEDY = "give what 'drift --format json --output FILE' has written"


class EarlierReportError(ValueError):
    """A file is no report that a later one can be held against."""


class _Read(BaseModel):
    """What is needed of a report; whatever else a later version adds is not looked at."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel)

    as_of: date
    digests: Mapping[str, DigestsData]


_READ = TypeAdapter(_Read)


def read_earlier(file: str, content: bytes) -> Earlier:
    """The report that a file holds, which is called so. Raises `EarlierReportError` where it holds none."""
    try:
        found = from_json(content, allow_inf_nan=False)
    except ValueError:
        raise EarlierReportError(f"{file} is not JSON; {_REMEDY}") from None
    _refuse_others(file, found)
    try:
        read = _READ.validate_python(found)
    except ValidationError as error:
        first = error.errors()[0]
        wrong = f"at {visible('.'.join(map(str, first['loc']))[:_LONGEST])}: {first['msg']}"
        raise EarlierReportError(f"{file} is not as a report is written, {wrong}; {_REMEDY}") from None
    return Earlier(
        as_of=read.as_of,
        sides={address: one.sides for address, one in read.digests.items()},
        states={address: ResourceState(one.state) for address, one in read.digests.items() if one.state},
    )


def refuse_unrelated(file: str, earlier: Earlier, report: Report) -> None:
    """Raises `EarlierReportError` where a report is later than this one, or is about other manifests."""
    today = report.plan.as_of
    if earlier.as_of > today:
        raise EarlierReportError(
            f"{file} is of {earlier.as_of}, after the day of this report, {today}; give an earlier one"
        )
    then, now = _resources(earlier.sides), _resources(report.sides)
    if then and now and then.isdisjoint(now):
        raise EarlierReportError(
            f"{file} is about other manifests: it has no resource in common with this report; give one of the same "
            "manifests, or leave --since out"
        )


def _resources(addresses: Iterable[str]) -> set[str]:
    """Those of what is in Azure: documents, which are Kind/name, are called alike in many folders."""
    return {address for address in addresses if address.count("/") > 1}


def _refuse_others(file: str, found: Any) -> None:
    version = found.get("formatVersion") if isinstance(found, dict) else None
    is_report = isinstance(found, dict) and {"asOf", "summary"} <= found.keys()
    if not is_report or not {"differences", "actions"} & found.keys():
        raise EarlierReportError(f"{file} is no report of drift; {_REMEDY}")
    if version != _VERSION:
        said = visible(json.dumps(version, ensure_ascii=False)[:_LONGEST])
        raise EarlierReportError(f"{file} is a report of format version {said}, and {_VERSION} can be read; {_REMEDY}")
    if "digests" not in found:
        raise EarlierReportError(f"{file} has no digests, because an older version wrote it; make a new report first")
