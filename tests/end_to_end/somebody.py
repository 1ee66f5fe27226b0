"""What somebody else does in Azure between two of our runs."""

import asyncio
from typing import Any

from aiohttp import ClientSession

from backup_reconciler.sandbox import open_box
from tests.conftest import Estate

_VERSION = "2026-03-01"


def somebody(estate: Estate, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The answer to a request of theirs, once a write has settled. None of it counts as ours."""

    async def ask() -> Any:
        async with open_box(estate.world) as box, ClientSession(raise_for_status=True) as session:
            given = box.environment()
            identity = {"X-IDENTITY-HEADER": given["IDENTITY_HEADER"]}
            query = {"api-version": "2019-08-01", "resource": box.endpoint}
            async with session.get(given["IDENTITY_ENDPOINT"], params=query, headers=identity) as told:
                token = (await told.json())["access_token"]
            signed = {"Authorization": f"Bearer {token}"}
            url = f"{box.endpoint}{path}?api-version={_VERSION}"
            async with session.request(method, url, json=body, headers=signed) as answer:
                found = await answer.json() if answer.content_length else None
            await box.sleep(60)
            return found

    return asyncio.run(ask())
