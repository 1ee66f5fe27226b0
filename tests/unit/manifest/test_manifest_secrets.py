"""A secret that somebody put into a manifest is told by its place, and never repeated: output ends up in logs."""

from pathlib import Path

import pytest

from tests.conftest import Cli

MANIFEST = """\
apiVersion: backup-reconciler/v1
kind: OutboundAccess
metadata: {{name: web}}
spec:
  for: {{assignments: [web]}}
  method: proxy
  proxy: {{{stated}}}
"""
STATED = {
    "a URL": 'host: "http://backup:s3cr3t@proxy.example.com:8080", port: 8080',
    "before the host": 'host: "backup:s3cr3t@proxy", port: 8080',
    "without a host": 'host: "backup:s3cr3t", port: 8080',
    "fields of its own": "host: 10.1.0.4, port: 8080, username: backup, password: s3cr3t",
    "in text where a list is asked for": 'host: 10.1.0.4, port: 8080, bypass: "http://backup:s3cr3t@intranet"',
    "listed twice": 'host: 10.1.0.4, port: 8080, bypass: ["backup:a s3cr3t@intranet", "backup:a s3cr3t@intranet"]',
    "where a number is asked for": 'host: 10.1.0.4, port: "backup:p@s3cr3t@proxy:8080"',
    "beside the proxy": 'host: 10.1.0.4, port: 8080, bypass: ["http://backup:s3cr3t@intranet"]',
}


@pytest.mark.parametrize("format_", ["text", "json", "github"])
@pytest.mark.parametrize("stated", STATED.values(), ids=STATED)
def test_a_proxys_password_is_refused_and_not_repeated(cli: Cli, tmp_path: Path, stated: str, format_: str) -> None:
    (tmp_path / "a.yaml").write_text(MANIFEST.format(stated=stated))
    told = cli("validate", tmp_path, "--format", format_)
    assert told.status == 1
    assert "s3cr3t" not in told.out + told.err


SECRETS = {
    "a signed URL": "https://account.blob.core.windows.net/c/n?sv=2024-11-04&sig=s3cr3t%2Bx%3D&sp=r",
    "a signature": "?sig=s3cr3t",
    "a connection string": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cr3t==;EndpointSuffix=b",
    "a connection string of a bus": "Endpoint=sb://b/;SharedAccessKeyName=a;SharedAccessKey=s3cr3t",
    "a database": "Server=s;User Id=a;Password=s3cr3t;",
    "a URL with a password": "https://backup:s3cr3t@host/",
}
ANYWHERE = """\
apiVersion: backup-reconciler/v1
kind: BackupPolicy
metadata: {{name: "{secret}"}}
spec:
  vaults: ["{secret}"]
  name: "{secret}"
  tier: "{secret}"
  timeZone: "{secret}"
  schedule: {{frequency: Daily, time: "{secret}"}}
  instantRestoreDays: "{secret}"
  "{secret}": 1
  snapshotResourceGroup: {{prefix: "{secret}"}}
---
apiVersion: backup-reconciler/v1
kind: BackupPolicy
metadata: {{name: "{secret}"}}
spec: {{vaults: ["{secret}", "{secret}"], name: daily, archiveTier: "{secret}"}}
---
apiVersion: backup-reconciler/v1
kind: VMAssignment
metadata: {{name: "{secret}"}}
spec:
  vault: "{secret}"
  policy: "{secret}"
  select: {{resourceGroups: ["{secret}"], locations: ["{secret}"], subscriptions: ["{secret}"], ids: ["{secret}"]}}
---
apiVersion: backup-reconciler/v1
kind: Vault
metadata: {{name: "{secret}"}}
spec:
  subscription: "{secret}"
  resourceGroup: "{secret}"
  location: "{secret}"
  tags: {{"{secret}": "{secret}", "{secret}": "{secret}"}}
  encryption: {{key: "{secret}", identity: "{secret}"}}
---
apiVersion: "{secret}"
kind: "{secret}"
metadata: {{name: "{secret}"}}
---
"{secret}"
"""


@pytest.mark.parametrize("format_", ["text", "json", "github"])
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_no_secret_is_repeated_wherever_it_stands(cli: Cli, tmp_path: Path, secret: str, format_: str) -> None:
    (tmp_path / "a.yaml").write_text(ANYWHERE.format(secret=secret))
    told = cli("validate", tmp_path, "--format", format_)
    assert told.status == 1
    assert "s3cr3t" not in told.out + told.err
