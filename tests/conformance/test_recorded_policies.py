"""Every policy that was recorded is told whole, and what is told of it makes the same policy again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backup_reconciler.azure.codec import policy
from backup_reconciler.spec.policy import PolicySettings
from tests.conformance.recorded import recording
from tests.conformance.test_recorded_estates import CASINGS

EXCHANGES = {"policy": 15, "protection": 1, "job": 1}
"""The recordings with policies for VMs in their answers, and how many."""


def answered(value: Any) -> Iterator[dict[str, Any]]:
    """The policies for VMs in an answer."""
    if isinstance(value, dict):
        if str(value.get("type", "")).casefold().endswith("/backuppolicies") and policy.is_for_vms(value):
            yield value
        for inner in value.values():
            yield from answered(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from answered(inner)


@pytest.mark.parametrize("casing", CASINGS.values(), ids=CASINGS)
@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_policy_is_told_and_made_again(name: str, casing: Callable[[str], str]) -> None:
    found = [arm for exchange in recording(name) for arm in answered(exchange["response"])]
    assert len(found) == EXCHANGES[name]
    for arm in found:
        live = policy.decode({**arm, "id": casing(arm["id"])})
        assert live.settings is not None, live.not_understood
        made = policy.encode(live.settings, live.tier, None)
        assert policy.decode({"id": live.id.text, "properties": made}).settings == live.settings
        kept = policy.encode(PolicySettings(), live.tier, arm)
        assert without_times(kept) == without_times(policy.written_part(arm)), "what is not stated stays"


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(inner) for name, inner in value.items() if not name.endswith("Times")}
    return value
