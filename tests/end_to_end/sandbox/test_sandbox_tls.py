"""https: a certificate of the box's own, trusted by who is told to and good for nothing else."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from backup_reconciler.sandbox import Box, open_box
from tests.conftest import SUBSCRIPTION, vms, world

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Cli, Estate

PROGRAM = """
import os, sys
from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient
endpoint = os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"]
client = ComputeManagementClient(
    DefaultAzureCredential(), sys.argv[1], base_url=endpoint, credential_scopes=[endpoint + "/.default"]
)
assert [vm.name for vm in client.virtual_machines.list_all()] == ["web-01"]
"""


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    path = tmp_path / "tls.world.yaml"
    path.write_text("kind: World\n")
    return path


def visit(world_file: Path, look: Callable[[Box], None], *, tls: bool = True) -> None:
    """Open a box, and look at it from a thread while it serves."""

    async def run() -> None:
        async with open_box(world_file, tls=tls) as box:
            await asyncio.to_thread(look, box)

    asyncio.run(run())


def greet(box: Box, host: str, trusted: str | None) -> x509.Certificate:
    """A TLS handshake with the box under a name, as a strict client makes it; what the box showed."""
    context = ssl.create_default_context(cafile=trusted)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    port = int(box.endpoint.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True)
        assert shown
        return x509.load_der_x509_certificate(shown)


def test_who_trusts_the_authority_reaches_the_box_under_both_its_names(world_file):
    def look(box: Box) -> None:
        assert box.endpoint.startswith("https://127.0.0.1:")
        environment = box.environment()
        authority = environment["SSL_CERT_FILE"]
        assert environment["REQUESTS_CA_BUNDLE"] == environment["CURL_CA_BUNDLE"] == authority
        for host in ("127.0.0.1", "localhost"):
            greet(box, host, authority)
        with pytest.raises(ssl.SSLCertVerificationError):
            greet(box, "127.0.0.1", None)
        with pytest.raises(ssl.SSLCertVerificationError):
            greet(box, "management.azure.com", authority)

    visit(world_file, look)


def test_the_authority_is_short_lived_and_good_for_loopback_alone(world_file):
    authority = world_file.parent / ".sandbox" / "tls.ca.pem"
    visit(world_file, lambda _box: None)
    made = x509.load_pem_x509_certificate(authority.read_bytes())
    allowed = made.extensions.get_extension_for_class(x509.NameConstraints)
    assert allowed.critical
    assert allowed.value.permitted_subtrees == [x509.DNSName("localhost"), x509.IPAddress(IPv4Network("127.0.0.1/32"))]
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=7)
    assert made.not_valid_before_utc <= datetime.now(UTC)
    visit(world_file, lambda _box: None)
    assert x509.load_pem_x509_certificate(authority.read_bytes()).public_key() != made.public_key()


def test_the_box_cannot_sign_as_its_authority(world_file):
    def look(box: Box) -> None:
        authority = box.environment()["SSL_CERT_FILE"]
        shown = greet(box, "127.0.0.1", authority)
        signer = x509.load_pem_x509_certificate(Path(authority).read_bytes())
        assert shown.public_key() != signer.public_key()
        assert not shown.extensions.get_extension_for_class(x509.BasicConstraints).value.ca

    visit(world_file, look)


def test_no_private_key_is_left_on_the_disk(world_file):
    def look(_box: Box) -> None:
        for path in world_file.parent.rglob("*"):
            assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes(), path

    visit(world_file, look)


def test_without_being_asked_a_box_speaks_http(world_file):
    def look(box: Box) -> None:
        assert box.endpoint.startswith("http://")
        assert not {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} & box.environment().keys()

    visit(world_file, look, tls=False)


def test_the_sdk_needs_no_exception_from_https(estate: Estate, cli: Cli, tmp_path: Path) -> None:
    estate.exists(**world(vms("web-01")))
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    assert cli("sandbox", estate.world, "--tls", "--", sys.executable, program, SUBSCRIPTION).status == 0


def test_our_own_client_reads_over_https(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": {"location": "japaneast"}}))
    ours = (sys.executable, "-m", "backup_reconciler", "export", "--subscription", SUBSCRIPTION, "--output")
    told = cli("sandbox", estate.world, "--tls", "--", *ours, estate.folder / "exported")
    assert told.status == 0
    assert any("/vaults" in exchange.path for exchange in estate.requests())
