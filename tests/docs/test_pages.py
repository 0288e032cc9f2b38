"""The pages say what the program does: generated parts are fresh, commands exist and run, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path

import pytest

from docs import commands, generate, outputs

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "notebooks" / "README.md"]
RUN = [DOCS / "tutorials" / "researcher.md", DOCS / "tutorials" / "clerk.md", DOCS / "tutorials" / "analyst.md"]
RUN += [DOCS / "fact-check.md", DOCS / "explanation" / "reading.md"]
FENCED = re.compile(r"^( *)```.*?^\1```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!\\)\[[^\]\n]*(?:\n[^\]\n]+)?\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code(page: str) -> Iterator[str]:
    """Yield each line of code on a page: of blocks, fenced or set in, and of spans within a sentence."""
    prose = page
    for block in FENCED.finditer(page):
        prose = prose.replace(block[0], "")
        language, *lines = block[0].strip().splitlines()
        shown = [line.strip() for line in lines]
        yield from (line.removeprefix("$ ") for line in shown if "console" not in language or line.startswith("$ "))
    yield from (line.strip().removeprefix("$ ") for line in prose.splitlines() if line.startswith("    "))
    yield from re.findall(r"`([^`\n]+)`", prose)


def calls(page: str) -> Iterator[list[str]]:
    """Yield the arguments of each call of clausedex on a page, without what the shell does with it."""
    for line in code(page):
        reader = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
        reader.whitespace_split = True
        try:
            words = list(reader)
        except ValueError:  # prose in a block, such as an apostrophe
            continue
        part: list[str] = []
        for word in [*words, ";"]:
            if not set(word) <= set("|;&<>"):
                part.append(word)
                continue
            given = list(dropwhile(lambda each: re.fullmatch(r"\w+=.*", each), part))
            if len(given) > 1 and given[0].split("/")[-1] == "clausedex":
                yield given[1:]
            part = []


def options(command: object) -> set[str]:
    return {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_commands_on_a_page_exist_with_their_options(path: Path) -> None:
    known = commands.commands()
    for words in calls(path.read_text(encoding="utf-8")):
        if words[0].startswith("--") or words[0].isupper():
            assert words[0] in {"--help", "--version", "COMMAND"}, words
            continue
        pair = " ".join(words[:2])
        command = known.get(pair) or known.get(words[0])
        assert command is not None or any(each.startswith(f"{words[0]} ") for each in known), f"no command {words}"
        for word in words if command is not None else ():
            if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", word):
                assert word.split("=")[0] in options(command), f"no option {word} of {words}"


def test_a_page_with_an_unknown_option_would_be_caught() -> None:
    known = commands.commands()
    assert list(calls("`clausedex search x --no-such | head`")) == [["search", "x", "--no-such"]]
    assert list(calls("```console\n$ A=1 clausedex status --db law.db > out\nclausedex wrote\n```\n")) == [
        ["status", "--db", "law.db"]
    ]
    assert "--no-such" not in options(known["search"])


def test_generated_parts_are_as_the_program_gives_them() -> None:
    stale = [name(path) for path in generate.stale()]
    assert not stale, f"run 'python -m docs.generate': {', '.join(stale)}"


def test_a_part_that_is_behind_is_found() -> None:
    page = "before\n<!-- begin failures -->\nwhat was\n<!-- end failures -->\nafter\n"
    renewed = generate.fresh(page)
    assert renewed.startswith("before\n<!-- begin failures -->\n")
    assert renewed.endswith("<!-- end failures -->\nafter\n")
    assert "what was" not in renewed
    assert "`zero_pages`" in renewed
    assert generate.fresh(renewed) == renewed


def anchors(page: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_of_a_page_lead_to_files_and_headings(path: Path) -> None:
    for target in LINK.findall(FENCED.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(there.read_text(encoding="utf-8")), f"{target} has no such heading"


@pytest.mark.parametrize("path", RUN, ids=name)
def test_commands_that_a_page_shows_run_in_order(path: Path) -> None:
    for step in outputs.run(outputs.steps(path.read_text(encoding="utf-8"))):
        assert step.code == 0 or (step.code == 4 and "failed 1" in step.output), f"{step.line}: {step.code}\n{step.output}"


def test_every_page_with_commands_and_their_output_is_run() -> None:
    shown = {path for path in sorted(DOCS.rglob("*.md")) if outputs.steps(path.read_text(encoding="utf-8"))}
    assert shown - set(RUN) <= {DOCS / "questions.md"}, "questions.md has a test of its own"
