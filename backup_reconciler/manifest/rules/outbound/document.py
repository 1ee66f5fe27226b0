"""Rules of the document as a whole: its handle, and that its method and what is stated for it fit."""

import re
from collections.abc import Iterator
from typing import get_args

from backup_reconciler.manifest.document import HANDLE, Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec import forms
from backup_reconciler.spec.outbound import LONGEST_HANDLE, OutboundAccessSpec, OutboundMethod
from backup_reconciler.spec.rules.outbound import OUTBOUND_HANDLE, OUTBOUND_METHOD

_IN_NAMES = re.compile(r"[A-Za-z0-9._-]+")
_NEEDED = {
    "proxy": "add proxy: {host: …, port: …}",
    "firewall": "add firewall: {azureFirewall: …}, or firewall: {firewallPolicy: …, ruleCollectionGroup: …}",
}
"""The methods that cannot do without their block, and what it has to say."""


def handle_makes_names(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    handle = document.handle
    if not forms.HANDLE.fits(handle):
        return  # which is told as such
    if len(handle) > LONGEST_HANDLE:
        what = f"the handle has {len(handle)} characters, and the names of rules have room for {LONGEST_HANDLE} of them"
        yield document.problem(OUTBOUND_HANDLE, HANDLE, what, f"use at most {LONGEST_HANDLE}")
    elif not _IN_NAMES.fullmatch(handle):
        what = f"{quoted(handle)} cannot be part of the name of a rule"
        yield document.problem(OUTBOUND_HANDLE, HANDLE, what, "use letters, digits, '.', '_' and '-'")


def block_of_method(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    method, tree = document.spec.method, document.written.tree
    stated = [block for block in get_args(OutboundMethod) if getattr(document.spec, block) is not None]
    for block in stated:
        if block != method:
            what = f"goes with method: {block}, and the method is {method}"
            remedy = OUTBOUND_METHOD.remedy if method in stated else f"write method: {block}, or remove {block}"
            place, also = tree.key_place(("spec", block)), tree.place(("spec", "method"))
            yield document.written.problem(OUTBOUND_METHOD, ("spec", block), what, remedy, at=place, also=also)
    if method in _NEEDED and not stated:
        what, also = f"is missing, and the method is {method}", tree.place(("spec", "method"))
        yield document.problem(OUTBOUND_METHOD, ("spec", method), what, _NEEDED[method], also=also)


RULES = (handle_makes_names, block_of_method)
