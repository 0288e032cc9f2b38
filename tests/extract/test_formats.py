"""Every format by its content: what a reader of each would notice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nlp.errors import ReadError
from nlp.extract import Limits, Reader, sniff, text
from nlp.extract.told import title_of
from nlp.records import Document, Line
from tests.extract import paper
from tests.extract.reading import marked


def save(tmp_path: Path, data: bytes | str, name: str = "file.bin") -> Path:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def rows(document: Document) -> list[Line]:
    return [line for page in document.pages for line in page.lines]


def shown(document: Document) -> list[str]:
    return [" ".join(filter(None, [line.marker, document.text[line.start : line.end]])) for line in rows(document)]


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"%PDF-1.4\n", "pdf"),
        # printer commands before the header, and a header that is misspelt
        (b"\x1b%-12345X@PJL\r\n" + b"%PDF-1.5 rest", "pdf"),
        (b"%QDF\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<<>>\n", "pdf"),
        (b"<!DOCTYPE html><title>x</title>", "html"),
        (b"<!-- saved -->\n<html><body>x</body></html>", "html"),
        (b"<div><p>a fragment</p></div>", "html"),
        (b'<?xml version="1.0"?><section><num>1</num></section>', "xml"),
        (b"<law><para>x</para></law>", "xml"),
        (b"{\\rtf1\\ansi text}", "rtf"),
        (b"Section 1. Text.", "text"),
        ("§ 1. Straße".encode("utf-16"), "text"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"II*\x00", "image"),
    ],
)
def test_a_format_is_told_by_content(tmp_path: Path, data: bytes, format: str) -> None:  # noqa: A002 - the word for it
    assert sniff(save(tmp_path, data, "misnamed.doc")) == format


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"\x00" * 100, b"MZ\x90\x00\x03" + bytes(range(200)), b"\x7fELF" + b"\x00\x01\x02" * 50]
)
def test_what_is_no_document_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadError) as failure:
        sniff(save(tmp_path, data))
    assert failure.value.code == "not_a_document"


# HTML

PAGE = """<!DOCTYPE html><html><head><title>Code of Harlow</title><style>p {}</style></head><body>
<nav><a href="/">Home</a> <a href="/code">Code</a></nav>
<div class="sidebar"><a href="1">Title 1</a><a href="2">Title 2</a></div>
<main><h1>Chapter 4</h1><h2>§ 4-10. Requests.</h2>
<ol type="a"><li>The officer shall not:<ol><li>hold a person; or</li><li>transfer a person.</li></ol></li>
<li value="4">A request is void<br>after a year.</li></ol>
<ul><li>a bullet</li></ul>
<ol><li>(c) printed number</li></ol>
<p>The <del>sheriff</del> <ins>chief</ins> may act.</p>
<table><tr><th>Form</th><th>Use</th></tr><tr><td>A</td><td>notice</td></tr></table>
<p style="display:none">hidden</p><script>alert(1)</script></main>
<footer>Copyright</footer></body></html>"""


def test_html_gives_the_main_content_with_list_numbers_and_headings(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(save(tmp_path, PAGE))
    assert document.format == "html"
    assert document.title == "Code of Harlow"
    assert shown(document) == [
        "Chapter 4",
        "§ 4-10. Requests.",
        "a. The officer shall not:",
        "1. hold a person; or",
        "2. transfer a person.",
        "d. A request is void",
        "after a year.",
        "• a bullet",
        "(c) printed number",
        "The sheriff chief may act.",
        "Form Use",
        "A notice",
    ]
    assert [line.level for line in rows(document)][:3] == [1, 2, None]
    assert [line.role for line in rows(document)][-2:] == ["table", "table"]
    assert marked(document, "struck") == ["sheriff"]
    assert marked(document, "added") == ["chief"]


def test_a_line_break_stays_within_its_paragraph(reader: Reader, tmp_path: Path) -> None:
    first, second, third = rows(reader.read(save(tmp_path, "<html><body><p>one<br>two</p><p>three</p></body></html>")))
    assert first.block == second.block != third.block


def test_html_may_declare_its_encoding(reader: Reader, tmp_path: Path) -> None:
    page = '<html><head><meta charset="windows-1252"></head><body><p>“Agency” § 5</p></body></html>'
    assert reader.read(save(tmp_path, page.encode("cp1252"))).text == "“Agency” § 5\n"


def test_deep_html_is_no_danger(reader: Reader, tmp_path: Path) -> None:
    path = save(tmp_path, "<html><body>" + "<div>" * 50_000 + "text")
    try:
        assert "text" in reader.read(path).text
    except ReadError as error:
        assert error.code in ("unreadable", "no_text")  # noqa: PT017 - either outcome keeps the run alive


# XML

LAW = """<?xml version="1.0"?>
<section xmlns="urn:law"><meta><effective>2024</effective></meta><num>4-10</num><heading>Requests.</heading>
<para><num>(a)</num><text>No officer shall:</text>
<para><num>(1)</num><text>hold a person, as in <cite>§ 4</cite>; or</text></para>
<para><num>(2)</num><text>transfer <deleted-phrase>him</deleted-phrase> <added-phrase>a person</added-phrase>.</text></para>
</para></section>"""


def test_xml_of_law_sets_each_number_before_its_text(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(save(tmp_path, LAW))
    assert shown(document) == [
        "4-10 Requests.",
        "(a) No officer shall:",
        "(1) hold a person, as in § 4; or",
        "(2) transfer him a person.",
    ]
    assert marked(document, "struck") == ["him"]
    assert marked(document, "added") == ["a", "person."]


def test_xml_tells_the_dates_of_its_own_record_only(reader: Reader, tmp_path: Path) -> None:
    meta = "<meta><introduced>2019-10-09</introduced><effective>2021-04-27</effective></meta>"
    law = f"<law>{meta}<effective>1999-01-01</effective></law>"
    found = reader.read(save(tmp_path, '<?xml version="1.0"?>' + law)).facts
    assert [(fact.name, fact.value) for fact in found] == [("date-introduced", "2019-10-09"), ("date-effective", "2021-04-27")]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Microsoft Word - Agreement on Detention.doc", None),
        ("Microsoft Word - Agreement on Detention", "Agreement on Detention"),
        ("(anonymous)", None),
        ("Scan 0412", None),
        ("Scanned from a Xerox Multifunction Printer", None),
        ("Untitled-1", None),
        ("20210305_final_v2", None),
        ("Scandia Township Agreement", "Scandia Township Agreement"),
        ("General Order 4.12", "General Order 4.12"),
    ],
)
def test_titles_that_a_person_would_give(written: str, title: str | None) -> None:
    assert title_of(written) == title


def test_xml_entities_reach_no_file(reader: Reader, tmp_path: Path) -> None:
    secret = save(tmp_path, "the secret", "secret.txt")
    attack = f'<!DOCTYPE law [<!ENTITY x SYSTEM "file://{secret}">]><law><text>before &x; after</text></law>'
    assert "secret" not in reader.read(save(tmp_path, '<?xml version="1.0"?>' + attack)).text


def test_an_entity_bomb_does_not_grow(reader: Reader, tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))
    attack = f'<?xml version="1.0"?><!DOCTYPE law [<!ENTITY a0 "ha">{entities}]><law><text>before &a11; after</text></law>'
    try:
        assert len(reader.read(save(tmp_path, attack)).text) < 1000
    except ReadError as error:
        assert error.code in ("unreadable", "no_text", "memory")  # noqa: PT017 - either outcome keeps the run alive


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_decoded(reader: Reader, tmp_path: Path, encoding: str) -> None:
    wording = "“Agency” means the department’s office — see § 5. " * 5
    assert reader.read(save(tmp_path, wording.encode(encoding))).text.split() == wording.split()


def test_empty_lines_part_paragraphs_and_form_feeds_part_pages(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(save(tmp_path, "The first\nparagraph.\n\nThe second.\n\fThe next page.\n"))
    blocks = [line.block for line in rows(document)]
    assert blocks[0] == blocks[1] != blocks[2]
    assert [page.number for page in document.pages] == [1, 2]


def test_the_numbered_lines_and_struck_words_of_a_bill_in_text(reader: Reader, tmp_path: Path) -> None:
    act = [
        "1 AN ACT concerning",
        "",
        "2 Public Safety",
        "3 FOR the ~~sheriff~~ ~~of~~ a county",
        "4 and the ~~old rule~~ city",
        "5 council",
    ]
    bill = "\n".join(["START OF PAGE 1", *act])
    document = reader.read(save(tmp_path, bill))
    numbers = [document.text[line.start : line.end] for line in rows(document) if line.role == "line-number"]
    assert numbers == ["1", "2", "3", "4", "5"]
    assert marked(document, "struck") == ["sheriff", "of", "old", "rule"]
    assert "START OF PAGE" not in text(document)
    assert "FOR the ~~sheriff of~~ a county" in text(document)


def test_the_clean_text_reads_back_with_the_same_marks(reader: Reader, tmp_path: Path) -> None:
    page = "<html><body><p>The <s>sheriff</s> chief may <s>not ever</s> act.</p></body></html>"
    first = reader.read(save(tmp_path, page))
    second = reader.read(save(tmp_path, text(first), "again.txt"))
    assert marked(second, "struck") == marked(first, "struck") == ["sheriff", "not", "ever"]


# RTF, DOCX, pictures


def test_rtf_gives_its_paragraphs(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(
        save(tmp_path, rb"{\rtf1\ansi{\fonttbl\f0 Times;}\f0 The \b agency\b0  shall act.\par \'a7 5 applies.\par}")
    )
    assert shown(document) == ["The agency shall act.", "§ 5 applies."]


def word_file(tmp_path: Path, build: Any) -> Path:
    import docx

    document = docx.Document()
    build(document)
    path = tmp_path / "file.docx"
    document.save(str(path))
    return path


def test_docx_gives_headings_numbers_tables_and_tracked_changes(reader: Reader, tmp_path: Path) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def build(document: Any) -> None:
        document.add_heading("Requests", level=2)
        document.add_paragraph("The first rule.", style="List Number")
        document.add_paragraph("The second rule.", style="List Number")
        document.add_paragraph("A bullet.", style="List Bullet")
        changed = document.add_paragraph("The ")
        for kind, tag, word in (("del", "delText", "sheriff "), ("ins", "t", "chief ")):
            run = f'<w:r><w:{tag} xml:space="preserve">{word}</w:{tag}></w:r>'
            changed._p.append(parse_xml(f'<w:{kind} {nsdecls("w")} w:id="1" w:author="x">{run}</w:{kind}>'))
        changed.add_run("may act.")
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Form", "Use"

    document = reader.read(word_file(tmp_path, build))
    assert document.format == "docx"
    assert shown(document) == [
        "Requests",
        "1. The first rule.",
        "2. The second rule.",
        "• A bullet.",
        "The sheriff chief may act.",
        "Form Use",
    ]
    assert rows(document)[0].level == 2
    assert rows(document)[-1].role == "table"
    assert marked(document, "struck") == ["sheriff"]
    assert marked(document, "added") == ["chief"]


def test_a_docx_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = word_file(tmp_path, lambda document: document.add_paragraph("text"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", b"\0" * (64 << 20))
    with Reader(Limits(decoded_bytes=16 << 20)) as reader, pytest.raises(ReadError) as failure:
        reader.read(path)
    assert failure.value.code == "too_large"


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
def test_a_picture_is_read_by_ocr(reader: Reader, tmp_path: Path, kind: str) -> None:
    data = io.BytesIO()
    paper.picture(paper.PROSE).save(data, kind, dpi=(200, 200))
    document = reader.read(save(tmp_path, data.getvalue()))
    assert document.format == "image"
    assert document.pages[0].method == "ocr"
    assert paper.PROSE[0] in text(document)
    assert document.pages[0].width == pytest.approx(612, abs=2)


def test_every_frame_of_a_tiff_is_a_page(reader: Reader, tmp_path: Path) -> None:
    data = io.BytesIO()
    frames = [paper.picture([line] * 6) for line in paper.PROSE[:3]]
    frames[0].save(data, "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))
    document = reader.read(save(tmp_path, data.getvalue()))
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert all(line in text(document) for line in paper.PROSE[:3])


def test_a_layer_in_another_script_is_kept(reader: Reader, tmp_path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    path = paper.pdf(
        tmp_path / "zh.pdf", lambda canvas, _: paper.write(canvas, ["中华人民共和国 移民 管理 规定"] * 12, font="STSong-Light")
    )
    assert reader.read(path).pages[0].method == "text-layer"


# The record's promises


def test_pages_tile_the_text_and_words_lie_in_their_lines(reader: Reader, tmp_path: Path) -> None:
    path = paper.pdf(tmp_path / "pages.pdf", lambda canvas, number: paper.write(canvas, paper.PROSE[number:]), pages=4)
    document = reader.read(path)
    assert [page.start for page in document.pages] == [0, *[page.end for page in document.pages[:-1]]]
    assert document.pages[-1].end == len(document.text)
    for page in document.pages:
        for line in page.lines:
            assert page.start <= line.start < line.end < page.end
            assert " ".join(document.text[word.start : word.end] for word in line.words) == document.text[line.start : line.end]
            assert all(word.box is not None and word.box.page == page.number for word in line.words)


def test_the_same_bytes_give_the_same_document(reader: Reader, tmp_path: Path) -> None:
    path = paper.pdf(tmp_path / "same.pdf", lambda canvas, _: paper.write(canvas, paper.PROSE))
    assert reader.read(path, source="x") == reader.read(path, source="x")
