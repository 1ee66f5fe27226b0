"""Laws of run commands: whatever a script does, what is seen of it only goes forward, and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.sandbox.core.compute import run_command_view
from backup_reconciler.sandbox.core.compute.execution import cancelled, execute
from backup_reconciler.sandbox.core.estate import Guest, RunCommand, ScriptOutcome, VirtualMachine

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ORDER = {"Pending": 0, "Running": 1, "Succeeded": 2, "Failed": 2, "TimedOut": 2, "Canceled": 2}
SECONDS = st.integers(0, 30)
MOMENTS = st.lists(st.integers(0, 40) | st.sampled_from([5399, 5400]), min_size=3).map(sorted)


def made(outcome, limit, agent, flags):
    vm = VirtualMachine("s", "g", "n", "l", "id", NOW, agent_version=agent, guest=Guest(scripts=[outcome]))
    properties = dict(zip(("asyncExecution", "treatFailureAsDeploymentFailure"), flags, strict=True))
    return vm, RunCommand("c", properties, execute(vm, "script", NOW, limit))


@given(
    st.builds(ScriptOutcome, st.just("*"), st.integers(0, 2), seconds=SECONDS),
    st.none() | st.integers(1, 30),
    st.sampled_from(["2.7", None]),
    st.tuples(st.booleans(), st.booleans()),
    MOMENTS,
    st.none() | SECONDS,
)
def test_an_execution_goes_forward_and_ends(outcome, limit, agent, flags, moments, broken_off):
    vm, command = made(outcome, limit, agent, flags)
    if broken_off is not None:
        command.execution = cancelled(command.execution, NOW + timedelta(seconds=broken_off))
    states, provisioning = [], []
    for moment in [NOW + timedelta(seconds=seconds) for seconds in [*moments, 30000]]:
        view = run_command_view._instance_view(command.execution, moment)
        states.append(ORDER[view["executionState"]])
        provisioning.append(run_command_view._provisioning(vm, command, moment))
        assert ("endTime" in view) <= (states[-1] == 2)
    assert states == sorted(states)
    assert states[-1] == 2
    ended = [state for state in provisioning if state != "Creating"]
    assert provisioning == ["Creating"] * (len(provisioning) - len(ended)) + ended
    assert len(set(ended)) == 1
