"""The box's own managed identity: the one credential that opens it.

Token and header are new in every run, so no real token is of use here and none from here anywhere else.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import CLIENT_ID, OBJECT_ID, TENANT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/msi/token"
_API_VERSION = "2019-08-01"
_LIFETIME = 24 * 3600


def _token(now: int) -> str:
    """An access token with the claims that clients read out of one: az takes the tenant from it to sign in.

    It is an unsigned JWT (RFC 7519, 6). What makes it good is that the box knows it word for word, and that the id
    inside it cannot be guessed.
    """
    claims = {
        "aud": "https://management.azure.com/",
        "iss": f"https://sts.windows.net/{TENANT_ID}/",
        "iat": now,
        "nbf": now,
        "exp": now + _LIFETIME,
        "appid": CLIENT_ID,
        "idtyp": "app",
        "oid": OBJECT_ID,
        "sub": OBJECT_ID,
        "tid": TENANT_ID,
        "uti": secrets.token_urlsafe(32),
        "ver": "1.0",
    }
    return f"{_part({'typ': 'JWT', 'alg': 'none'})}.{_part(claims)}."


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@dataclass(frozen=True)
class ManagedIdentity:
    """What App Service gives its programs: an endpoint, and a header that proves they may ask."""

    token: str = field(default_factory=lambda: _token(int(time.time())))
    header: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def environment(self, endpoint: str) -> dict[str, str]:
        return {
            "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
            "IDENTITY_ENDPOINT": f"{endpoint}{PATH}",
            "IDENTITY_HEADER": self.header,
        }

    def answer(self, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body of a request for a token. It expires by the real clock: the SDK compares it with its own."""
        if not secrets.compare_digest(headers.get("x-identity-header", ""), self.header):
            return 401, {"statusCode": 401, "message": "The X-IDENTITY-HEADER is missing or wrong."}
        if query.get("api-version") != _API_VERSION or not query.get("resource"):
            return 400, {"statusCode": 400, "message": f"api-version {_API_VERSION} and resource are required."}
        return 200, {
            "access_token": self.token,
            "expires_on": str(int(time.time()) + _LIFETIME),
            "resource": query["resource"],
            "token_type": "Bearer",
            "client_id": CLIENT_ID,
        }

    def admits(self, headers: Mapping[str, str]) -> bool:
        given = headers.get("authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {self.token}".encode())
