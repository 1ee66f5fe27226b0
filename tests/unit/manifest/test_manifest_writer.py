"""Specs as YAML text: readable, stable, and safe in the hands of any other YAML reader."""

import math
from pathlib import Path

import pytest
import yaml

from backup_reconciler.manifest import load
from backup_reconciler.manifest.text.scalars import needs_quotes, plain_value
from backup_reconciler.manifest.writing import write
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec, Selector
from backup_reconciler.spec.vault import VaultSpec

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
VM = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-1"

VAULT = VaultSpec(
    name="rsv-prod",
    subscription=SUBSCRIPTION,
    resource_group="rg-backup",
    location="japaneast",
    redundancy="GeoRedundant",
    tags={"owner": "platform", "cost center": "0042", "retired": None},
)
POLICY = BackupPolicySpec.model_validate(
    {
        "vaults": ["prod-jpe"],
        "schedule": {"frequency": "Daily", "time": "23:00"},
        "instantRestoreDays": 2,
        "retention": {
            "daily": {"days": 30},
            "yearly": {"years": 7, "months": ["May"], "dates": [1, "last"]},
        },
        "timeZone": "Asia/Tokyo",
    }
)
ASSIGNMENT = AssignmentSpec(
    vault="prod-jpe", policy="daily-30d", select=Selector(ids=(VM,), names=("web-*",), tags={"env": ("prod", "yes")})
)
TEXT = f"""\
apiVersion: backup-reconciler/v1
kind: Vault
metadata:
  name: prod-jpe
spec:
  name: rsv-prod
  subscription: {SUBSCRIPTION}
  resourceGroup: rg-backup
  location: japaneast
  redundancy: GeoRedundant
  tags:
    owner: platform
    cost center: "0042"
    retired: null
---
apiVersion: backup-reconciler/v1
kind: BackupPolicy
metadata:
  name: daily-30d
spec:
  vaults: [prod-jpe]
  schedule:
    frequency: Daily
    time: "23:00"
  instantRestoreDays: 2
  retention:
    daily:
      days: 30
    yearly:
      years: 7
      months: [May]
      dates: [1, last]
  timeZone: Tokyo Standard Time
---
apiVersion: backup-reconciler/v1
kind: VMAssignment
metadata:
  name: web
spec:
  vault: prod-jpe
  policy: daily-30d
  select:
    names: ["web-*"]
    ids:
      - {VM}
    tags:
      env: [prod, "yes"]
"""


def test_documents_are_written_as_a_person_would() -> None:
    assert (
        write(
            [("Vault", "prod-jpe", VAULT), ("BackupPolicy", "daily-30d", POLICY), ("VMAssignment", "web", ASSIGNMENT)]
        )
        == TEXT
    )


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEXT, encoding="utf-8")
    manifests = load([tmp_path])
    assert [vault.spec for vault in manifests.vaults] == [VAULT]
    assert [policy.spec for policy in manifests.policies] == [POLICY]
    assert [assignment.spec for assignment in manifests.assignments] == [ASSIGNMENT]


def test_nothing_is_written_as_nothing() -> None:
    assert write([]) == ""


def test_equal_lists_are_written_out_each_time() -> None:
    shared = ("prod",)
    spec = AssignmentSpec(vault="v", policy="p", select=Selector(names=shared), exclude=Selector(names=shared))
    assert "&" not in write([("VMAssignment", "web", spec)])


@pytest.mark.parametrize(
    "text",
    ["", "~", "null", "Null", "y", "N", "yes", "NO", "on", "Off", "true", "FALSE", "<<", "=", "23:00", "08:00", "1:2:3",
     "2027-01-01", "2027-01-01T00:00:00Z", "0", "-1", "+1", "007", "0o17", "0x1F", "0b1", "1_000", "1e3", "12e4", "1.5",
     ".5", "5.", ".inf", "-.INF", ".nan", "1,000", "- a", "-", "---", "...", "? a", ": a", "a: b", "a:", "a #b", "#a",
     "*a", "&a", "!a", "%a", "@a", "`a`", "'a'", '"a"', "[a]", "{a}", "a, b", "a]", " a", "a ", "a\nb", "\t", "\x07",
     "\x85", "\u2028", "\ufeff", "é", "日本", "🚀", "1a", "C:\\x", "web-*", "?", "|", ">", "a" * 2000 + "*", "none"],
)  # fmt: skip
def test_text_that_could_be_taken_for_something_else_is_quoted(text: str) -> None:
    assert needs_quotes(text)
    spec = VaultSpec(subscription=SUBSCRIPTION, resource_group="rg", location="japaneast", tags={"a": text, text: "a"})
    written = write([("Vault", "prod", spec)])
    assert 'a: "' in written
    for loader in (yaml.SafeLoader, yaml.BaseLoader):
        assert yaml.load(written, Loader=loader)["spec"]["tags"] == {"a": text, text: "a"}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "Sunday",
        "rg-backup",
        "Tokyo Standard Time",
        "W. Europe Standard Time",
        "a/b",
        "x_1.2",
        "rg(1)",
        VM,
        SUBSCRIPTION,
    ],
)
def test_text_that_is_safe_is_written_plainly(text: str) -> None:
    assert not needs_quotes(text)
    assert yaml.safe_load(text) == plain_value(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("~", None), ("null", None), ("Null", "Null"), ("true", True), ("false", False), ("True", "True"),
     ("yes", "yes"), ("0", 0), ("-0", 0), ("+12", 12), ("-7", -7), ("007", "007"), ("0o17", "0o17"), ("0x1F", "0x1F"),
     ("1_000", "1_000"), ("23:00", "23:00"), ("2027-01-01", "2027-01-01"), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0),
     ("1e3", 1000.0), ("1E-3", 0.001), ("-1.5e+3", -1500.0), (".inf", math.inf), ("-.INF", -math.inf), ("inf", "inf"),
     ("1.2.3", "1.2.3"), (".", "."), ("e3", "e3"), ("9" * 100, int("9" * 100)), ("9" * 5000, math.inf), ("٣", "٣")],
)  # fmt: skip
def test_text_without_quotes_means(text: str, value: object) -> None:
    read = plain_value(text)
    assert read == value
    assert isinstance(read, type(value))
    assert isinstance(read, bool) is isinstance(value, bool)


def test_not_a_number_is_a_float() -> None:
    value = plain_value(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)
