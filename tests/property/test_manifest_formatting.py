"""Formatting: any text is formatted or refused; its values and comments stay; formatting again changes nothing."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from backup_reconciler.manifest.formatting.quoting import double_quoted
from backup_reconciler.manifest.formatting.text import format_text
from backup_reconciler.manifest.text.parse import parse
from backup_reconciler.manifest.writing import write
from backup_reconciler.spec.rules.file import FORMAT_KEEPS_MEANING
from tests.property.test_manifest import documents, mutations, tokens, words

chances = st.randoms(use_true_random=False)


def formatted(text: str) -> str | None:
    """The text, formatted; None where it is no YAML."""
    found = format_text(text, "a.yaml")
    if isinstance(found, list):
        assert all(problem.rule is not FORMAT_KEEPS_MEANING for problem in found), text
        told = parse(text, "a.yaml")
        templates = [each for tree in told.trees for each in tree.problems if "template" in each.remedy]
        assert found == told.problems or (found and all(problem in templates for problem in found))
        return None
    return found


def keeps_what_it_says(text: str) -> str | None:
    """By the judgement of the reader of manifests, which has nothing to do with the formatter."""
    once = formatted(text)
    if once is not None:
        assert said(once) == said(text)
        assert formatted(once) == once, "formatting again changes it"
        assert "\r" not in once
        assert once in ("", once.rstrip("\n") + "\n") or "+" in once, "one newline at the end, unless a text keeps more"
    return once


def said(text: str) -> list[str]:
    return [json.dumps(tree.data, sort_keys=True, default=repr) for tree in parse(text, "").trees]


# ---- anything at all -----------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(st.text(max_size=300) | st.lists(tokens | words, max_size=40).map("".join))
def test_any_text_is_formatted_or_refused(text: str) -> None:
    keeps_what_it_says(text)


@settings(max_examples=50)
@given(mutations())
def test_any_accident_is_formatted_or_refused(text: str) -> None:
    keeps_what_it_says(text)


# Pieces that make YAML more often than characters do.
pieces = st.sampled_from(
    ["a", "b: ", "- ", "? ", ": ", "\n", "\n\n", "\n  ", "\n    ", "\n      ", " # one\n", "# two\n", "  # three\n",
     "[", "]", "{", "}", ", ", "&a ", "*a ", "!t ", "'q'", '"q"', "|\n", ">-\n", "|+\n", "|2\n", "---\n", "--- ",
     "...\n", "1", "\u2028", "\x85", "\r\n", "%TAG ! tag:x,1:\n", "kind: ", "spec:\n  ", "Vault", "tags: ", "\t", "  "]
)  # fmt: skip


@settings(max_examples=50)
@given(st.lists(pieces, max_size=24).map("".join))
def test_any_pieces_are_formatted_or_refused(text: str) -> None:
    keeps_what_it_says(text)


# ---- values in any style, comments in any place --------------------------------------------------------------------

trees = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5000) | st.text(max_size=20) | words | st.just("two\nlines\n\n"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


class _Dumper(yaml.SafeDumper):
    """Writes everything out, and each collection and text in a style of its own."""

    chance: random.Random

    def ignore_aliases(self, _: object) -> bool:
        return True

    def represent_sequence(self, tag: str, sequence: Any, _: bool | None = None) -> yaml.SequenceNode:
        return super().represent_sequence(tag, sequence, flow_style=self.chance.random() < 0.3)

    def represent_mapping(self, tag: str, mapping: Any, _: bool | None = None) -> yaml.MappingNode:
        pairs = list(mapping.items())
        self.chance.shuffle(pairs)
        return super().represent_mapping(tag, pairs, flow_style=self.chance.random() < 0.3)

    def represent_scalar(self, tag: str, value: str, _: str | None = None) -> yaml.ScalarNode:
        styles = [None, "'", '"', "|", ">"] if tag.endswith(":str") else [None]
        return super().represent_scalar(tag, value, style=self.chance.choice(styles))


def dumped(data: list[Any], chance: random.Random) -> str:
    """Documents in any style."""
    _Dumper.chance = chance
    return yaml.dump_all(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        indent=chance.choice([2, 3, 4, 8]),
        width=chance.choice([20, 80, 1000]),
        explicit_start=chance.random() < 0.5,
    )


def strewn(text: str, chance: random.Random) -> tuple[str, Counter[str]]:
    """The text with comments and empty lines in it, wherever they change nothing that it says, and the comments."""
    meant, remarks = said(text), Counter[str]()
    for number in range(chance.randint(1, 8)):
        remark = f"# remark {number}"
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        if chance.random() < 0.5:
            lines[at] += f"{' ' * chance.randint(1, 9)}{remark}"
        else:
            own_line = " " * chance.choice([0, 0, 1, 2, 2, 3, 4, 4, 6, 8]) + remark
            lines[at:at] = ["", own_line, ""][chance.randint(0, 1) : chance.randint(2, 3)]
        more = "\n".join(lines)
        if said(more) == meant and parse(more, "").problems == []:
            text = more
            remarks[remark] += remark in more
    return text, +remarks


def remarks_in(text: str) -> Counter[str]:
    return Counter(re.findall(r"# remark [0-9]+", text))


@settings(max_examples=50)
@given(st.lists(trees, min_size=1, max_size=3), chances)
def test_values_in_any_style_with_comments_anywhere(data: list[Any], chance: random.Random) -> None:
    text, remarks = strewn(dumped(data, chance), chance)
    once = keeps_what_it_says(text)
    assert once is not None
    assert remarks_in(once) == remarks


@settings(max_examples=30)
@given(documents(), chances)
def test_manifests_in_any_style_with_comments_anywhere(
    written: list[tuple[str, str, Any]], chance: random.Random
) -> None:
    exported = write(written)
    assert formatted(exported) == exported, "what is exported is formatted already"
    mixed = dumped(list(yaml.safe_load_all(exported)), chance)
    text, remarks = strewn(mixed, chance)
    once = keeps_what_it_says(text)
    assert once is not None
    assert remarks_in(once) == remarks


# ---- each comment with its entry -----------------------------------------------------------------------------------


def remarked(data: Any, indent: int, number: Iterator[int], chance: random.Random) -> Iterator[str]:
    """The lines of a mapping in any order, each key with a number above it and beside it."""
    entries = list(data.items())
    chance.shuffle(entries)
    for key, value in entries:
        this, space = next(number), " " * indent
        yield from ["", f"{space}# above {this}"][chance.randint(0, 1) :]
        mapping = isinstance(value, dict) and value
        yield f"{space}{double_quoted(key)}: {'' if mapping else written(value)}   # beside {this}"
        if mapping:
            yield from remarked(value, indent + chance.randint(1, 4), number, chance)


def written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return double_quoted(value) if isinstance(value, str) else json.dumps(value)


@settings(max_examples=30)
@given(documents(), chances)
def test_a_comment_stays_with_its_key(exported: list[tuple[str, str, Any]], chance: random.Random) -> None:
    for document in yaml.safe_load_all(write(exported)):
        lines = list(remarked(document, 0, iter(range(10_000)), chance))
        once = formatted("# top\n\n" + "\n".join(lines))
        assert once is not None
        found = [line.split("# ")[-1].split() for line in once.split("\n") if "# above" in line or "# beside" in line]
        first = lines[0 if lines[0] else 1].split()[-1]  # what is above the first key speaks of the document, and stays
        assert ["beside", first] in found
        rest = [each for each in found if each[1] != first]
        assert [each[0] for each in rest] == ["above", "beside"] * (len(rest) // 2)
        assert [each[1] for each in rest[::2]] == [each[1] for each in rest[1::2]]
