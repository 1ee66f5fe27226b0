"""What is shown of a request to the box: short enough for a terminal, and nothing that is secret."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from backup_reconciler.cli.exchange_text import details, line, short_path
from backup_reconciler.sandbox import Exchange

SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"
VAULT = f"{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
ITEM = (
    f"{VAULT}/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;web-01"
    "/protectedItems/vm;iaasvmcontainerv2;rg;web-01"
)
VM = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01"


def exchange(path: str = VAULT, status: int = 200, **more: Any) -> Exchange:
    stated = {"method": "GET", "query": {"api-version": "2026-10-01"}, "request": None}
    return Exchange(path=path, status=status, at=datetime(2026, 11, 23, 8, tzinfo=UTC), **stated | more)


@pytest.mark.parametrize(
    ("path", "short"),
    [
        (VAULT, "vaults/rsv"),
        (f"{VAULT}/backupPolicies/daily-30d", "rsv/backupPolicies/daily-30d"),
        (f"{VAULT}/backupJobs/0f1e2d3c-1111-2222-3333-444444444444", "rsv/backupJobs/0f1e2d3c…"),
        (ITEM, "rsv/web-01"),
        (f"{ITEM}/backup", "rsv/web-01/backup"),
        (f"{ITEM}/operationsStatus/0f1e2d3c-1111-2222-3333-444444444444", "rsv/web-01/operationsStatus/0f1e2d3c…"),
        (f"{VAULT}/operationStatus/{'x' * 60}", f"rsv/operationStatus/{'x' * 39}…"),
        (VM, "virtualMachines/web-01"),
        (f"{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines", "virtualMachines"),
        (f"{SUBSCRIPTION}/resourceGroups/rg", "resourceGroups/rg"),
        (f"{SUBSCRIPTION}/resourceGroups", "resourceGroups"),
        (SUBSCRIPTION, "/subscriptions/11111111…"),
        ("/providers/Microsoft.ResourceGraph/resources", "ResourceGraph/resources"),
        (f"{VM}/providers/Microsoft.Authorization/locks/keep", "virtualMachines/web-01/locks/keep"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_path_is_what_it_is_about(path: str, short: str) -> None:
    assert short_path(path) == short


@pytest.mark.parametrize("width", [100, 40, 20, None])
@pytest.mark.parametrize("path", [ITEM, f"{VAULT}/backupPolicies/{'p' * 150}", "/" + "x/" * 200])
def test_a_line_fits_and_says_why_it_was_refused(path: str, width: int | None) -> None:
    shown = line(exchange(path, 409, code="TooBusy"), width).plain
    assert shown.startswith("08:00:00  409  GET    ")
    assert shown.endswith("  TooBusy")
    if width and width >= 40:
        assert len(shown) <= width


@pytest.mark.parametrize(
    ("status", "shown", "colour"),
    [(200, "200", 32), (202, "202", 32), (307, "307", 36), (404, "404", 33), (503, "503", 31), (0, "cut", 35)],
)
def test_a_status_has_its_colour_on_a_terminal_alone(status: int, shown: str, colour: int) -> None:
    for terminal in (True, False):
        written = io.StringIO()
        console = Console(
            file=written, force_terminal=terminal, color_system="standard" if terminal else None, width=100
        )
        console.print(line(exchange(status=status), 100), soft_wrap=True)
        assert f"  {shown}  " in line(exchange(status=status), 100).plain
        assert (f"\x1b[{colour}m{shown}" in written.getvalue()) == terminal


def test_control_characters_of_a_request_do_not_reach_the_terminal() -> None:
    evil = exchange(f"{VAULT}\x1b[2J", 400, code="\x1b]0;evil", request={"\x1b": "\x1b"}, query={"$filter": "\x1b"})
    assert "\x1b" not in line(evil, 100).plain
    assert "\x1b" not in details(evil)


def test_details_are_all_of_it_less_what_is_secret() -> None:
    asked = {"properties": {"protectedParameters": [{"name": "key", "value": "s3cret"}], "source": {"script": "date"},
                            "adminPassword": "s3cret", "protectedItemType": "shown"}}  # fmt: skip
    told = details(exchange(ITEM, request=asked, answer={"error": {"code": "X"}}, query={"s": "y" * 7000}))
    assert told.splitlines()[0] == f"    {ITEM}?s={'y' * 40}…"
    assert "s3cret" not in told
    assert all(word in told for word in ("→ {", '"date"', '"shown"', "← {", '"X"'))
    assert details(exchange()).strip() == f"{VAULT}?api-version=2026-10-01", "no body, nothing said of it"
