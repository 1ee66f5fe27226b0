"""Reading the report of a shard back from its JSON."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from backup_reconciler.plan.shard import Part
from backup_reconciler.report.data.drift import DriftData
from backup_reconciler.report.data.part import PartData
from backup_reconciler.report.data.plan import PlanData
from backup_reconciler.report.merge.errors import MergeError
from backup_reconciler.report.model.report import About
from backup_reconciler.spec.shard import Shard

_VERSION = 1
_REMEDY = "give what 'plan' or 'drift' has written with --shard K/N --format json"


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The report of one shard, and the file that it is from."""

    file: str
    shard: Shard
    about: About
    data: PlanData | DriftData
    part: PartData


def read_shard_report(file: str, content: bytes) -> ShardReport:
    """The report that a file holds, which is called so. Raises `MergeError` where it holds none of a shard."""
    try:
        found = from_json(content, allow_inf_nan=False)
    except ValueError:
        raise MergeError(f"{file} is not JSON; {_REMEDY}") from None
    about = _about(file, found)
    shard = Shard.written(str(found.get("shard", "")))
    if shard is None:
        raise MergeError(f"{file} is not the report of a shard; {_REMEDY}")
    try:
        data = (PlanData if about is About.PLAN else DriftData).model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        wrong = f"at {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise MergeError(f"{file} is not as a report is written, {wrong}; {_REMEDY}") from None
    if data.part is None:
        raise MergeError(f"{file} is not the report of a shard; {_REMEDY}")
    report = ShardReport(file, shard, about, data, data.part)
    _refuse_strangers(report)
    return report


def _about(file: str, found: Any) -> About:
    """What a report is for."""
    if not isinstance(found, dict) or "asOf" not in found or not {"differences", "actions"} & found.keys():
        raise MergeError(f"{file} is no report of plan or drift; {_REMEDY}")
    if found.get("formatVersion") != _VERSION:
        raise MergeError(f"{file} is of another format version than {_VERSION}; {_REMEDY}")
    return About.PLAN if "actions" in found else About.DRIFT


def _refuse_strangers(report: ShardReport) -> None:
    """Raises `MergeError` where a report tells of what is another shard's."""
    part = Part(report.shard)
    for resource in report.part.resources:
        if not part.tells(resource.address):
            raise MergeError(
                f"{report.file} says that it is of shard {report.shard}, and tells of {resource.address}, which is not "
                "in it; run the shard again"
            )
