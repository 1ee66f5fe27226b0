"""What has become of an earlier report, as JSON."""

from datetime import date
from typing import Literal

from pydantic import Field

from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.model.since import Gone, Since

OriginWord = Literal["as before", "changed in Azure", "changed in git", "changed in both", "unknown"]


class DifferenceSinceData(JsonData):
    """Of one difference."""

    new: bool = Field(description="Whether the earlier report did not have it.")
    origin: OriginWord = Field(description="Which side has changed since.")


class GoneData(JsonData):
    """A difference of the earlier report that there is no more."""

    address: str = Field(description="The resource.")
    state: Literal["missing", "differs", "under way", "unwanted"] = Field(description="How it differed then.")
    origin: OriginWord = Field(description="Which side has changed since.")
    now: Literal["as declared", "blocked"] | None = Field(
        description="How it is now; null where nothing declares it any more."
    )


class SinceData(JsonData):
    """Against an earlier report."""

    as_of: date = Field(description="The day of the earlier report.")
    new: int = Field(description="Number of differences that it did not have.")
    gone: list[GoneData] = Field(description="Its differences that there are no more.")


def since_data(since: Since | None) -> SinceData | None:
    if since is None:
        return None
    return SinceData(as_of=since.as_of, new=len(since.new), gone=[_gone(one) for one in since.gone])


def difference_since(since: Since | None, address: str) -> DifferenceSinceData | None:
    if since is None:
        return None
    return DifferenceSinceData(new=address in since.new, origin=since.origins[address].value)


def _gone(one: Gone) -> GoneData:
    return GoneData.model_validate(
        {"address": one.address, "state": one.state, "origin": one.origin.value, "now": one.now}
    )
