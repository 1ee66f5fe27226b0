"""What mutants are made of: all that decides, and the guards."""

import ast
from functools import cache
from pathlib import Path

from tests.mutants.mutants import Mutant, Source
from tests.mutants.operators import Enums

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "backup_reconciler"
DECIDES = ("plan", "manifest/rules", "apply/gate.py", "apply/interrupt.py", "cli/applying.py")


@cache
def sources() -> tuple[Source, ...]:
    """The modules of which mutants are made, in their order."""
    enums = _enums()
    return tuple(Source(_module(path), path, enums) for path in _files())


def mutants(prefixes: tuple[str, ...] = ()) -> list[Mutant]:
    """The mutants of all modules, or of those whose name begins so."""
    chosen = [one for one in sources() if not prefixes or one.module.startswith(prefixes)]
    return [mutant for source in chosen for mutant in source.mutants]


def source_of(mutant: Mutant) -> Source:
    return next(source for source in sources() if source.module == mutant.module)


def is_in_scope(path: str) -> bool:
    return Path(path) in _files()


@cache
def _files() -> tuple[Path, ...]:
    found = [path for name in DECIDES for path in sorted((PACKAGE / name).rglob("*.py"))]
    return tuple(sorted({*found, *(PACKAGE / name for name in DECIDES if name.endswith(".py"))}))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def _enums() -> Enums:
    """The members of the package's enumerations."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "sandbox" not in path.parts and b"Enum)" in (text := path.read_bytes()):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
                    names = [one.targets[0] for one in node.body if isinstance(one, ast.Assign)]
                    found[node.name] = tuple(name.id for name in names if isinstance(name, ast.Name))
    return found
