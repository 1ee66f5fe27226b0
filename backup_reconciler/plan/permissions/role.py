"""The least custom role for a purpose, and where it is to be assigned."""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.plan.permissions.need import Need, Purpose, subscription
from backup_reconciler.plan.permissions.outbound import of_outbound
from backup_reconciler.plan.permissions.policy import of_policies
from backup_reconciler.plan.permissions.protection import of_protection
from backup_reconciler.plan.permissions.readiness import of_readiness
from backup_reconciler.plan.permissions.vault import of_vaults
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests


@dataclass(frozen=True, slots=True)
class Role:
    """A custom role."""

    purpose: Purpose
    needs: tuple[Need, ...]
    """One for each action, by the actions' names."""

    @property
    def actions(self) -> list[str]:
        return [one.permission.action for one in self.needs]

    @property
    def subscriptions(self) -> list[ArmId]:
        """The subscriptions in which it is to be assigned."""
        return sorted({subscription(scope.subscription) for need in self.needs for scope in need.scopes})

    def of(self, purpose: Purpose) -> list[Need]:
        """What of it is for planning, or for applying alone."""
        return [one for one in self.needs if one.purpose is purpose]


def role_for(purpose: Purpose, manifests: Manifests) -> Role:
    """All that may be asked of Azure for these manifests, and nothing else; what is done depends on what Azure has."""
    found: dict[str, Need] = {}
    for need in _all(manifests):
        if purpose is Purpose.APPLY or need.purpose is Purpose.PLAN:
            action = need.permission.action
            found[action] = found[action].joined(need) if action in found else need
    return Role(purpose, tuple(sorted(found.values(), key=lambda one: one.permission.action.casefold())))


def narrowest(needs: list[Need]) -> list[ArmId]:
    """The scopes of all these needs, less those that lie in another of them."""
    scopes = sorted({scope for need in needs for scope in need.scopes})
    return [one for one in scopes if not any(_lies_in(one, other) for other in scopes)]


def _lies_in(scope: ArmId, other: ArmId) -> bool:
    return scope.key.startswith(f"{other.key}/")


def _all(manifests: Manifests) -> Iterator[Need]:
    for part in (of_vaults, of_policies, of_protection, of_readiness, of_outbound):
        yield from part(manifests)
