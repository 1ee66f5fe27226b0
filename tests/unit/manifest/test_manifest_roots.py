"""Whether a run is over all the manifests there are, which are those of the roots in the settings."""

from pathlib import Path

import pytest

from backup_reconciler.manifest import ManifestError, load
from tests.unit.manifest.test_manifest_files import put, vault


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two teams' folders, of which each is a root, in the folder where the tests run."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / ".git/HEAD")
    put(tmp_path / "a/one.yaml", vault("one"))
    put(tmp_path / "a/deep/two.yaml", vault("two"))
    put(tmp_path / "b/three.yaml", vault("three"))
    settle("a", "b")
    return tmp_path


def settle(*roots: str, folder: str = ".") -> None:
    spec = f"{{roots: [{', '.join(roots)}]}}" if roots else "{strict: true}"
    put(Path(folder, "backup-reconciler.yaml"), f"apiVersion: backup-reconciler/v1\nkind: Settings\nspec: {spec}\n")


def left_out(*paths: str | Path) -> tuple[str, ...]:
    manifests = load([Path(path) for path in paths])
    assert manifests.are_all is (not manifests.roots_left_out)
    return manifests.roots_left_out


def test_the_folder_around_all_roots_covers_them() -> None:
    assert left_out(".") == ()
    assert left_out(Path.cwd()) == ()


def test_each_root_by_itself_leaves_the_others_out() -> None:
    assert left_out("a") == ("b",)
    assert left_out("b") == ("a",)
    assert left_out("a", "b") == ()


def test_a_part_of_a_root_leaves_it_out() -> None:
    assert left_out("a/deep", "b") == ("a",)
    assert left_out("a/one.yaml", "b") == ("a",)


def test_all_the_files_of_a_root_by_name_cover_it() -> None:
    assert left_out("a/one.yaml", "a/deep/two.yaml", "b/three.yaml") == ()


def test_where_the_run_is_started_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("a/deep")
    assert left_out("..", "../../b") == ()
    assert left_out(".", "../../b") == ("a",)


def test_links_are_followed(here: Path) -> None:
    (here / "elsewhere").symlink_to(here / "a")
    assert left_out("elsewhere", "b") == ()
    (here / "c").symlink_to(here / "b")
    settle("a", "c")
    assert left_out("a", "b") == ()
    assert left_out("a") == ("c",)


def test_a_manifest_that_only_a_link_in_the_root_leads_to_counts(here: Path) -> None:
    put(here / "shared/four.yaml", vault("four"))
    (here / "b/shared").symlink_to(here / "shared")
    assert left_out("a", "b/three.yaml") == ("b",)
    assert left_out("a", "b/three.yaml", "shared") == ()


def test_a_root_without_manifests_is_never_covered(here: Path) -> None:
    (here / "empty").mkdir()
    settle("a", "b", "empty")
    assert left_out(".") == ("empty",)


def test_hidden_folders_are_read_where_they_are_a_root_and_named(here: Path) -> None:
    put(here / ".c/four.yaml", vault("four"))
    settle(".c")
    assert left_out(".") == (".c",)
    assert left_out(".c") == ()


def test_without_roots_nothing_is_known_to_be_all() -> None:
    settle()
    assert not load([Path()]).are_all
    Path("backup-reconciler.yaml").unlink()
    assert not load([Path()]).are_all


def test_a_root_that_leads_elsewhere_is_an_error_before_it_is_looked_into(here: Path) -> None:
    put(here / "a/backup-reconciler.yaml", "")
    settle("/", folder="a")
    with pytest.raises(ManifestError, match="settings-root"):
        load([Path("a")])
