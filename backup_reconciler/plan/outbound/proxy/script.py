"""The scripts that are sent into VMs: static bodies, which begin after assignments of what differs.

Nothing of a manifest stands in a body. What is assigned is quoted as the shell takes it, whatever it holds, though the
validator lets no character through that would need it.
"""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Network
from typing import Literal

from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.spec.outbound import Proxy, owned_name

OperatingSystem = Literal["Linux", "Windows"]

_FIXED = ("168.63.129.16", "169.254.169.254")
"""What VMs reach Azure itself by: its wire server and its instance metadata, which no proxy stands before (source:
Azure: What is IP address 168.63.129.16; Azure Instance Metadata Service)."""

_OPENINGS: Mapping[OperatingSystem, str] = {"Linux": "#!/bin/sh\n", "Windows": ""}
_QUOTES = "'‘’‚‛"
_ASSIGNMENT = re.compile(r"\$?(?P<name>\w+)(?P<sign>=| = )(?P<quoted>.*)")
_CALLED = {"host": "host", "proxyHost": "host", "port": "port", "bypass": "bypass"}
"""What manifests call the values that scripts begin with."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script, whole: with the mark that tells whose it is in its first comment."""

    mark: Mark
    text: str


def is_intact(text: str) -> bool:
    """Whether a script is as some version of this program wrote it."""
    before, mark, after = text.partition("# backup-reconciler ")
    said, _, rest = after.partition("\n")
    found = Mark.read(mark + said)
    return before in _OPENINGS.values() and found is not None and found == _mark(found.handle, rest)


def system_of(text: str) -> OperatingSystem:
    """What a script of ours was written for."""
    return "Linux" if text.startswith(_OPENINGS["Linux"]) else "Windows"


def assigned(text: str) -> dict[str, str]:
    """What differs from one of our scripts to the other: the values at its beginning, by what manifests call them."""
    found: dict[str, str] = {}
    for line in text.split("\n\n", 1)[0].splitlines():
        match = _ASSIGNMENT.fullmatch(line)
        if match and match["name"] in _CALLED:
            quoted = match["quoted"]
            found[_CALLED[match["name"]]] = shlex.split(quoted)[0] if match["sign"] == "=" else _unquoted(quoted)
    return found


def set_proxy(system: OperatingSystem, handle: str, proxy: Proxy) -> Script:
    """Makes a VM use the proxy: programs and the agent in Linux, the system account in Windows."""
    told = {"port": str(proxy.port), "bypass": _bypass(system, proxy)}
    if system == "Windows":
        return _windows(handle, {"proxyHost": proxy.host, **told}, "settings", "set")
    return _linux(handle, {"host": proxy.host, **told}, "files", "set")


def unset_proxy(system: OperatingSystem, handle: str) -> Script:
    """Takes away again what `set_proxy` wrote for this handle, and nothing else."""
    if system == "Windows":
        return _windows(handle, {}, "settings", "unset")
    return _linux(handle, {}, "files", "unset")


def open_firewall(handle: str, proxy: Proxy) -> Script:
    """Lets the proxy's port through the own firewall of a Windows VM."""
    return _windows(handle, {"ruleName": _rule_name(handle), "port": str(proxy.port)}, "rule", "listen")


def close_firewall(handle: str) -> Script:
    """Takes the rule away again that `open_firewall` made."""
    return _windows(handle, {"ruleName": _rule_name(handle)}, "rule", "unlisten")


def _rule_name(handle: str) -> str:
    return owned_name(handle, "proxy-in")


def _bypass(system: OperatingSystem, proxy: Proxy) -> str:
    stated = proxy.bypass or ()
    if system == "Windows":
        return ";".join((*_FIXED, *stated))
    return ",".join((*_FIXED, *map(_in_no_proxy, stated)))


def _in_no_proxy(pattern: str) -> str:
    """A pattern as programs read no_proxy: *.internal is .internal, and 10.1.* is 10.1.0.0/16.

    Source: curl, GNU Wget, Go's httpproxy and the Azure Linux Agent, none of which knows an asterisk within.
    """
    if pattern.startswith("*."):
        return pattern.removeprefix("*")
    if not pattern.endswith(".*"):
        return pattern
    numbers = pattern.split(".")[:-1]
    address = ".".join([*numbers, *["0"] * (4 - len(numbers))])
    return str(IPv4Network(f"{address}/{8 * len(numbers)}"))


def _linux(handle: str, values: Mapping[str, str], *bodies: str) -> Script:
    assignments = {"handle": handle.casefold(), **values}  # letter case does not count in handles
    lines = [f"{name}={shlex.quote(value)}" for name, value in assignments.items()]
    return _script(handle, "Linux", lines, [f"linux-{body}.sh" for body in bodies])


def _windows(handle: str, values: Mapping[str, str], *bodies: str) -> Script:
    assignments = {"handle": handle.casefold(), **values}
    lines = [f"${name} = {_quoted(value)}" for name, value in assignments.items()]
    return _script(handle, "Windows", lines, [f"windows-{body}.ps1" for body in bodies])


def _quoted(text: str) -> str:
    """A string of PowerShell. It takes typographic quotes for its own (source: about_Quoting_Rules), so each of them is
    doubled as well."""
    return "'" + re.sub(f"([{_QUOTES}])", r"\1\1", text) + "'"


def _unquoted(text: str) -> str:
    return re.sub(f"([{_QUOTES}])\\1", r"\1", text[1:-1])


def _script(handle: str, system: OperatingSystem, lines: Iterable[str], bodies: Iterable[str]) -> Script:
    rest = "".join([*(f"{line}\n" for line in lines), *map(_body, bodies)])
    mark = _mark(handle, rest)
    return Script(mark, f"{_OPENINGS[system]}# {mark}\n{rest}")


def _mark(handle: str, rest: str) -> Mark:
    return Mark.of(handle, {"script": rest})


@cache
def _body(name: str) -> str:
    return files(__package__).joinpath("scripts", name).read_text(encoding="utf-8")
