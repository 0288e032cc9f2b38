"""What PATH arguments stand for."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from nlp.batch import Inputs, expanded
from nlp.errors import NoInputError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents at two depths and files of other kinds, made the current one."""
    for name in ("b.pdf", "a.txt", "deep/c.HTML", "deep/er/d.docx", "notes.md", ".hidden.pdf", ".git/e.pdf", "table.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    (tmp_path / "noname").write_bytes(b"%PDF-1.7\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sources(*arguments: str, stdin: bytes = b"") -> list[str]:
    with expanded(arguments, io.BytesIO(stdin)) as inputs:
        return [file.source for file in inputs.files]


def whole(*arguments: str) -> Inputs:
    with expanded(arguments) as inputs:
        return inputs


def test_a_folder_gives_its_documents_at_any_depth_in_order(folder: Path) -> None:
    assert sources(".") == ["a.txt", "b.pdf", "deep/c.HTML", "deep/er/d.docx", "noname"]
    assert sources("deep") == ["deep/c.HTML", "deep/er/d.docx"]


def test_what_a_folder_holds_of_other_kinds_is_told(folder: Path) -> None:
    assert sorted(whole(".").left_out) == ["notes.md", "table.csv"]


def test_a_file_that_is_named_is_taken_whatever_its_name(folder: Path) -> None:
    assert sources("notes.md", ".hidden.pdf") == [".hidden.pdf", "notes.md"]


def test_a_pattern_is_expanded(folder: Path) -> None:
    assert sources("*.pdf") == ["b.pdf"]
    assert sources("**/*.docx") == ["deep/er/d.docx"]
    assert sources(str(folder / "*.txt")) == [str(folder / "a.txt")]


def test_a_file_named_like_a_pattern_is_that_file(folder: Path) -> None:
    (folder / "act[1].txt").write_text("text")
    assert sources("act[1].txt") == ["act[1].txt"]


def test_a_file_given_twice_is_read_once(folder: Path) -> None:
    assert sources("b.pdf", "./b.pdf", ".", str(folder / "b.pdf")).count("b.pdf") == 1
    assert len(sources("b.pdf", str(folder / "b.pdf"))) == 1


def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "deep" / "up").symlink_to(folder, target_is_directory=True)
    assert len(sources(".")) == 5


@pytest.mark.parametrize(("argument", "problem"), [("gone.pdf", "no such file"), ("*.rtf", "the pattern matches no file")])
def test_what_is_not_there_is_an_input_with_a_problem(folder: Path, argument: str, problem: str) -> None:
    assert [(file.source, file.problem) for file in whole(argument).files] == [(argument, problem)]


def test_a_dangling_link_is_an_input_with_a_problem(folder: Path) -> None:
    (folder / "link.pdf").symlink_to(folder / "gone.pdf")
    assert "No such file" in (whole("link.pdf").files[0].problem or "")


def test_nothing_to_read_is_an_error_that_says_what_is_looked_for(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(NoInputError, match=r"no document found in empty.*\.pdf"):
        whole("empty")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\0"])
def test_standard_input_may_be_a_list_of_paths(folder: Path, end: bytes) -> None:
    assert sources("-", stdin=end.join((b"b.pdf", b"deep", b"gone.pdf"))) == [
        "b.pdf",
        "deep/c.HTML",
        "deep/er/d.docx",
        "gone.pdf",
    ]


def test_standard_input_may_list_only_files_that_are_gone(folder: Path) -> None:
    assert sources("-", stdin=b"x/gone.pdf\ny/gone.txt\n") == ["x/gone.pdf", "y/gone.txt"]


@pytest.mark.parametrize("data", [b"%PDF-1.7\nb.pdf\n", b"Section 1. A rule.\n", "§ 1".encode("utf-16")])
def test_standard_input_may_be_a_document(folder: Path, data: bytes) -> None:
    with expanded(["-"], io.BytesIO(data)) as inputs:
        (file,) = inputs.files
        assert (file.source, file.size, file.path.read_bytes()) == ("-", len(data), data)
    assert not file.path.exists()


def test_empty_standard_input_is_no_input(folder: Path) -> None:
    with pytest.raises(NoInputError):
        sources("-", stdin=b"\n")


def test_names_that_are_no_text_are_kept(folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (folder / name).write_text("text")
    assert name in sources(".")
