"""Codec of those settings of a vault that are a word or a number: the `properties` of its ARM JSON ↔ YAML data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from backup_reconciler.spec.values import Redundancy, Switch
from backup_reconciler.spec.vault import CrossSubscriptionRestore, Immutability, SoftDeleteState

_NOT_TOLD = "invalid"
"""What the service says of some settings that it has no value for (azure-mgmt-recoveryservices, models)."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One setting: where a manifest states it, where Azure has it, and the words for it; a number has none."""

    path: tuple[str, ...]
    wire: tuple[str, ...]
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Where the same word has to be written too."""
    unsayable: tuple[str, ...] = ()
    """Words that Azure has and a manifest has not."""

    def sayable(self, value: Any) -> bool:
        return value in self.words if self.words else True


_SWITCH = get_args(Switch)
_SOFT_DELETE = ("securitySettings", "softDeleteSettings")
_STATE = _Field(
    ("softDelete", "state"),
    (*_SOFT_DELETE, "softDeleteState"),
    get_args(SoftDeleteState),
    also=(*_SOFT_DELETE, "enhancedSecurityState"),
    unsayable=("Disabled",),
)
_REDUNDANCY = _Field(("redundancy",), ("redundancySettings", "standardTierStorageRedundancy"), get_args(Redundancy))
_CROSS_REGION = _Field(("crossRegionRestore",), ("redundancySettings", "crossRegionRestore"), _SWITCH)
_IMMUTABILITY = _Field(("immutability",), ("securitySettings", "immutabilitySettings", "state"), get_args(Immutability))
_FIELDS = (
    _REDUNDANCY,
    _CROSS_REGION,
    _Field(
        ("crossSubscriptionRestore",),
        ("restoreSettings", "crossSubscriptionRestoreSettings", "crossSubscriptionRestoreState"),
        get_args(CrossSubscriptionRestore),
    ),
    _STATE,
    _Field(("softDelete", "retentionDays"), (*_SOFT_DELETE, "softDeleteRetentionPeriodInDays")),
    _IMMUTABILITY,
    _Field(("publicNetworkAccess",), ("publicNetworkAccess",), _SWITCH),
    _Field(
        ("alerts", "allJobFailures"),
        ("monitoringSettings", "azureMonitorAlertSettings", "alertsForAllJobFailures"),
        _SWITCH,
    ),
    _Field(
        ("alerts", "criticalOperations"),
        ("monitoringSettings", "classicAlertSettings", "alertsForCriticalOperations"),
        _SWITCH,
    ),
)


def decode(properties: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a manifest can state, and what it has no words for, both as YAML data.

    Immutability that was never set is Disabled (source: terraform-provider-azurerm), and so is cross-region restore
    where the redundancy is told.
    """
    told: dict[str, Any] = {"immutability": "Disabled"}
    if _value(_REDUNDANCY, properties) is not None:
        told["crossRegionRestore"] = "Disabled"
    odd = set()
    for field in _FIELDS:
        value = _value(field, properties)
        if value is not None:
            _put(told, field.path, value)
            odd |= set() if field.sayable(value) else {field.path[0]}
    if "state" not in told.get("softDelete", {"state": ""}):
        odd.add("softDelete")  # a manifest states the days beside the state alone
    return {name: told[name] for name in told if name not in odd}, {name: told[name] for name in odd}


def encode(stated: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """The `properties` to send for YAML data: what Azure has already is not sent again."""
    properties: dict[str, Any] = {}
    for field in _FIELDS:
        value = _dig(stated, field.path)
        if value is None or value == _value(field, live):
            continue
        spelt = _AZURES_SPELLING.get(value, value)
        for place in filter(None, (field.wire, field.also)):
            _put(properties, place, spelt)
    return properties


_AZURES_SPELLING: Mapping[Any, str] = {"AlwaysOn": "AlwaysON"}


def _value(field: _Field, properties: Mapping[str, Any]) -> Any:
    """The setting in the spelling of a word that is known, or as it is; None where Azure does not tell it."""
    value = _dig(properties, field.wire)
    if not field.words:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if not isinstance(value, str) or value.casefold() in ("", _NOT_TOLD):
        return None
    return {word.casefold(): word for word in (*field.words, *field.unsayable)}.get(value.casefold(), value)


def _dig(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value
