"""Joining the saved plans of shards to one that a run over all of them may carry out."""

from collections.abc import Sequence
from dataclasses import dataclass

from backup_reconciler.plan.saved.reading import NoSavedPlanError, read_saved_plan
from backup_reconciler.plan.saved.saved_plan import SavedPlan, sealed
from backup_reconciler.plan.shard import Part
from backup_reconciler.report.merge.agreement import refuse_disagreement
from backup_reconciler.report.merge.errors import MergeError
from backup_reconciler.spec.shard import Shard

_SAME = {
    "made by version": lambda one: one.plan.origin.tool_version,
    "about": lambda one: one.plan.origin.azure,
    "for the day": lambda one: one.plan.as_of,
    "of manifests that say": lambda one: one.plan.origin.manifests,
}
"""What the saved plans of one run have in common."""


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """The saved plan of one shard, and the file that it is from."""

    file: str
    shard: Shard
    plan: SavedPlan


def read_shard_plan(file: str, content: bytes) -> ShardPlan:
    """The saved plan that a file holds. Raises `MergeError` where it holds none of a shard."""
    try:
        plan = read_saved_plan(content)
    except NoSavedPlanError as error:
        raise MergeError(f"{file} cannot be joined: {error}; give what 'plan --shard K/N --out' has written") from None
    shard = plan.origin.of_shard
    if shard.is_whole:
        raise MergeError(f"{file} is of all shards already; give what 'plan --shard K/N --out' has written")
    part = Part(shard)
    for action in plan.actions:
        if not part.tells(action.address):
            raise MergeError(f"{file} says that it is of shard {shard}, and {action.id} is not in it; plan it again")
    return ShardPlan(file, shard, plan)


def joined_plans(plans: Sequence[ShardPlan]) -> SavedPlan:
    """What is approved of all shards, by address. Raises `MergeError` where they do not belong together."""
    refuse_disagreement(plans, _SAME, partial=False)
    first = plans[0].plan
    actions = sorted((action for one in plans for action in one.plan.actions), key=lambda action: action.address)
    whole = first.origin.model_copy(update={"shard": None})
    return sealed(first.model_copy(update={"origin": whole, "actions": actions}))
