"""What `plan --explain` does once Azure has been read."""

import typer

from backup_reconciler.cli.console import output
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.options import WholeFormat
from backup_reconciler.cli.planning import Basis
from backup_reconciler.plan import scope_of
from backup_reconciler.plan.explanation.explanation import explain, vms_called
from backup_reconciler.report.data.explanation import explanation_data
from backup_reconciler.report.text.explanation import write_explanations


def explain_vm(text: str, basis: Basis, format_: WholeFormat) -> None:
    """Explain every VM that a text means; none is an error that says where VMs were looked for."""
    if format_ not in {WholeFormat.TEXT, WholeFormat.JSON}:
        raise UsageError(f"--explain is written as text or json, not as {format_.value}")
    explanations = [explain(vm, basis.manifests, basis.snapshot, basis.plan) for vm in vms_called(text, basis.snapshot)]
    if not explanations:
        subscriptions = ", ".join(sorted(scope_of(basis.manifests).vm_subscriptions))
        where = f"in {subscriptions}" if subscriptions else "anywhere, because no assignment looks for VMs"
        raise UsageError(f"no VM {text} is known {where}; name it, or group/name, or give its ARM id")
    if format_ is WholeFormat.JSON:
        typer.echo(explanation_data(explanations).as_json())
    else:
        write_explanations(explanations, output())
