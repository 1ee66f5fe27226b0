"""Which Azure a verb talks to: the options that all such verbs share, said once."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from backup_reconciler.cli.logs import LogFormat, set_up_logging

if TYPE_CHECKING:
    from backup_reconciler.spec.document import Manifests

R = TypeVar("R")


class CloudName(StrEnum):
    """The clouds that have a name."""

    PUBLIC = "public"
    USGOV = "usgov"
    CHINA = "china"


DEFAULT_CLOUD = CloudName.PUBLIC
DEFAULT_CONCURRENCY = 16


@dataclass(frozen=True, slots=True)
class Where:
    """Which Azure to talk to, and how; each field is an option of the command line."""

    sandbox: Annotated[
        Path | None,
        typer.Option(metavar="WORLD", help="Talk to an Azure in a box made from this world file, not to Azure."),
    ] = None
    fresh: Annotated[bool, typer.Option("--fresh", help="With --sandbox: start the world over.")] = False
    cloud: Annotated[
        CloudName | None,
        typer.Option(help=f"Which Azure; left out: what the settings say, or {DEFAULT_CLOUD}.", show_default=False),
    ] = None
    arm_endpoint: Annotated[
        str | None,
        typer.Option(metavar="URL", envvar="BACKUP_RECONCILER_ARM_ENDPOINT", help="Another Azure Resource Manager."),
    ] = None
    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help=f"Requests at the same time; left out: what the settings say, or {DEFAULT_CONCURRENCY}.",
            show_default=False,
        ),
    ] = None
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more: requests, and what is unchanged.")] = False
    log_format: Annotated[
        LogFormat, typer.Option(help="How to write the log, on standard error; json: a line for each event.")
    ] = LogFormat.TEXT

    def with_settings(self, manifests: "Manifests") -> "Where":
        """What the settings beside the manifests say in addition, where the command line says nothing."""
        stated = manifests.settings.spec.connection if manifests.settings else None
        if stated is None:
            return self
        cloud = CloudName(stated.cloud) if stated.cloud else None
        return replace(self, cloud=self.cloud or cloud, concurrency=self.concurrency or stated.concurrency)


def talks_to_azure(verb: Callable[..., R]) -> Callable[..., R]:
    """Give a verb the options of `Where` behind its own; it gets them as its argument `where`."""

    @functools.wraps(verb)
    def with_options(**arguments: Any) -> R:
        where = Where(**{field.name: arguments.pop(field.name) for field in fields(Where)})
        set_up_logging(where.log_format, verbose=where.verbose)
        return verb(**arguments, where=where)

    own = [one for one in inspect.signature(verb).parameters.values() if one.name != "where"]
    shared = [
        inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type)
        for field in fields(Where)
    ]
    keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    with_options.__signature__ = inspect.Signature([*keyword, *shared])  # type: ignore[attr-defined]
    return with_options
