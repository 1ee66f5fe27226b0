"""Reading firewall policies: those that firewalls take their rules from, those that manifests name, and their bases."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec.network import firewall, firewall_policy
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import list_of, read, read_all
from backup_reconciler.azure.tasks import gather
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import AzureFirewall, FirewallPolicy


async def find_firewalls(arm: Arm, wanted: Iterable[ArmId]) -> dict[ArmId, AzureFirewall]:
    """Those of these firewalls that are there: a GET each."""
    answers = await gather(arm.find(firewall.get_request(one)) for one in sorted(wanted))
    found = read_all(firewall.decode, (answer.body for answer in answers if answer))
    return {one.id: one for one in found}


async def read_policies(arm: Arm, named: Iterable[ArmId], used: Iterable[ArmId]) -> dict[ArmId, FirewallPolicy]:
    """Policies with their groups and, behind them, the policies that their rules build on: a GET and a list each.

    One that nobody named may belong to others, so that these rights do not show it: it is left out. Raises `AzureError`
    when one that is named cannot be read; one that is not there is left out.
    """
    own = sorted(set(named))
    found = _those_there(await gather(_named(arm, one) for one in own))
    asked = set(own)
    while wanted := sorted({*used, *_bases(found)} - asked):
        asked.update(wanted)
        found |= _those_there(await gather(_shown(arm, one) for one in wanted))
    return found


def _bases(found: Mapping[ArmId, FirewallPolicy]) -> set[ArmId]:
    return {policy.base for policy in found.values() if policy.base}


def _those_there(found: Iterable[FirewallPolicy | None]) -> dict[ArmId, FirewallPolicy]:
    return {one.id: one for one in found if one}


async def _shown(arm: Arm, policy: ArmId) -> FirewallPolicy | None:
    try:
        return await _named(arm, policy)
    except AzureError as error:
        if error.status != 403:
            raise
        return None


async def _named(arm: Arm, policy: ArmId) -> FirewallPolicy | None:
    answer = await arm.find(firewall_policy.get_request(policy))
    if answer is None:
        return None
    groups = await list_of(arm, firewall_policy.groups_request(policy), firewall_policy.decode_group)
    return replace(read(firewall_policy.decode, answer.body), groups={one.id: one for one in groups})
