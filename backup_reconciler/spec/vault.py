"""Kind Vault: a Recovery Services vault."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from backup_reconciler.spec import forms, ranges
from backup_reconciler.spec.approval import Approval
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.resource_type import MANAGED_IDENTITY
from backup_reconciler.spec.values import Location, Presence, Redundancy, Switch

SoftDeleteState = Literal["Enabled", "AlwaysOn"]
Immutability = Literal["Disabled", "Unlocked", "Locked"]
CrossSubscriptionRestore = Literal["Enabled", "Disabled", "PermanentlyDisabled"]


class SoftDelete(Model):
    """How long deleted backup data can be brought back."""

    state: SoftDeleteState = Field(
        description="Enabled, or AlwaysOn: it can never be switched off again, and stays so for good."
    )
    retention_days: Annotated[int, ranges.SOFT_DELETE_DAYS] | None = Field(
        default=None, description="Days for which deleted backup data is kept: 14 to 180.", examples=[14]
    )


class Alerts(Model):
    """Which built-in alerts the vault raises."""

    all_job_failures: Switch | None = Field(
        default=None, description="Azure Monitor alerts for every backup job that fails."
    )
    critical_operations: Switch | None = Field(
        default=None, description="Classic alerts for critical operations, such as deleting backup data."
    )


class Identity(Model):
    """The managed identities of the vault."""

    system_assigned: bool | None = Field(
        default=None, description="true: the vault has an identity of its own. It cannot be taken away again."
    )
    user_assigned: Items[Annotated[str, MANAGED_IDENTITY]] | None = Field(
        default=None, description="ARM ids of the user-assigned identities that the vault has."
    )


def _key_identifier(value: object) -> object:
    """The identifier as it is compared: the host's name knows no letter case, and a slash at the end says nothing."""
    if not isinstance(value, str) or "://" not in value:
        return value
    scheme, _, rest = value.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path.rstrip('/')}"


class Encryption(Model):
    """A customer-managed key for the recovery points. A vault that has one never goes back to the platform's."""

    key: Annotated[str, BeforeValidator(_key_identifier)] = Field(
        description="Key identifier: https://VAULT.vault.azure.net/keys/NAME, with or without /VERSION. Without a "
        "version new versions are taken up by themselves.",
        examples=["https://kv-backup.vault.azure.net/keys/backup"],
    )
    identity: str = Field(
        default="systemAssigned",
        description="Which identity reads the key: systemAssigned, or the ARM id of a user-assigned identity.",
        examples=["systemAssigned", MANAGED_IDENTITY.example],
    )
    infrastructure_encryption: Switch | None = Field(
        default=None, description="A second encryption by the platform. Can be chosen only together with the key."
    )


class VaultSettings(Model):
    """What a vault is like. Every field that is left out is neither compared nor written."""

    location: Location | None = Field(default=None, description="Region of the vault and of the VMs it can protect.")
    redundancy: Redundancy | None = Field(
        default=None,
        description="Storage replication of the recovery points; can be changed only while the vault protects nothing.",
    )
    cross_region_restore: Switch | None = Field(
        default=None,
        description="Restores in the paired region. Needs GeoRedundant, and cannot be switched off again.",
    )
    cross_subscription_restore: CrossSubscriptionRestore | None = Field(
        default=None, description="Restores into other subscriptions. PermanentlyDisabled stays so for good."
    )
    soft_delete: SoftDelete | None = Field(
        default=None, description="How long deleted backup data can be brought back."
    )
    immutability: Immutability | None = Field(
        default=None,
        description="Whether recovery points are kept from being deleted before they expire. Unlocked can be undone, "
        "Locked cannot, and a vault becomes Locked through Unlocked only.",
    )
    public_network_access: Switch | None = Field(
        default=None, description="Whether the vault can be reached from outside private endpoints."
    )
    alerts: Alerts | None = Field(default=None, description="Which built-in alerts the vault raises.")
    identity: Identity | None = Field(default=None, description="The managed identities of the vault.")
    encryption: Encryption | None = Field(
        default=None, description="A customer-managed key. A vault that has one keeps one for good."
    )
    tags: dict[str, str | None] | None = Field(
        default=None,
        description="Tags, managed key by key; null removes one, keys that are not named are left alone.",
        examples=[{"owner": "platform"}],
    )

    def stated(self) -> dict[str, Any]:
        """What is stated, with the identity that reads the key: left out, it means the vault's own."""
        stated = super().stated()
        if self.encryption is not None:
            stated["encryption"]["identity"] = self.encryption.identity
        return stated


class VaultSpec(VaultSettings):
    """A vault and where it is."""

    name: Annotated[str, forms.VAULT] | None = Field(
        default=None, description="Azure's name of the vault; metadata.name where left out."
    )
    subscription: Annotated[str, forms.SUBSCRIPTION] = Field(
        description="Id (GUID) of the subscription that holds the vault."
    )
    resource_group: str = Field(
        description="Resource group of the vault. It must exist; it is never created.", examples=["rg-backup"]
    )
    location: Location = Field(description="Region of the vault and of the VMs it can protect.")
    existing: bool = Field(
        default=False,
        description="true: the vault is owned elsewhere; it is read and referred to, never written.",
    )
    authoritative: bool = Field(
        default=False,
        description="true: VMs that the vault protects and no manifest declares are stopped, their data kept. "
        "false: they are listed and never touched.",
    )
    state: Presence = Field(
        default="present",
        description="absent: the vault is torn down, in order, as far as approval lets its backup data be deleted.",
    )
    approval: Approval | None = Field(
        default=None, description="Consent to delete backup data; goes with state: absent."
    )

    def azure_name(self, handle: str) -> str:
        """The vault's name in Azure; `handle` is the name of the document that declares it."""
        return handle if self.name is None else self.name

    def is_absent(self) -> bool:
        return self.state == "absent"

    def is_authoritative(self) -> bool:
        """Whether it is, and is not torn down, which leaves nothing to have authority over."""
        return self.authoritative and not self.is_absent()

    def vault_id(self, handle: str) -> ArmId:
        """The vault's ARM id."""
        return vault_id(self.subscription, self.resource_group, self.azure_name(handle))

    def settings(self) -> VaultSettings:
        """The part that is compared with Azure."""
        return self.part(VaultSettings)
