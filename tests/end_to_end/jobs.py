"""Estates in which VMs have been backed up."""

from typing import Any

from tests.conftest import Estate, assignment, pass_time, vault, world

MIDNIGHT = "2026-11-23T23:59:00Z"
"""A minute before the scheduled run of DefaultPolicy."""


def backed_up(estate: Estate, machines: dict[str, Any], seconds: float, **more: Any) -> None:
    """VMs that DefaultPolicy backs up at midnight, and so many seconds that have passed since just before."""
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy", "state": "IRPending"} for name in machines]
    vaults = {"rsv": {"location": "japaneast", "protectedItems": items}}
    estate.exists(**world(machines, vaults, **{"clock": MIDNIGHT, **more}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    pass_time(estate, seconds)
    estate.forget()


def fails(code: str, phase: str = "snapshot") -> dict[str, Any]:
    return {"backupFails": {"code": code, "message": "So it is.", "phase": phase}}
