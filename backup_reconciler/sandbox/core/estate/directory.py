"""The directory (Microsoft Entra tenant) that all subscriptions of a box belong to, and who signs in to it."""

from __future__ import annotations

TENANT_ID = "5a4d0b0c-0000-4000-8000-000000000001"
DOMAIN = "sandbox.onmicrosoft.com"
CLIENT_ID = "5a4d0b0c-0000-4000-8000-000000000002"
"""The application behind the box's managed identity."""
OBJECT_ID = "5a4d0b0c-0000-4000-8000-000000000003"
"""Its service principal: to whom roles are given. ARM's refusals name it twice, as client and as object id."""
