"""Holds every import of the package, deferred and type-only ones too, to the picture of the rooms."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nlp"
FLOORS = {
    "errors": 0,
    "records": 0,
    "taxonomy": 1,
    "extract": 2,
    "segment": 2,
    "classify": 2,
    "index": 2,
    "registry": 3,
    "batch": 3,
    "api": 4,
    "web": 4,
    "cli": 4,
}
"""A room imports only what stands on a lower floor. The faces, for programs, browsers and typing, stand on top, side by side."""

UPWARD = {"__init__.py": {"nlp.api"}}
"""`nlp` hands on the names of its face for programs. Nothing else knows the faces."""

LENT = {"cli": {"web"}}
"""The command line starts the pages of ``serve``."""

OWNERS = {
    "pdfplumber": {"extract"},
    "pypdfium2": {"extract"},
    "tesserocr": {"extract"},
    "docx": {"extract"},
    "striprtf": {"extract"},
    "PIL": {"extract"},
    "spacy": {"segment", "classify", "index"},
    "sklearn": {"classify"},
    "skops": {"classify"},
    "sqlite3": {"index"},
    "psycopg": {"index"},
    "mlflow": {"registry"},
    "matplotlib": {"registry", "classify"},
    "platformdirs": {"registry"},
    "joblib": {"batch", "classify"},
    "distributed": {"batch"},
    "fsspec": {"batch"},
    "typer": {"cli"},
    "rich": {"cli"},
    "fastapi": {"web"},
    "jinja2": {"web"},
    "starlette": {"web"},
}
FACES = {
    "nlp.classify.corpus",
    "nlp.classify.evaluation",
    "nlp.classify.report",
    "nlp.classify.training",
    "nlp.registry.curve",
    "nlp.registry.drift",
    "nlp.registry.gate",
    "nlp.registry.pictures",
    "nlp.registry.promotion",
    "nlp.registry.runs",
    "nlp.taxonomy.crosswalks",
}
"""Modules that belong to a room's face though they stand beside it, because they load what the rest of it does not need."""

MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted(Path(__file__).parent.rglob("*.py"))
LONGEST = 400
LONGEST_FUNCTION = 60


def room(path: Path) -> str:
    """Return the room a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names = (alias.name for alias in node.names)
            yield from (f"nlp.{name}" for name in names) if node.module == "nlp" else (node.module or "",)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downward_through_the_faces_of_rooms(path: Path) -> None:
    here, upward = room(path), UPWARD.get(path.relative_to(PACKAGE).as_posix(), set())
    assert here in {*FLOORS, "__init__"}, f"{here} stands in no floor of the house"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "nlp" or parts[1] in {here, "__version__"} or name in upward:
            continue
        below = FLOORS[parts[1]] < FLOORS.get(here, 0) or parts[1] in LENT.get(here, ())
        assert below, f"{path} imports {name}, which does not stand below it"
        assert len(parts) == 2 or name in FACES, f"{path} imports {name} past the face of its room"


def dotted(path: Path) -> str:
    """Return a module's dotted name."""
    return ".".join(("nlp", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def within(path: Path, names: Collection[str]) -> set[str]:
    """Return the modules of its own room that a module imports, whole or in part; its room's face is none of them."""
    found = {name if name in names else name.rpartition(".")[0] for name in parted(path)}
    return {name for name in found & set(names) if name.count(".") > 1 and name.split(".")[1] == room(path)} - {dotted(path)}


def parted(path: Path) -> Iterator[str]:
    """Yield what a module imports, each name of a ``from`` by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_modules_of_a_room_import_one_another_in_a_circle() -> None:
    names = {dotted(path) for path in MODULES}
    left = {dotted(path): within(path, names) for path in MODULES}
    while free := {name for name, wanted in left.items() if not wanted & left.keys()}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    assert not left, f"a circle among {', '.join(sorted(left))}"


@pytest.mark.parametrize("path", sorted(UPWARD))
def test_what_reaches_up_does_so_only_when_called(path: str) -> None:
    body = ast.parse((PACKAGE / path).read_text(encoding="utf-8")).body
    loaded = {node.module for node in body if isinstance(node, ast.ImportFrom)}
    loaded |= {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    assert not loaded & UPWARD[path]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_room_owns_each_outside_library(path: Path) -> None:
    for name in imports(path):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or room(path) in owners, f"{path} imports {name}, which only {', '.join(sorted(owners or ()))} may"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_short_and_say_what_they_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    module = ast.parse(text)
    assert text.count("\n") < LONGEST
    assert ast.get_docstring(module), f"{path} has no docstring"
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert not [each.name for each in functions if (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION]


def test_files_of_tests_are_short_too() -> None:
    assert not [path.name for path in TESTS if path.read_text(encoding="utf-8").count("\n") >= LONGEST]


def test_the_checker_sees_deferred_and_type_only_imports(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "if TYPE_CHECKING:\n    from nlp.cli import call\ndef f():\n    import spacy.lang.en\n    from nlp import web\n"
    )
    assert sorted(imports(path)) == ["nlp.cli", "nlp.web", "spacy.lang.en"]
