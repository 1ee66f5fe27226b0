"""What is read, where it is said to stand, and what one broken thing does to the others."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from backup_reconciler.manifest import ManifestError, Problem, inspect, load, loading, rules
from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.text.anchors import MOST_ALIASED
from backup_reconciler.manifest.text.syntax import syntax_problem
from backup_reconciler.manifest.words import nearest
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules.file import DUPLICATE_KEY, YAML_SYNTAX
from backup_reconciler.spec.rules.vault import VAULT_NAME

VAULT = """\
apiVersion: backup-reconciler/v1
kind: Vault
metadata: {name: prod-jpe}
spec:
  subscription: 11111111-1111-1111-1111-111111111111
  resourceGroup: rg-backup
  location: japaneast
"""
ASSIGNMENT = """\
apiVersion: backup-reconciler/v1
kind: VMAssignment
metadata: {name: web}
spec:
  vault: prod-jpe
  policy: DefaultPolicy
  select: {names: [web]}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(**files: str) -> Path:
    for name, text in files.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    return Path()


def told(**files: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        load([put(**files)])
    return str(caught.value).splitlines()


# ---- places --------------------------------------------------------------------------------------------------------


def test_every_value_knows_its_place() -> None:
    text = """\
# a comment
---
apiVersion: backup-reconciler/v1
kind: Vault
metadata:
  "name":   prod
spec: {subscription: 11111111-1111-1111-1111-111111111111,
  resourceGroup: rg,
       location: 'japaneast', name: rsv-prod,
  tags: {ключ: "ü", b: c, d: }}
"""
    vault = load([put(a=text)]).vaults[0]

    def at(*path: str | int) -> tuple[int, int]:
        place = vault.source.at(path)
        assert place.file == "a.yaml"
        return (place.line, place.column)

    assert at() == (3, 1)
    assert at("metadata") == (6, 3)
    assert at("metadata", "name") == (6, 13)
    assert at("spec") == (7, 7)
    assert at("spec", "subscription") == (7, 22)
    assert at("spec", "resourceGroup") == (8, 18)
    assert at("spec", "location") == (9, 18)
    assert at("spec", "tags", "ключ") == (10, 16)
    assert at("spec", "tags", "b") == (10, 24)
    assert at("spec", "tags", "d") == (10, 27), "a value that is left empty stands where its key does"
    assert at("spec", "redundancy") == (7, 7), "what is not written is nearest to what is around it"
    assert vault.place_of("name") == Place("a.yaml", 9, 37)


def test_items_and_later_documents_know_their_place() -> None:
    items = "\n    names:\n    - web-1\n    -   web-2\n    -\n      web-3"
    text = VAULT + "---\n" + ASSIGNMENT.replace("{names: [web]}", items)
    assignment = load([put(a=text)]).assignments[0]
    places = [assignment.place_of("select", "names", index) for index in range(3)]
    assert [(place.line, place.column) for place in places] == [(17, 7), (18, 9), (20, 7)]
    assert assignment.place == Place("a.yaml", 9, 1)


def test_lines_may_end_as_they_do_on_windows() -> None:
    Path("a.yaml").write_bytes(VAULT.replace("\n", "\r\n").encode())
    assert load([Path("a.yaml")]).vaults[0].place_of("location") == Place("a.yaml", 7, 13)


# ---- several files -------------------------------------------------------------------------------------------------


def test_documents_refer_to_each_other_over_files() -> None:
    manifests = load([put(a=ASSIGNMENT, b=VAULT)])
    assert len(manifests) == 2
    assert str(manifests.assignments[0]) == "VMAssignment/web"


def test_all_problems_of_all_files_are_told_in_the_order_of_the_files() -> None:
    lines = told(
        c="kind: [",
        b=VAULT.replace("japaneast", "5") + "---\n" + VAULT.replace("rg-backup", "rg."),
        a="x: 1\nx: 2\n",
    )
    assert [line.split(" ")[0] + line[line.rindex("[") :] for line in lines] == [
        "a.yaml:1:1[document-shape]",
        "a.yaml:2:1[duplicate-key]",
        "b.yaml:7:13[wrong-type]",
        "b.yaml:11:18[duplicate-handle]",
        "b.yaml:14:18[resource-group-name]",
        "c.yaml:2:1:[yaml-syntax]",
    ]


def test_a_clash_over_files_names_both_places() -> None:
    (line,) = told(a=VAULT, b=VAULT.replace("prod-jpe", "Prod-JPE"))
    assert line == (
        'b.yaml:3:18  Vault/Prod-JPE  metadata.name: another Vault has the handle "prod-jpe" (also at a.yaml:3:18); '
        "rename one of the two [duplicate-handle]"
    )


# ---- references where something is broken --------------------------------------------------------------------------


def test_a_reference_to_nothing_is_told() -> None:
    assert "[unknown-reference]" in told(a=ASSIGNMENT)[0]


@pytest.mark.parametrize(
    "broken",
    [
        VAULT + "  colour: blue\n",
        VAULT.replace("japaneast", "{"),
        VAULT.replace("japaneast", "!x japaneast"),
        VAULT.replace("{name: prod-jpe}", "{}"),
        VAULT.replace("{name: prod-jpe}", "{name: 5}"),
        VAULT.replace("{name: prod-jpe}", "{name: *x}"),
        VAULT.replace("kind: Vault", "kind: Valut"),
        VAULT.replace("kind: Vault", "kind: 5"),
        VAULT.replace("kind: Vault", "kind: *vault"),
        VAULT.replace("kind: Vault", ""),
        "\tkind: Vault",
        "- list",
        "!tagged text",
    ],
)
def test_a_reference_to_what_may_be_in_something_broken_is_not_told(broken: str) -> None:
    lines = told(a=ASSIGNMENT, b=broken)
    assert lines
    assert not [line for line in lines if line.startswith("a.yaml")]


def test_a_file_that_cannot_be_read_may_hold_what_is_referred_to() -> None:
    with pytest.raises(ManifestError) as caught:
        load([put(a=ASSIGNMENT), Path("vaults")])
    assert [problem.place.file for problem in caught.value.problems] == ["vaults"]


def test_a_broken_document_leaves_the_rules_of_others_alone() -> None:
    lines = told(a=VAULT + "  colour: blue\n", b=ASSIGNMENT.replace("[web]", "[]"))
    assert [line[line.rindex("[") :] for line in lines] == ["[unknown-field]", "[empty-list]"]


def test_of_very_many_broken_documents_the_last_are_mended_first(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = VAULT.replace("rg-backup", "a/b") + "  colour: blue\n"
    monkeypatch.setattr(loading, "MOST_BROKEN", 1)
    lines = told(a=broken, b=broken.replace("prod-jpe", "prod-jpw"))
    assert [line.split(":")[0] + line[line.rindex("[") :] for line in lines] == [
        "a.yaml[resource-group-name]",
        "a.yaml[unknown-field]",
        "b.yaml[unknown-field]",
    ]


# ---- what hides behind something else ------------------------------------------------------------------------------


def test_deep_nesting_is_refused_wherever_it_is_and_overflows_nothing() -> None:
    deepest = VAULT + "  tags: {a: " + "[" * 47 + "]" * 47 + "}\n"
    assert told(a=deepest) == ["a.yaml:8:13  Vault/prod-jpe  spec.tags.a: is a list; write text [wrong-type]"]
    for depth in (48, 200, 100_000):
        assert told(a=VAULT + "  tags: {a: " + "[" * depth)[0].endswith("[yaml-depth]")
    assert told(a="- " * 100_000)[0].endswith("[yaml-depth]")
    assert told(a="? " * 100_000)[0].endswith("[yaml-depth]")
    assert told(a="{a: " * 100_000)[0].endswith("[yaml-depth]")


def test_aliases_do_not_expand_without_bound() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh" * 50, "bcdefgha" * 50, strict=True)
    )
    (line,) = told(a=bomb)
    assert line == (
        "a.yaml:8:12: the aliases of this file bring more than 1,000 values into it; "
        "write the values out, or split the file [yaml-expansion]"
    )


def test_aliases_bring_as_many_values_as_are_allowed_and_no_more() -> None:
    assert load([put(a=aliased(MOST_ALIASED))])
    assert [line[line.rindex("[") :] for line in told(a=aliased(MOST_ALIASED + 1))] == ["[yaml-expansion]"]
    other = aliased(600).replace("prod-jpe", "other").replace("web", "db").replace("rg-backup", "rg")
    assert load([put(a=aliased(600), b=other)])


def aliased(number: int) -> str:
    """Two documents in which aliases bring so many values: half of them lists, and half the items of these."""
    text = VAULT.replace("{name: prod-jpe}", "{name: &name prod-jpe}")
    tags = "".join(f", t{index}: *v" for index in range(number // 2))
    odd = ", odd: [*w]" if number % 2 else ""
    return text + "---\n" + ASSIGNMENT.replace("names: [web]", f"names: [&w web], tags: {{t: &v [x]{tags}{odd}}}")


def test_aliases_of_nested_values_keep_to_the_depth_of_what_is_written() -> None:
    levels = "\n".join(f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 44))
    assert "[yaml-depth]" not in told(a=f"l0: &l0 []\n{levels}\nspec: *l43\n")[0]
    deeper = "[" * 8 + "*l43" + "]" * 8
    assert told(a=f"l0: &l0 []\n{levels}\nspec: {deeper}\n")[0].endswith("[yaml-depth]")


def test_what_an_alias_stands_for_has_the_place_of_what_is_written() -> None:
    text = VAULT + "  tags: &tags\n    env: prod\n  name: rsv\n"
    text += "---\n" + ASSIGNMENT.replace("{names: [web]}", "\n    tags: {a: &some [x, y], b: *some}")
    manifests = load([put(a=text)])
    assignment = manifests.assignments[0]
    assert assignment.spec.select.tags == {"a": ("x", "y"), "b": ("x", "y")}
    written = assignment.place_of("select", "tags", "a", 1)
    assert assignment.place_of("select", "tags", "b", 1) == written
    assert (written.line, written.column) == (19, 25)


def test_a_value_that_aliases_repeat_is_told_once() -> None:
    listed = "\n    subscriptions: [&id prod]\n  exclude:\n    subscriptions: [*id]"
    text = VAULT + "---\n" + ASSIGNMENT.replace("{names: [web]}", listed)
    (line,) = told(a=text)
    assert line.startswith('a.yaml:16:21  VMAssignment/web  spec.select.subscriptions[0]: "prod" is not the id of ')


def test_a_value_that_is_wrong_for_its_alias_alone_is_told_with_both_places() -> None:
    text = VAULT.replace("rg-backup", "&rg rg-backup") + "  tags: {a: &five 5}\n  existing: *rg\n"
    lines = told(a=text)
    assert lines[0] == (
        'a.yaml:6:18  Vault/prod-jpe  spec.existing: is the text "rg-backup" (also at a.yaml:9:13); '
        "write true or false [wrong-type]"
    )
    assert len(lines) == 2


def test_an_aliased_value_does_not_clash_with_itself() -> None:
    policy = (
        "apiVersion: backup-reconciler/v1\nkind: BackupPolicy\nmetadata: {name: &n daily}\nspec: {name: *n, vaults: "
    )
    assert load([put(a=VAULT + "---\n" + policy + "[prod-jpe]}")])
    (line,) = told(a=VAULT + "---\n" + policy + "[&v prod-jpe, *v]}")
    assert line.endswith('"prod-jpe" is listed twice; remove one of the two [duplicate-item]')


def test_an_anchor_lives_in_its_document() -> None:
    lines = told(a=VAULT.replace("prod-jpe", "&v prod-jpe") + "---\n" + ASSIGNMENT.replace("prod-jpe", "*v"))
    assert [line[line.rindex("[") :] for line in lines] == ["[yaml-alias]"]


def test_an_anchor_may_be_used_anew() -> None:
    text = VAULT + "  tags: {a: &x 'one', b: *x, c: &x 'two', d: *x, *x : three}\n"
    assert load([put(a=text)]).vaults[0].spec.tags == {"a": "one", "b": "one", "c": "two", "d": "two", "two": "three"}


def test_nulls_at_several_depths_hide_nothing() -> None:
    text = """\
apiVersion: backup-reconciler/v1
kind: BackupPolicy
metadata: {name: daily}
spec:
  vaults: ~
  colour: ~
  retention:
    daily: ~
    monthly: {months: ~, dates: [~], colour: blue}
"""
    assert [line.split("  ")[2].split(";")[0] for line in told(a=text)] == [
        "spec.vaults: is null",
        "spec.colour: there is no such field",
        "spec.retention.daily: is null",
        "spec.retention.monthly.months: is null",
        "spec.retention.monthly.dates[0]: is null",
        "spec.retention.monthly.colour: there is no such field",
    ]


# ---- the problems themselves ---------------------------------------------------------------------------------------


def test_a_problem_leaves_out_what_is_empty() -> None:
    place, also = Place("a.yaml", 3, 1), Place("b.yaml", 4, 2)
    full = Problem(place, "Vault/x", ("spec", "tags"), "a key stands twice", "remove one", DUPLICATE_KEY, also)
    assert str(full) == (
        "a.yaml:3:1  Vault/x  spec.tags: a key stands twice (also at b.yaml:4:2); remove one [duplicate-key]"
    )
    assert str(Problem(place, "", (), "broken", "", YAML_SYNTAX)) == "a.yaml:3:1: broken [yaml-syntax]"
    assert str(Problem(place, "Vault/x", (), "broken", "mend", YAML_SYNTAX)) == (
        "a.yaml:3:1  Vault/x: broken; mend [yaml-syntax]"
    )


def test_what_a_parser_says_for_the_first_time_is_passed_on() -> None:
    assert str(syntax_problem(yaml.YAMLError("odd"), "", "a.yaml")) == (
        "a.yaml:1:1: this is not YAML: it cannot be read; mend the YAML at this place [yaml-syntax]"
    )


def test_a_word_that_no_name_is_like_has_no_nearest() -> None:
    assert nearest("retentoin", ["retention"]) == "retention"
    assert nearest("x" * 1000, ["x" * 999]) is None


def test_an_error_has_each_of_its_problems_on_a_line() -> None:
    sooner = Problem(Place("a.yaml", 9, 1), "", (), "sooner", "", YAML_SYNTAX)
    later = Problem(Place("a.yaml", 10, 1), "", (), "later", "", YAML_SYNTAX)
    assert str(ManifestError([sooner, later])).splitlines() == [str(sooner), str(later)]


def test_problems_are_told_in_the_order_of_paths_lines_and_columns() -> None:
    put(a="x: 1", b="kind: Vault\nspec: {b: 1, a: 2}\n")
    paths = [Path("b.yaml"), Path("nowhere.yaml"), Path("a.yaml")]
    places = [problem.place for problem in inspect(paths, as_of=None).problems]
    assert list(dict.fromkeys(place.file for place in places)) == ["b.yaml", "nowhere.yaml", "a.yaml"]
    of_b = [(place.line, place.column) for place in places if place.file == "b.yaml"]
    assert of_b == sorted(of_b)
    assert of_b[-2:] == [(2, 8), (2, 14)]


def test_the_rules_of_the_day_are_asked_by_a_day_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(collected: Collected, as_of: date) -> Iterator[Problem]:
        for vault in collected.vaults:
            if as_of > date(2027, 1, 31):
                yield vault.problem(VAULT_NAME, ("spec", "location"), f"it is {as_of}")

    monkeypatch.setattr(rules, "DATED", (too_late,))
    put(a=VAULT)
    assert not inspect([Path()], as_of=date(2027, 1, 31)).problems
    (problem,) = inspect([Path()], as_of=date(2027, 2, 1)).problems
    assert problem.what == "it is 2027-02-01"
    assert load([Path()]).vaults


def test_a_handle_cannot_break_the_lines_of_the_report() -> None:
    lines = told(a=VAULT.replace("prod-jpe", r'"a\nb\e[31m\u202e"'))
    assert len(lines) == 1
    assert lines[0].startswith(
        r"a.yaml:3:18  Vault/a\nb\x1b[31m\u202e  metadata.name: " + r'"a\nb\x1b[31m\u202e" is not'
    )
