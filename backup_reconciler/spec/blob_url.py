"""The URL of a blob, as settings and command line may name it: plain, of Azure Blob Storage, and without a secret."""

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

from backup_reconciler.spec.shard import Shard

_ACCOUNT = "[a-z0-9]{3,24}"
_AZURE = (
    rf"https://{_ACCOUNT}\.(?:blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)"
    r"|z[0-9]{2}\.blob\.storage\.azure\.net)"
)
"""Azure's own hosts, those of accounts with zones in their names included: a token goes to no other."""
_LOOPBACK = rf"https?://(?:localhost|127\.0\.0\.1)(?::[0-9]{{1,5}})?/{_ACCOUNT}"
"""An emulator on this machine, which has the account in the path."""
_CONTAINER = r"\$root|[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}"
_NAME = r"[^?#\s]{1,1024}"
_WRITTEN = re.compile(
    f"(?:(?P<azure>{_AZURE})|(?P<loopback>{_LOOPBACK}))/(?P<container>{_CONTAINER})/(?P<name>{_NAME})", re.ASCII
)
_WITH_PASSWORD = re.compile("[a-z]+://[^/]*@")


class NotABlobUrl(Exception):
    """A text is not the URL of a blob that may be written down. The message does not repeat it: it may be a secret."""


@dataclass(frozen=True, slots=True)
class BlobUrl:
    """A blob, by its URL."""

    account_url: str
    container: str
    name: str
    is_loopback: bool
    """Whether it is on this machine: an emulator of Azure Storage."""

    @classmethod
    def written(cls, text: str) -> "BlobUrl":
        """The blob that a text names. Raises `NotABlobUrl`."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise NotABlobUrl(_fault(text))
        account_url = match["azure"] or match["loopback"]
        return cls(account_url, match["container"], match["name"], is_loopback=match["azure"] is None)

    @property
    def blob_name(self) -> str:
        """The name as Azure has it, which a URL may write with escapes."""
        return unquote(self.name)

    def of_shard(self, shard: Shard) -> "BlobUrl":
        """The blob beside it that keeps others away from one shard alone: runs over several go on at the same time."""
        return self if shard.is_whole else replace(self, name=f"{self.name}.{shard.number}-of-{shard.count}")

    def __str__(self) -> str:
        return f"{self.account_url}/{self.container}/{self.name}"


def _fault(text: str) -> str:
    if "?" in text:
        return "the URL has a query, which may be a signature"
    if _WITH_PASSWORD.match(text):
        return "the URL has a name or a password in it"
    if text.startswith("http://"):
        return "plain http is for an emulator on this machine alone"
    return "this is not the URL of a blob in Azure Blob Storage"
