"""What people read: help, refusals, counts of one, tables in narrow terminals, and why nothing was found."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.commands import commands
from tests.cli.conftest import SAMPLES, Command, environment

ORDINANCE = SAMPLES / "harrowgate-ordinance-512.txt"
REFUSED = (
    (("search", "x", "-n", "0"), "--limit takes a whole number from 1 to 100000, not 0"),
    (("search", "x", "-n", "many"), "--limit takes a whole number from 1 to 100000, not many"),
    (("index", "x", "-j", "1000"), "--jobs (or CLAUSEDEX_JOBS) takes a whole number from 1 to 512, not 1000"),
    (("unusual", "--share", "3"), "--share takes a number from 0.01 to 1, not 3"),
    (("promote", "0"), "VERSION takes a whole number of 1 or more, not 0"),
    (("search", "x", "--format", "xml"), "'xml' is not one of 'table', 'json', 'csv'"),
)


def on_a_terminal(width: int, *arguments: object) -> str:
    """Return what a command writes to a terminal of so many columns."""
    parent, child = pty.openpty()
    given = {**environment(), "COLUMNS": str(width), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "nlp.cli", *map(str, arguments)], stdout=child, stderr=subprocess.DEVNULL, env=given
    )
    os.close(child)
    parts = []
    with contextlib.suppress(OSError):  # the end of a terminal, on Linux
        while part := os.read(parent, 4096):
            parts.append(part)
    os.close(parent)
    assert process.wait(60) == 0
    return re.sub("\x1b[^m]*m", "", b"".join(parts).decode()).replace("\r\n", "\n")


@pytest.mark.parametrize("name", commands())
def test_help_names_types_in_plain_words(name: str, clausedex: Command) -> None:
    told = clausedex(*name.split(), "--help").out
    assert not re.search(r"<[a-z]|\{[A-Z]|<=x|\[\[", told)


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_a_refused_value_is_told_with_what_is_taken(arguments: tuple[str, ...], said: str, clausedex: Command, db: Path) -> None:
    named = () if arguments[0] == "promote" else ("--db", db)
    ran = clausedex(*arguments, *named)
    assert ran.code == 1
    assert said in ran.err
    assert "Input should" not in ran.err


def test_one_is_no_plural(clausedex: Command, tmp_path: Path) -> None:
    db, text = tmp_path / "one.db", tmp_path / "one.txt"
    text.write_text("ORDINANCE NO. 1\n\nSection 1. Visitors.\n\nThe jailer shall keep a register of visitors.\n")
    said = [clausedex("index", text, "--db", db), clausedex("index", "--reclassify", "--db", db, "--model", "shipped")]
    said += [clausedex("search", "", "--db", db), clausedex("search", "", "--db", db, "--fold", "--full")]
    said += [clausedex("search", "", "--db", db, "--count", "kind"), clausedex("search", "", "--db", db, "--count", "document")]
    said += [clausedex("export", tmp_path / "out.csv", "--db", db, "--to", "csv"), clausedex("status", "--db", db)]
    said += [clausedex("diff", text, text), clausedex("unusual", "--db", db)]
    everything = "\n".join(ran.out + ran.err for ran in said)
    assert "1 of 1 provision\n" in everything
    assert "1 of 1 wording, 1 provision\n" in everything
    assert not re.search(r"\b1 (more )?(provisions|documents|clauses|wordings|values|files|kinds|words|pages of)\b", everything)
    assert "all 1" not in everything


@pytest.mark.parametrize("width", [50, 80, 100])
@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "", "--count", "document", "--silent"),
        ("compare", "--by", "document", "--label", "detainer-limit"),
        ("labels",),
    ],
    ids=["count", "compare", "labels"],
)
def test_no_word_is_broken_in_a_narrow_terminal(arguments: tuple[str, ...], width: int, db: Path) -> None:
    named = () if arguments[0] == "labels" else ("--db", db)
    told = on_a_terminal(width, *arguments, *named)
    whole = {
        "search": ("port-ansel-ordinance-2024-17.pdf", "ordinance", "2023-05-01", "2.88.010.A", "provisions", "jurisdiction"),
        "compare": ("port-ansel-ordinance-2024-17.pdf", "detainer-limit", "restricts"),
        "labels": ("detention-contract-ban", "restricts", "definition"),
    }
    assert all(word in told for word in whole[arguments[0]])
    assert max(map(len, told.splitlines())) <= width


@pytest.mark.parametrize("narrowed", [(), ("kind:ordinance",), ("label:costs", "-stance:enables")])
@pytest.mark.parametrize("options", [(), ("--label", "costs")])
def test_a_misspelt_word_is_named_with_the_word_that_was_meant(
    clausedex: Command, db: Path, narrowed: tuple[str, ...], options: tuple[str, ...]
) -> None:
    for count in ((), ("--count", "label"), ("--count", "document")):
        ran = clausedex("search", " ".join(("detainr", *narrowed)), "--db", db, *options, *count)
        assert ran.code == 0
        assert "no provision matches; “detainr” stands nowhere in the index, “detainer” does" in ran.err


def test_fields_that_leave_nothing_are_told_from_words_that_do(clausedex: Command, db: Path) -> None:
    assert "without the fields and options 17 do" in clausedex("search", "detainer", "--db", db, "--label", "training").err
    assert "without the fields and options 17 do" in clausedex("search", "detainer label:training", "--db", db).err
    said = clausedex("search", "detainer walrus kind:ordinance", "--db", db).err
    assert "without “walrus” 6 do" in said
    assert said.endswith("any of them: (detainer OR walrus) kind:ordinance\n")


def test_unusual_says_which_kinds_are_too_small_and_what_would_take_them(clausedex: Command, db: Path) -> None:
    ran = clausedex("unusual", "--db", db)
    assert (ran.code, ran.out) == (0, "")
    assert "no clause is unusual" in ran.err
    assert "passed over: 3 ordinances, 2 agreements, 1 bill, 1 policy, 1 statute; --share 0.1 takes 10 documents" in ran.err
    assert "--share 0.34 takes 3: a clause is unusual there if it stands in one of the 3" in ran.err
    assert "in 1 of 3 ordinances" in clausedex("unusual", "--db", db, "--share", "0.34").out


def test_compare_says_what_an_unknown_row_is_and_how_it_is_set(clausedex: Command, db: Path) -> None:
    ran = clausedex("compare", "--db", db)
    assert "unknown: 2 documents whose jurisdiction was not found in the text: vandermere-code-40.html, " in ran.err
    assert "'clausedex serve' sets it" in ran.err
    assert ran.err == clausedex("compare", "--db", db, "--format", "csv").err
    assert clausedex("compare", "--db", db, "--kind", "ordinance").err == ""
    assert clausedex("compare", "--db", db, "--by", "document").err == ""
