"""The same files read by the same versions give byte-identical exports, whatever the number of processes or the order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLES, Command

NAMES = ("harrowgate-ordinance-512.txt", "dunmere-ordinance-88-noise.txt", "thornbury-county-287g.pdf")


@pytest.mark.parametrize("shape", ["jsonl", "csv", "w3c"])
def test_exports_do_not_depend_on_processes_order_or_pauses(
    clausedex: Command, ways: dict[str, Path], tmp_path: Path, shape: str
) -> None:
    exported = {}
    for name, db in ways.items():
        out = tmp_path / f"{name}.{shape}"
        assert clausedex("export", "--db", db, "--to", shape, out).code == 0
        exported[name] = b"".join(
            path.read_bytes() for path in sorted(out.rglob("*") if out.is_dir() else [out]) if path.is_file()
        )
    assert len(exported["one"]) > 1000
    assert set(exported.values()) == {exported["one"]}


@pytest.fixture(scope="module")
def ways(clausedex: Command, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Indexes of the same files: by one process, by two, and in two runs the other way round."""
    folder = tmp_path_factory.mktemp("ways")
    for name in NAMES:
        (folder / name).write_bytes((SAMPLES / name).read_bytes())
    for db, jobs, names in (("one", 1, NAMES), ("two", 2, NAMES), ("parts", 1, NAMES[2:]), ("parts", 2, NAMES[::-1])):
        assert clausedex("index", *names, "--db", f"{db}.db", "--jobs", jobs, cwd=folder).code == 0
    return {name: folder / f"{name}.db" for name in ("one", "two", "parts")}
