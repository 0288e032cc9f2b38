"""Whether underlined words are additions: what the document strikes, how long it underlines, what stands beside brackets."""

from __future__ import annotations

from nlp.extract import amend
from nlp.extract.draft import Row, Sheet


def added(text: str, *underlined: int) -> list[str]:
    """Return the words taken for additions, of a line whose words at these places are underlined."""
    row = Row(text.split(), marks=dict.fromkeys(underlined, ("underlined",)))
    amend.resolve([Sheet(1, rows=[row])])
    return [row.words[at] for at, names in row.marks.items() if "added" in names]


def test_underlined_words_beside_a_bracket_replace_what_it_holds() -> None:
    assert added("the clerk [may] shall keep a book", 3) == ["shall"]
    assert added("the clerk shall [may destroy] keep a book", 2) == ["shall"]


def test_underlined_words_alone_are_emphasis() -> None:
    assert added("the clerk shall keep a book [sic]", 2) == []
    assert added("the clerk [ ] shall keep a book", 4) == []
