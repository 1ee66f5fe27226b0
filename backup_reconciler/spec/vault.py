"""Kind Vault: a Recovery Services vault."""

from pydantic import Field

from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.values import Location, Redundancy


class VaultSettings(Model):
    """What a vault is like. Every field that is left out is neither compared nor written."""

    location: Location | None = Field(default=None, description="Region of the vault and of the VMs it can protect.")
    redundancy: Redundancy | None = Field(
        default=None,
        description="Storage replication of the recovery points; can be changed only while the vault protects nothing.",
    )
    tags: dict[str, str | None] | None = Field(
        default=None,
        description="Tags, managed key by key; null removes one, keys that are not named are left alone.",
    )


class VaultSpec(VaultSettings):
    """A vault and where it is."""

    name: str | None = Field(default=None, description="Azure's name of the vault; metadata.name where left out.")
    subscription: str = Field(description="Id (GUID) of the subscription that holds the vault.")
    resource_group: str = Field(description="Resource group of the vault. It must exist; it is never created.")
    location: Location = Field(description="Region of the vault and of the VMs it can protect.")
    existing: bool = Field(
        default=False,
        description="true: the vault is owned elsewhere; it is read and referred to, never written.",
    )

    def vault_id(self, handle: str) -> ArmId:
        """The vault's ARM id; `handle` is the name of the document that declares it."""
        return vault_id(self.subscription, self.resource_group, self.name or handle)

    def settings(self) -> VaultSettings:
        """The part that is compared with Azure."""
        return self.part(VaultSettings)
