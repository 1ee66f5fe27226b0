"""The state table as its files tell it; the README beside says what each field means."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tests import conftest

HERE = Path(__file__).parent
WISHES: dict[str, dict[str, Any] | None] = yaml.safe_load((HERE / "wishes.yaml").read_text(encoding="utf-8"))


class Part(BaseModel):
    """A part of the table: frozen, and what it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


class Step(Part):
    """An action of the plan."""

    verb: str
    risks: list[str] = []
    points: str
    guard: str | None = None


class Found(Part):
    """A finding of the plan."""

    rule: str
    severity: Literal["blocked", "warning", "info"]
    message: str


class Held(Part):
    """What a vault holds of a VM."""

    state: str
    policy: str = ""
    disks: dict[str, list[int]] | None = None
    points: int
    expiring: int = 0


class Case(Part):
    """A wish for VMs in a state."""

    plan: list[Step] = []
    findings: list[Found] = []
    drift: Literal["missing", "differs", "unwanted"] | None = None
    sent: int | None = None
    leaves: Held | None = None
    invalid: str | None = None


class State(Part):
    """A state that VMs are found in."""

    fact: str
    item: dict[str, Any] | None = None
    vault: dict[str, Any] = Field(default_factory=dict)
    vm: dict[str, Any] = Field(default_factory=dict)
    elsewhere: bool = False
    select: Literal["ids", "names"] = "names"
    wishes: dict[str, Case]

    def world(self) -> dict[str, Any]:
        """One VM for each wish, all in this state."""
        policies = {"keep-30d": conftest.daily_policy(30), "keep-7d": conftest.daily_policy(7)}
        vaults: dict[str, Any] = {"rsv": {"location": "japaneast", "policies": policies, **self.vault}}
        if self.elsewhere:
            vaults["rsv-other"] = {"location": "japaneast"}
        if self.item is not None:
            holder = vaults["rsv-other" if self.elsewhere else "rsv"]
            holder["protectedItems"] = [{"vm": f"rg-web/{wish}", **self.item} for wish in WISHES]
        gone = bool(self.item and self.item.get("vmGone"))
        machine = {"disks": [{"lun": 0}, {"lun": 1}], **self.vm}
        return conftest.world({} if gone else conftest.vms(*WISHES, **machine), vaults)  # type: ignore[no-any-return]

    def assignment(self, wish: str) -> dict[str, Any] | None:
        """The assignment that wishes for the VM of its name; None where nothing is wished."""
        spec, vm = WISHES[wish], conftest.vm_id(wish)
        if spec is None:
            return None
        stated = yaml.safe_load(yaml.safe_dump(spec).replace("{vm}", vm))
        select = {"ids": [vm]} if self.select == "ids" else {"names": [wish]}
        return conftest.document("VMAssignment", wish, vault="rsv", select=select, **stated)

    def documents(self) -> list[dict[str, Any]]:
        """The vault, its policies, and every wish that `validate` lets pass."""
        week = {"daily": {"days": 7}}
        wishes = (self.assignment(wish) for wish, case in self.wishes.items() if case.invalid is None)
        policies = conftest.policy("keep-30d"), conftest.policy("keep-7d", retention=week)
        return [conftest.vault(), *policies, *filter(None, wishes)]


def read_states() -> dict[str, State]:
    files = sorted((HERE / "states").glob("*.yaml"))
    return {file.stem: State.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


class Told(NamedTuple):
    """What a plan and a drift report tell of the VM of a wish."""

    plan: list[Step]
    findings: list[Found]
    drift: str | None


def told(wish: str, plan: Any, drift: Any) -> Told:
    addresses = {f"Protection/{conftest.SUBSCRIPTION}/rg-backup/rsv/rg-web/{wish}", f"VMAssignment/{wish}"}
    steps = [
        Step(verb=one["verb"], risks=one["risks"], points=one["dataEffect"], guard=one["needsApproval"])
        for one in plan["actions"]
        if one["address"] in addresses
    ]
    findings = [
        Found(rule=one["rule"], severity=one["severity"], message=one["message"].replace(conftest.vm_id(wish), "{vm}"))
        for one in plan["findings"]
        if one["address"] in addresses
    ]
    return Told(
        steps, findings, next((one["state"] for one in drift["differences"] if one["address"] in addresses), None)
    )
