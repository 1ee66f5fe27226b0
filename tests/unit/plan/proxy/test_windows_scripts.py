"""The scripts for Windows, read by a parser of PowerShell."""

from collections.abc import Iterator

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.plan.outbound.proxy.script import (
    Script,
    close_firewall,
    open_firewall,
    set_proxy,
    unset_proxy,
)
from backup_reconciler.spec.outbound import Proxy

PROXY = Proxy(host="h", port=3128)
HOSTS = ["proxy.example.com", "a'b", 'a"; Remove-Item C:\\ "', "$(Get-Item x)`n", "it’s ‘so‚ ‛", "a b\n# c"]


def scripts(host: str) -> list[Script]:
    proxy = Proxy(host=host, port=3128, bypass=(host, "*.internal"))
    handle = "production"
    changing = [set_proxy("Windows", handle, proxy), open_firewall(handle, proxy)]
    return [*changing, unset_proxy("Windows", handle), close_firewall(handle)]


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def parsed(script: Script) -> Node:
    return Parser(Language(tree_sitter_powershell.language())).parse(script.text.encode()).root_node


@pytest.mark.parametrize("host", HOSTS)
def test_scripts_are_powershell_whatever_is_assigned(host: str) -> None:
    for script in scripts(host):
        assert [one.text for one in nodes(parsed(script)) if one.type == "ERROR" or one.is_missing] == []


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_assigned_is_one_string_and_nothing_more(host: str) -> None:
    plain, nasty = (scripts(one)[0] for one in ("plain", host))
    assert [one.type for one in nodes(parsed(nasty))] == [one.type for one in nodes(parsed(plain))]


def test_a_mistake_would_be_seen() -> None:
    broken = Script(Mark("x", "0" * 16), scripts("h")[0].text.replace("'Stop'", "'Stop"))
    assert parsed(broken).has_error


@pytest.mark.parametrize("script", [open_firewall("p", PROXY), close_firewall("p")], ids=["open", "close"])
def test_the_firewall_s_own_commands_are_told_to_stop_at_errors(script: Script) -> None:
    """Functions of a module do not see the preference of the script that calls them."""
    commands = [(one.text or b"").decode() for one in nodes(parsed(script)) if one.type == "command"]
    of_firewall = [each for each in commands if "-NetFirewall" in each.split()[0]]
    assert len(of_firewall) >= 2
    assert [each for each in of_firewall if "-ErrorAction Stop" not in each] == []


def test_exceptions_are_written_as_windows_reads_them() -> None:
    assert "$bypass = '168.63.129.16;169.254.169.254;h;*.internal'" in scripts("h")[0].text
