"""A saved plan, format version 1: fields may be added, never renamed."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from backup_reconciler.plan.action import AnyAction, Change, Risk
from backup_reconciler.plan.canonical import canonical, digest_of
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.saved.basis import basis_of, plain
from backup_reconciler.plan.shard import Part
from backup_reconciler.spec.json_text import harmless
from backup_reconciler.spec.shard import WHOLE, Shard

Digest = Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]


class _Data(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True
    )


class SavedChange(_Data):
    """One field that differs."""

    path: str = Field(description="Path of the field, in the words of a manifest.")
    from_: Any = Field(alias="from", description="What Azure had.")
    to: Any = Field(description="What the manifest declares.")


class SavedAction(_Data):
    """One approved action."""

    id: str = Field(description="Verb and address: unique in the plan.")
    verb: str = Field(description="What is done.")
    address: str = Field(description="What it is done to.")
    label: str = Field(description="What it is done to, in a person's words.")
    risks: list[Literal["one-way", "destructive"]] = Field(description="Each needs a consent of its own.")
    data_effect: str = Field(description="What happens to recovery points.")
    changes: list[SavedChange] = Field(description="The fields that differ.")
    basis: dict[str, Any] = Field(
        description="What the action depends on beside its changes: what it writes, and what of Azure it starts from."
    )
    digest: Digest = Field(description="Of id, risks, changes and basis, without regard to letter case.")

    def own_digest(self) -> str:
        """The digest of what it says. Letter case is left aside: Azure's ids and names ignore it."""
        said = self.model_dump(include={"id", "risks", "changes", "basis"}, mode="json")
        return digest_of(canonical(said).casefold())


class Origin(_Data):
    """What a plan was made from, and by what."""

    tool_version: str = Field(description="Version of backup-reconciler that made it.")
    azure: str = Field(description="Address of Azure Resource Manager; `sandbox` for every Azure in a box.")
    subscriptions: list[str] = Field(description="Ids of the subscriptions that it is about.")
    manifests: Digest = Field(description="Of what the manifests say: not of comments, formatting, or names of files.")
    shard: str | None = Field(
        default=None,
        exclude_if=lambda shard: shard is None,
        description="K/N, the part of the manifests' vaults that the plan is about; left out where it is about all.",
    )

    @property
    def of_shard(self) -> Shard:
        return Shard.written(self.shard or "") or WHOLE


class SavedPlan(_Data):
    """A plan that can be approved, and applied as it was approved."""

    kind: Literal["SavedPlan"] = Field(default="SavedPlan", description="What this file is.")
    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    origin: Origin = Field(description="What the plan was made from, and by what.")
    as_of: date = Field(description="The day that the plan was made for, in UTC.")
    actions: list[SavedAction] = Field(description="What is approved, in the plan's order.")
    digest: Digest = Field(description="Of everything else in this file.")

    def own_digest(self) -> str:
        """The digest of what it says."""
        return digest_of(canonical(self.model_dump(exclude={"digest"}, mode="json")))

    def of_part(self, part: Part) -> "SavedPlan":
        """What is approved of a part; it is not the plan that was signed any more."""
        return self.model_copy(update={"actions": [action for action in self.actions if part.tells(action.address)]})

    def text(self) -> str:
        """What its file holds: equal for equal plans."""
        return harmless(self.model_dump_json(indent=2)) + "\n"


_NO_DIGEST = digest_of("")


def saved_plan(plan: Plan, origin: Origin) -> SavedPlan:
    """The plan as it is saved."""
    actions = [saved_action(action) for action in plan.actions]
    return sealed(SavedPlan(origin=origin, as_of=plan.as_of, actions=actions, digest=_NO_DIGEST))


def sealed(plan: SavedPlan) -> SavedPlan:
    """The plan with the digest of what it says."""
    return plan.model_copy(update={"digest": plan.own_digest()})


def saved_action(action: AnyAction) -> SavedAction:
    """The action as it is saved."""
    draft = SavedAction(
        id=action.id,
        verb=action.verb,
        address=action.address,
        label=action.label,
        risks=[risk.value for risk in Risk if risk in action.risks],
        data_effect=action.data_effect,
        changes=[_saved_change(change) for change in action.changes],
        basis=basis_of(action),
        digest=_NO_DIGEST,
    )
    return draft.model_copy(update={"digest": draft.own_digest()})


def _saved_change(change: Change) -> SavedChange:
    return SavedChange(path=change.path, from_=plain(change.found), to=plain(change.declared))
