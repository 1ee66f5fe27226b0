"""Azurite, Microsoft's emulator of Azure Storage, as the storage account of the tests in this folder."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from azure.core.credentials import AzureSasCredential
from azure.storage.blob import (
    AccountSasPermissions,
    BlobClient,
    BlobLeaseClient,
    ContainerClient,
    ResourceTypes,
    generate_account_sas,
)

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
ARGUMENTS = ("--blobPort", "0", "--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck")

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key that every Azurite has, as its documentation says."""
AN_END = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Storage:
    """A running Azurite, with a container of this test's own."""

    account_url: str
    container: str = field(default_factory=lambda: f"locks-{uuid4().hex}")

    @property
    def url(self) -> str:
        """Of the blob that is the lock."""
        return f"{self.account_url}/{self.container}/run"

    @property
    def blob(self) -> BlobClient:
        """The lock, as somebody else uses it."""
        return BlobClient.from_blob_url(self.url, credential=AzureSasCredential(signature("rwdlacup")))

    def make_container(self) -> None:
        ContainerClient(self.account_url, self.container, AzureSasCredential(signature("rwdlacup"))).create_container()

    def break_(self) -> None:
        """Break the lease, at once."""
        BlobLeaseClient(self.blob).break_lease(0)

    def state(self) -> str:
        """Of the lease, in Azure's words."""
        return str(self.blob.get_blob_properties().lease.state)


def signature(may: str) -> str:
    """A shared access signature of the whole account; `may` in the letters of Azure."""
    permission, types = AccountSasPermissions.from_string(may), ResourceTypes.from_string("sco")
    return generate_account_sas(ACCOUNT, KEY, types, permission, AN_END)


@pytest.fixture(scope="session")
def account_url() -> Iterator[str]:
    """Azurite on a port of its own, for as long as the tests run."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    if not PROGRAM.exists():
        pytest.skip("Azurite is not installed: run `make azurite`")
    with subprocess.Popen([node, str(PROGRAM), *ARGUMENTS], stdout=subprocess.PIPE, text=True) as azurite:
        assert azurite.stdout is not None
        lines = iter(azurite.stdout.readline, "")
        found = (re.search(r"listens on (http://127\.0\.0\.1:\d+)", line) for line in lines)
        address = next(filter(None, found), None)
        assert address, "Azurite did not start"
        yield f"{address[1]}/{ACCOUNT}"
        azurite.terminate()


@pytest.fixture
def storage(account_url: str, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A container for locks, and a signature for it in the environment."""
    made = Storage(account_url)
    made.make_container()
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", signature("rwc"))
    return made
