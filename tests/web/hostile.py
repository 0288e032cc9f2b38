"""Text that would do harm if a page, a query or a template took it for anything but text; and an index full of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nlp.index import open_store
from nlp.records import Condition, Cue, Label
from tests.index import making

TEXTS = (
    "<script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned = 2">',
    "'><svg/onload=window.pwned=3>",
    "</textarea></select></title></svg><script>pwned = 4</script>",
    "{{ 7 * 7 }}{% for x in y %}{# note #}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "'; DROP TABLE documents; --",
    '" OR 1=1) NEAR/3 * AND label:',
    "javascript:window.pwned=5",
    '=HYPERLINK("http://evil.example","x")',
    "../../etc/passwd",
    "\u202egnp.exe &lt;b&gt; &amp; %3Cscript%3E",
)


def fill(db: Path) -> list[str]:
    """Put each text into every field that text can reach, reviewed once, and return the documents' digests in that order."""
    found = []
    with open_store(str(db), create=True) as store:
        for number, text in enumerate(TEXTS):
            path = f"{text}-{number}.pdf"
            made = making.provision(
                path, 1, f"{text} shall not", ["costs", text], heading=(text,), lead_in=text, number=text, struck=text,
                abstained=True, guesses=(Label(text, 0.5),), actor=text,
            )  # fmt: skip
            made = replace(made, conditions=(Condition("hours", text, 0, 3),), cues=(Cue(text, 0, len(text), "topic", text),))
            fields = {"title": text, "jurisdiction": text, "agency": text, "date": "2020"}
            document = making.save(store, path, [made, making.provision(path, 2, text)], text=f"{text}\n" * 600, **fields)
            store.correct(
                [
                    {"document_id": document.id, "clause_id": f"{document.sha256[:8]}-2", "labels": [text, "term"],
                     "modality": "statement", "note": text, "reviewer": text},
                ]
            )  # fmt: skip
            found.append(document.sha256)
    return found


def addresses(digests: list[str]) -> list[str]:
    """Return every page that shows something of the index."""
    pages = ["/", "/?q=abstained:yes", "/documents", "/review", "/diff", "/models", "/labels", "/upload"]
    pages += [f"/compare?by={by}&columns=labels" for by in ("jurisdiction", "state", "document", "agency", "kind")]
    for digest in digests:
        pages += [f"/documents/{digest}", f"/review/{digest}/{digest[:8]}-1", f"/review/{digest}/{digest[:8]}-2"]
        pages += [f"/review/{digest}/{digest[:8]}-1/cut", f"/review/{digest}/{digest[:8]}-2/cut?back=review"]
    return [*pages, f"/diff?old={digests[0]}&new={digests[1]}"]
