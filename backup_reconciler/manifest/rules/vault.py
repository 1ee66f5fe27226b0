"""Rules of kind Vault."""

from collections.abc import Iterator

from backup_reconciler.manifest.document import HANDLE, Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.names import is_region, is_resource_group
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.rules.value import REGION_NAME, RESOURCE_GROUP_NAME, SUBSCRIPTION_ID
from backup_reconciler.spec.rules.vault import VAULT_NAME
from backup_reconciler.spec.vault import VaultSpec


def vault_name(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    path = vault.name_path()
    name = vault.spec.azure_name(vault.handle)
    if forms.VAULT.fits(name) or (path == HANDLE and not forms.HANDLE.fits(name)):  # a bad handle is told as such
        return
    remedy = "use 2 to 50 letters, digits and hyphens, starting with a letter"
    instead = ", or state spec.name where only the handle is different" if path == HANDLE else ""
    yield vault.problem(VAULT_NAME, path, f"{quoted(name)} cannot be the name of a vault", remedy + instead)


def subscription_id(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    if not forms.SUBSCRIPTION.fits(vault.spec.subscription):
        what = f"{quoted(vault.spec.subscription)} is not the id of a subscription"
        yield vault.problem(SUBSCRIPTION_ID, ("spec", "subscription"), what)


def resource_group_name(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    if not is_resource_group(vault.spec.resource_group):
        what = f"{quoted(vault.spec.resource_group)} cannot be the name of a resource group"
        yield vault.problem(RESOURCE_GROUP_NAME, ("spec", "resourceGroup"), what)


def region_name(vault: Declared[VaultSpec]) -> Iterator[Problem]:
    path = ("spec", "location")
    if not is_region(vault.spec.location):
        yield vault.problem(REGION_NAME, path, f"{quoted(vault.written.tree.value(path))} is not the name of a region")


RULES = (vault_name, subscription_id, resource_group_name, region_name)
