"""The digest of manifests: of what they say, not of how or in which files it is written."""

from typing import Any

from backup_reconciler.plan.canonical import canonical, digest_of
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.settings import SettingsSpec

_WHAT_A_RUN_MAY = {"strict", "limits", "allow"}
"""The settings that decide what a run may do; the others are about how it is done."""


def manifests_digest(manifests: Manifests) -> str:
    """Equal for manifests that say the same, whatever their files are called and in whatever order they stand."""
    documents = sorted([one.kind, one.handle.casefold(), one.spec.stated()] for one in manifests.declarations)
    settings = manifests.settings.spec if manifests.settings else SettingsSpec()
    may: dict[str, Any] = settings.model_dump(include=_WHAT_A_RUN_MAY, exclude_defaults=True, mode="json")
    # Whether these are all manifests decides what may be stopped in an authoritative vault.
    return digest_of(canonical([documents, may, manifests.are_all]))
