"""`permissions`: the least custom roles for manifests."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.options import Format, Paths, ReportFormat

if TYPE_CHECKING:
    from backup_reconciler.plan.permissions.role import Role

_NAME = "Backup Reconciler"


class RoleFor(StrEnum):
    """What a role is for, in the words of the command line. The planner's are not loaded before they are needed."""

    PLAN = "plan"
    APPLY = "apply"


def permissions(
    paths: Paths,
    purpose: Annotated[
        RoleFor | None, typer.Option("--for", help="The role for one of them; left out: both.", show_default=False)
    ] = None,
    name: Annotated[str, typer.Option(help="What the roles' names begin with; a tenant has each name once.")] = _NAME,
    format_: Format = ReportFormat.TEXT,
) -> None:
    """Show the least custom roles that plan and apply need for these manifests, without asking Azure anything."""
    from backup_reconciler.manifest import load
    from backup_reconciler.plan.permissions.need import Purpose
    from backup_reconciler.plan.permissions.role import role_for

    if format_ is ReportFormat.JSON and purpose is None:
        raise UsageError("--format json writes one role definition; say --for plan or --for apply")
    manifests = load(paths)
    roles = [role_for(Purpose(one), manifests) for one in ([purpose] if purpose else RoleFor)]
    if not all(role.needs for role in roles):
        raise UsageError("these manifests need nothing of Azure, so there is no role; name a folder with a Vault in it")
    if format_ is ReportFormat.JSON:
        _write_json(roles[0], name)
        return
    from backup_reconciler.cli.console import output
    from backup_reconciler.plan.permissions.outside import outside
    from backup_reconciler.report.text.permissions import write_roles

    write_roles(roles, name, outside(manifests), output())


def _write_json(role: "Role", name: str) -> None:
    from backup_reconciler.report.data.permissions import role_data
    from backup_reconciler.spec.json_text import harmless

    typer.echo(harmless(role_data(role, name).model_dump_json(indent=2)))
