"""How a script ended, in words."""

from backup_reconciler.state.network.run_command import RunCommand

_MOST_LINES = 3


def told(command: RunCommand) -> str:
    """Azure's own word for it, the exit code where the script came to one, and the last that it said."""
    state = command.execution_state or command.provisioning_state
    code = f" with exit code {command.exit_code}" if command.exit_code else ""
    lines = [line.strip() for line in command.error.splitlines() if line.strip()][-_MOST_LINES:]
    said = "; ".join(lines) or command.message
    return f"the script in {command.vm.name} {_ENDINGS.get(state.casefold(), f'is {state}')}{code}" + (
        f": {said}" if said else ""
    )


_ENDINGS = {"failed": "failed", "timedout": "took too long and was broken off", "canceled": "was broken off"}
