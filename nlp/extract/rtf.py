"""Rich Text Format; it must not know other formats."""

from __future__ import annotations

from collections.abc import Callable

from nlp.extract.draft import Row


def read_rtf(data: bytes) -> tuple[str | None, list[list[Row]]]:
    """Read the text of an RTF file; each of its paragraphs is a block."""
    import striprtf.striprtf

    rtf_to_text: Callable[..., str] = striprtf.striprtf.rtf_to_text

    text = rtf_to_text(data.decode("latin-1"), errors="ignore")
    rows = [Row(line.split(), block=block) for block, line in enumerate(text.splitlines(), 1) if line.strip()]
    return None, [rows]
