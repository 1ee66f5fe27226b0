"""A case of a rule of the service, as its file tells it.

The first document of a file is the case, the others are the manifests that break the rule. The line that the front
door must point at bears the comment `# named`. Where no vault is declared, the usual one is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tests import conftest

CASES = Path(__file__).parent / "cases"
NAMED = "# named"
FRONT_DOORS = ("named", "approval", "steps", "postponed", "explained", "unsaid")


class Part(BaseModel):
    """A part of a case: frozen, and what it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


P = TypeVar("P", bound=Part)


class ByValidate(Part):
    """What `validate` says at the line that is marked: which field breaks which rule."""

    by: Literal["validate"]
    field: str
    rule: str


class ByPlan(Part):
    """What a plan says at the line that is marked: which rule would be broken, beside what Azure has."""

    by: Literal["plan"]
    rule: str
    severity: Literal["blocked", "info"] = "blocked"


class Approval(Part):
    """The action that a plan leaves to those who govern a Resource Guard."""

    verb: str
    guard: str


class Steps(Part):
    """The actions by which a plan reaches what one request does not."""

    verbs: list[str]


class Postponed(Part):
    """The action on what the last document declares, which a plan leaves to a later run."""

    verb: str
    why: str


class Explained(Part):
    """What `apply` says of a refusal that no plan can foresee: the service's code, and what it means."""

    code: str
    words: str


class Request(Part):
    """A request as it stands; `{vault}` in it is the id of the usual vault."""

    method: Literal["PUT", "PATCH", "DELETE"]
    path: str
    body: dict[str, Any] | None = None


class Answer(Part):
    """What the service says to the body that the case sends past our checks."""

    status: int
    code: str = ""
    """The code of the refusal; empty where the service takes the body."""


class Case(Part):
    """A case. One of `FRONT_DOORS` tells what our own front door does, `answer` what the service does."""

    fact: str
    """The rule, and where people can read of it."""
    world: dict[str, Any] = Field(default_factory=dict)
    """`vault`: what the usual vault is like; `virtualMachines`: of the group rg-web; the rest is the world's."""
    first: list[Request] = []
    """What is asked of the service before, and taken: a state that no world file can tell."""
    copies: int = 1
    """How often the last document is written; `{n}` in it counts from 0001."""
    named: Annotated[ByValidate | ByPlan, Field(discriminator="by")] | None = None
    approval: Approval | None = None
    steps: Steps | None = None
    postponed: Postponed | None = None
    explained: Explained | None = None
    unsaid: str | None = None
    """Why no manifest can say it and no plan has to name it."""
    sends: Literal["BackupPolicy", "Vault", "VMAssignment"] | Request = "BackupPolicy"
    """The kind whose declaration is sent as our own codec writes it, or a body that the language cannot say."""
    answer: Answer
    mended: str | None = None
    """The marked line in manifests that keep the rule: then nothing else in them can be what is refused."""

    @property
    def told(self) -> Part | str:
        """What the front door does."""
        front_doors: list[Part | str | None] = [getattr(self, name) for name in FRONT_DOORS]
        (told,) = (front_door for front_door in front_doors if front_door is not None)
        return told


@dataclass(frozen=True)
class CaseFile:
    """A case with its manifests; the lines of these are counted as they stand in the file."""

    name: str
    case: Case
    text: str

    @property
    def line(self) -> int:
        """The last line that is marked."""
        return max(number for number, line in enumerate(self.text.splitlines(), 1) if line.endswith(NAMED))

    def mended(self) -> "CaseFile":
        """The same manifests with the marked line put right."""
        lines = self.text.splitlines()
        marked = lines[self.line - 1]
        indent = marked[: len(marked) - len(marked.lstrip())]
        lines[self.line - 1] = f"{indent}{self.case.mended}"
        return replace(self, text="\n".join(lines) + "\n")

    def told(self, kind: type[P]) -> P:
        """What the front door does, which is of this kind."""
        assert isinstance(self.case.told, kind)
        return self.case.told

    def source(self, estate: conftest.Estate) -> str:
        """The marked line, as reports name it."""
        return f"{estate.manifests / self.name}:{self.line}"

    def documents(self) -> Iterator[dict[str, Any]]:
        return (document for document in yaml.safe_load_all(self.text) if document)

    def exists(self, estate: conftest.Estate) -> None:
        """Make the world of the case, and its manifests."""
        rest = dict(self.case.world)
        usual = {"location": "japaneast", **rest.pop("vault", {})}
        machines = rest.pop("virtualMachines", {})
        estate.exists(**conftest.world(machines, {"rsv": usual}, **rest))
        if "\nkind: Vault\n" not in self.text:
            estate.declare("usual", conftest.vault())
        estate.manifests.mkdir(exist_ok=True)
        (estate.manifests / self.name).write_text(self.text, encoding="utf-8")


def read(path: Path) -> CaseFile:
    head, _, rest = path.read_text(encoding="utf-8").partition("\n---\n")
    case = Case.model_validate(yaml.safe_load(head))
    *others, last = rest.split("\n---\n")
    copies = (last.replace("{n}", f"{number:04}") for number in range(1, case.copies + 1))
    above = "\n" * (head.count("\n") + 2)
    return CaseFile(path.name, case, above + "\n---\n".join([*others, *copies]))
