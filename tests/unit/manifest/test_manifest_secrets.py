"""A password that somebody put into a manifest is told by its place, and never repeated: output ends up in logs."""

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
