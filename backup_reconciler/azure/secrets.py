"""Keeping secrets out of what Azure, a proxy or a library says: they quote the address or header they complain of."""

import re

_HIDDEN = "***"
_SECRETS = (
    # The signature of a shared access signature; what is around it tells which one (Learn, "Create a service SAS").
    re.compile(r"(?i)((?:\b|%[\da-f]{2})sig(?:=|%3D))[^&;\s\"'<>]+"),
    # A token that is quoted with its header, and one that is quoted alone: a JSON Web Token (RFC 7519).
    re.compile(r"(?i)((?:\bbearer|\bauthorization[\"']?\s*[:=]\s*[\"']?\w+)\s+)[\w.~+/=:-]{8,}"),
    re.compile(r"(\b)eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*"),
    # Fields of connection strings and of answers of a token endpoint, and what is before the @ of an address.
    re.compile(
        r"(?i)((?:account_?key|sharedaccesskey|client_?secret|client_assertion|access_token|refresh_token|password)"
        r"[\"']?\s*[=:]\s*[\"']?)[^\s;,&\"'}]+"
    ),
    re.compile(r"(://)[^/?#\s]+(?=@)"),
)


def without_secrets(text: str) -> str:
    """The text, with `***` where it holds a token, a key, a password or a signature."""
    for secret in _SECRETS:
        text = secret.sub(rf"\1{_HIDDEN}", text)
    return text
