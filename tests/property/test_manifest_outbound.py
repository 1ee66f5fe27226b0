"""Outbound access: text that means harm is taken as a value or refused, and a proxy's password is never repeated."""

import json
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backup_reconciler.manifest import Inspection, inspect
from backup_reconciler.spec.document import API_VERSION
from backup_reconciler.spec.outbound import OutboundAccessSpec
from tests.property.strategies_outbound import dns_names, outbound_specs, ports

hostile = (
    st.sampled_from(
        ["$(reboot)", "`id`", "a;b", "a|b", "a&&b", "a\nb", "'", '"', "\\", "%s", "{0}", "../..", "\x1b[31m", "a b",
         "-n", "*", "", " ", "\u202e", "x" * 5000, "1.1.1.1/0", "[::1]", "http://a", "C:\\x", "@", "é", "a\r\nb"]
    )
    | st.text(max_size=20)
)  # fmt: skip
secrets = st.from_regex(r"[A-Za-z0-9!_-]{12,20}", fullmatch=True)


SUBNET = (
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg"
    "/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
)


def inspected(spec: object) -> Inspection:
    document = {"apiVersion": API_VERSION, "kind": "OutboundAccess", "metadata": {"name": "web"}, "spec": spec}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        file.write_text(json.dumps(document), encoding="utf-8")
        return inspect([file], as_of=None)


def texts(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text in plain data."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*path, step))


@settings(max_examples=150)
@given(outbound_specs(0), hostile, st.data())
def test_hostile_text_anywhere_is_taken_or_refused(spec: OutboundAccessSpec, text: str, data: st.DataObject) -> None:
    plain = deepcopy(spec.stated())
    *around, last = data.draw(st.sampled_from(list(texts(plain))))
    container: Any = plain
    for step in around:
        container = container[step]
    container[last] = text
    for problem in inspected(plain).problems:
        assert str(problem).isprintable()
        assert problem.remedy


@settings(max_examples=150)
@given(hostile)
def test_only_plain_characters_go_into_scripts(text: str) -> None:
    for stated in ({"host": text}, {"host": "10.1.0.4", "bypass": [text]}):
        proxy = {"port": 8080, **stated}
        if not inspected({"for": {"subnets": [SUBNET]}, "method": "proxy", "proxy": proxy}).problems:
            assert set(text) <= set(f"{ascii_letters}{digits}.*-")


forms = st.sampled_from(
    ["{user}:{secret}@{host}", "http://{user}:{secret}@{host}:{port}", "{secret}@{host}", "{user}:{secret}",
     "http://{host}/?password={secret}", "https://{host}:{port}/{secret}", "CONTOSO\\{user}:{secret}@{host}",
     "{host}:{port} {user} {secret}", "{host};{secret}", "{host}\n{secret}"]
)  # fmt: skip


@settings(max_examples=150)
@given(forms, secrets, dns_names, dns_names, ports)
def test_a_secret_in_a_proxys_settings_is_never_told(form: str, secret: str, user: str, host: str, port: int) -> None:
    text = form.format(secret=secret, user=user, host=host, port=port)
    for stated in ({"host": text, "port": port}, {"host": "10.1.0.4", "port": port, "bypass": [text]}):
        problems = inspected({"for": {"subnets": [SUBNET]}, "method": "proxy", "proxy": stated}).problems
        assert problems
        assert secret not in repr(problems)
