"""Which URLs name a blob that may be a lock: Azure's own hosts and this machine, and no secret in them."""

import pytest

from backup_reconciler.spec.blob_url import BlobUrl, NotABlobUrl

EMULATOR = "http://127.0.0.1:10000/devstoreaccount1"


@pytest.mark.parametrize(("url", "parts"), [
    ("https://stbackup.blob.core.windows.net/locks/run", ("https://stbackup.blob.core.windows.net", "locks", "run")),
    ("https://st1.blob.core.usgovcloudapi.net/a-b/c/d", ("https://st1.blob.core.usgovcloudapi.net", "a-b", "c/d")),
    ("https://st1.blob.core.chinacloudapi.cn/abc/d%20e", ("https://st1.blob.core.chinacloudapi.cn", "abc", "d e")),
    ("https://st1.z07.blob.storage.azure.net/abc/d", ("https://st1.z07.blob.storage.azure.net", "abc", "d")),
    ("https://st1.blob.core.windows.net/$root/run", ("https://st1.blob.core.windows.net", "$root", "run")),
    (f"{EMULATOR}/locks/run", (EMULATOR, "locks", "run")),
    ("https://localhost/devstoreaccount1/locks/run", ("https://localhost/devstoreaccount1", "locks", "run")),
])  # fmt: skip
def test_a_blob_is_known_by_its_url(url: str, parts: tuple[str, str, str]) -> None:
    blob = BlobUrl.written(url)
    assert (blob.account_url, blob.container, blob.blob_name) == parts
    assert (str(blob), blob.is_loopback) == (url, "core" not in url and "z07" not in url)


@pytest.mark.parametrize(("url", "fault"), [
    ("https://st1.blob.core.windows.net/locks/run?sv=1&sig=c2VjcmV0", "has a query, which may be a signature"),
    ("https://ada:c2VjcmV0@st1.blob.core.windows.net/locks/run", "has a name or a password in it"),
    ("http://st1.blob.core.windows.net/locks/run", "plain http is for an emulator on this machine alone"),
    ("DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=c2VjcmV0", "this is not the URL of a blob"),
    ("https://st1.blob.core.windows.net.evil.example/locks/run", "this is not the URL of a blob"),
    ("https://evil.example/st1.blob.core.windows.net/locks/run", "this is not the URL of a blob"),
    ("https://localhost.evil.example/devstoreaccount1/locks/run", "this is not the URL of a blob"),
    ("https://st1.blob.core.windows.net/locks", "this is not the URL of a blob"),
    ("https://st1.blob.core.windows.net/locks/", "this is not the URL of a blob"),
    ("https://st1.blob.core.windows.net/Locks/run", "this is not the URL of a blob"),
    ("https://st1.blob.core.windows.net/locks/run#c2VjcmV0", "this is not the URL of a blob"),
    ("https://st1.blob.core.windows.net/locks/run\n", "this is not the URL of a blob"),
    ("https://st1.file.core.windows.net/locks/run", "this is not the URL of a blob"),
    ("", "this is not the URL of a blob"),
])  # fmt: skip
def test_what_may_not_be_written_down_is_refused_without_repeating_it(url: str, fault: str) -> None:
    with pytest.raises(NotABlobUrl, match=fault) as refused:
        BlobUrl.written(url)
    assert "c2VjcmV0" not in str(refused.value)
