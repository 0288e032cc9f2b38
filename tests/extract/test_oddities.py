"""What real agreements and bills look like: one test for each thing a reader must survive, on documents made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from nlp.extract import Reader, text
from tests.extract import paper
from tests.extract.reading import flat, lines

# 1. A typed stamp on every page of a scan


def test_a_stamp_over_a_scan_does_not_pass_for_its_text(reader: Reader, tmp_path: Path) -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.drawString(400, 770, "RECEIVED 03/04/2025")

    document = reader.read(paper.scan(tmp_path / "stamped.pdf", paper.PROSE, over=stamp))
    assert document.pages[0].method in ("ocr", "mixed")
    assert "picture of the page" in document.pages[0].reason
    assert paper.PROSE[0] in flat(document)


# 2. Shifted glyphs, a letter for the blank, letter-spacing, lost blanks


def test_glyphs_shifted_for_want_of_a_font_map_are_set_back(reader: Reader, tmp_path: Path) -> None:
    wording = "Signature of the officer in charge of the facility and date of the agreement"
    codes = "".join(f"{ord(char) - 29:02x}" for char in wording).encode()
    plain = b"BT /F1 11 Tf 72 700 Td (The agency shall keep a record of each request that it receives.) Tj ET "
    # a symbolic font hands the codes through as they are
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    document = reader.read(
        paper.contents(tmp_path / "shift.pdf", plain + b"BT /F1 11 Tf 72 650 Td <" + codes + b"> Tj ET", font=font)
    )
    assert "shifted glyphs" in document.pages[0].reason
    assert "Signature of the officer in charge" in flat(document)
    assert "The agency shall keep a record" in flat(document)


def test_a_blank_that_reads_as_a_letter_becomes_a_blank_again(reader: Reader, tmp_path: Path) -> None:
    broken = [line.replace(" ", "o", 6) for line in paper.PROSE]
    document = reader.read(paper.pdf(tmp_path / "o.pdf", lambda canvas, _: paper.write(canvas, broken)))
    assert "a letter in place of blanks" in document.pages[0].reason
    assert "The agency shall keep a record of each request" in flat(document)


def test_letter_spaced_words_are_closed_up(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE)
        x = 72.0
        for word in ("duties", "of", "participating", "officers"):
            for letter in word:
                canvas.drawString(x, 500, letter)
                x += 13
            x += 16

    document = reader.read(paper.pdf(tmp_path / "spaced.pdf", draw))
    assert "duties of participating officers" in flat(document)


@pytest.mark.parametrize(
    ("glued", "whole"),
    [
        ("ofthe", "of the"),
        ("andthe", "and the"),
        ("of70-percent", "of 70-percent"),
        # names and long words that happen to hold a particle stay whole
        ("Freeborn", "Freeborn"),
        ("Hanover", "Hanover"),
        ("hereinbefore", "hereinbefore"),
        ("notwithstanding", "notwithstanding"),
        ("nonimmigrant", "nonimmigrant"),
        ("MOAs", "MOAs"),
        ("cannot", "cannot"),
    ],
)
def test_lost_blanks_are_put_back_and_names_stay_whole(reader: Reader, tmp_path: Path, glued: str, whole: str) -> None:
    sentence = f"The terms {glued} agreement are binding on each party."
    document = reader.read(paper.pdf(tmp_path / "glued.pdf", lambda canvas, _: paper.write(canvas, [sentence])))
    assert f"The terms {whole} agreement" in flat(document)


# 3. Layers that are worse than fresh OCR


def test_a_bad_layer_over_a_scan_is_read_afresh(reader: Reader, tmp_path: Path) -> None:
    def layer(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 12)
        for at, line in enumerate(paper.PROSE):
            hidden = canvas.beginText(72, 720 - 20 * at)
            hidden.setTextRenderMode(3)
            hidden.textOut(line.replace("e", "c").replace("th", "tb").replace("r", "i"))
            canvas.drawText(hidden)

    document = reader.read(paper.scan(tmp_path / "layer.pdf", paper.PROSE, over=layer))
    assert "OCR layer of the file" in document.pages[0].reason or "text layer scores" in document.pages[0].reason
    assert document.pages[0].method in ("ocr", "mixed")
    assert document.pages[0].quality > 0.95
    assert paper.PROSE[1] in flat(document)


def test_a_good_layer_is_kept(reader: Reader, tmp_path: Path) -> None:
    document = reader.read(paper.pdf(tmp_path / "good.pdf", lambda canvas, _: paper.write(canvas, paper.PROSE)))
    assert document.pages[0].method == "text-layer"
    assert lines(document) == list(paper.PROSE)


# 4. Rotation


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_turned_by_its_dictionary_reads_upright(reader: Reader, tmp_path: Path, turn: int) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE)
        canvas.setPageRotation(turn)

    document = reader.read(paper.pdf(tmp_path / "turned.pdf", draw))
    page = document.pages[0]
    assert lines(document) == list(paper.PROSE)
    assert page.rotation == turn
    first, last = page.lines[0].box, page.lines[-1].box
    assert first is not None
    assert last is not None
    assert first.top < last.top
    assert first.x0 == pytest.approx(72, abs=2)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_drawn_on_its_side_reads_upright(reader: Reader, tmp_path: Path, turn: int) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        if number == 2:
            canvas.translate(306, 396)
            canvas.rotate(-turn)
            canvas.translate(-306, -396)
        paper.write(canvas, paper.PROSE, x=110, y=500)

    document = reader.read(paper.pdf(tmp_path / "side.pdf", draw, pages=2))
    assert lines(document) == [*paper.PROSE, *paper.PROSE]
    assert [page.rotation for page in document.pages] == [0, turn]


@pytest.mark.parametrize("turn", [90, 180])
def test_a_scan_on_its_side_or_head_is_read_upright(reader: Reader, tmp_path: Path, turn: int) -> None:
    document = reader.read(paper.scan(tmp_path / "scan.pdf", [*paper.PROSE, *paper.PROSE], turn=turn))
    assert document.pages[0].rotation == turn
    assert paper.PROSE[2] in flat(document)


def test_an_empty_password_is_tried(reader: Reader, tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    lock = StandardEncryption("", ownerPassword="owner", canPrint=0)
    document = reader.read(paper.pdf(tmp_path / "locked.pdf", lambda canvas, _: paper.write(canvas, paper.PROSE), encrypt=lock))
    assert paper.PROSE[0] in flat(document)


# 5. Values that live in form fields


def test_the_values_of_form_fields_are_read_where_they_stand(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, ["This agreement is made by the __________________________, hereinafter the agency.", *paper.PROSE])
        canvas.acroForm.textfield(
            name="agency", value="Harlow County", x=220, y=714, width=110, height=16, fontSize=9, borderWidth=0
        )

    document = reader.read(paper.pdf(tmp_path / "form.pdf", draw))
    assert "made by the Harlow County , hereinafter" in flat(document).replace(",", " ,").replace("  ", " ")


# 6. Footers in parts


def test_running_heads_and_feet_in_parts_are_no_body_text(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        paper.write(canvas, paper.PROSE[2 * number % 8 :] + paper.PROSE[: 2 * number % 8])
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 760, "Harlow County Sheriff")
        canvas.drawString(72, 30, "Harlow County Agreement")
        canvas.drawString(300, 30, str(number))
        canvas.drawString(470, 30, "Revised 02/15/2025")

    document = reader.read(paper.pdf(tmp_path / "feet.pdf", draw, pages=4))
    assert lines(document, "head") == ["Harlow County Sheriff"] * 4
    assert lines(document, "foot") == [f"Harlow County Agreement {number} Revised 02/15/2025" for number in range(1, 5)]
    assert "Revised" not in flat(document)
    assert len(lines(document)) == 4 * len(paper.PROSE)


def test_feet_that_differ_on_left_and_right_pages_are_found(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        paper.write(canvas, paper.PROSE[2 * number % 8 :] + paper.PROSE[: 2 * number % 8])
        canvas.drawString(72, 30, f"Laws of the State {number}" if number % 2 else f"{number} The Governor")

    document = reader.read(paper.pdf(tmp_path / "odd-even.pdf", draw, pages=6))
    assert len(lines(document, "foot")) == 6


def test_a_page_number_alone_is_furniture(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        paper.write(canvas, paper.PROSE)
        canvas.drawCentredString(306, 30, "- 1 -")

    assert lines(reader.read(paper.pdf(tmp_path / "one.pdf", draw)), "foot") == ["- 1 -"]


# 7. Clauses over a page break


def test_a_sentence_over_a_page_break_is_one_paragraph(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        filler = [line for line in paper.PROSE for _ in (0, 1)]
        ends = ["The agency shall keep every record that it"] if number == 1 else ["receives for a term of three years."]
        paper.write(canvas, [*filler, *ends] if number == 1 else [*ends, *filler])
        canvas.drawCentredString(306, 30, f"Page {number} of 2")

    assert "every record that it receives for a term" in text(reader.read(paper.pdf(tmp_path / "break.pdf", draw, pages=2)))


# 8 and 9 are for segmentation; the reader must keep their marks as printed


@pytest.mark.parametrize(
    "line", ["I. CIVIL RIGHTS", "(1) the name; (2) the date; and (3) the officer under Section VIII, below", "8. TRAINING"]
)
def test_numbers_are_kept_as_printed(reader: Reader, tmp_path: Path, line: str) -> None:
    document = reader.read(paper.pdf(tmp_path / "numbers.pdf", lambda canvas, _: paper.write(canvas, [line, *paper.PROSE])))
    assert lines(document)[0] == line


# 10. Bullets, soft hyphens, U+FFFE, quotes


@pytest.mark.parametrize("bullet", ["e", "x", "o", "•"])
def test_a_bullet_that_reads_as_a_letter_is_a_bullet(reader: Reader, tmp_path: Path, bullet: str) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE[:2])
        canvas.drawString(90, 600, bullet)
        canvas.drawString(104, 600, "The power to serve a warrant of arrest.")

    assert "• The power to serve a warrant of arrest." in lines(reader.read(paper.pdf(tmp_path / "bullet.pdf", draw)))


@pytest.mark.parametrize("hyphen", ["-", "\u00ad"])
def test_a_word_cut_at_the_end_of_a_line_is_whole_in_the_clean_text(reader: Reader, tmp_path: Path, hyphen: str) -> None:
    cut = [f"Each officer shall complete the train{hyphen}", "ing that the agency provides."]
    document = reader.read(paper.pdf(tmp_path / "hyphen.pdf", lambda canvas, _: paper.write(canvas, [*cut, *paper.PROSE])))
    assert "complete the training that" in flat(document)


def test_a_compound_keeps_its_hyphen_over_the_end_of_a_line(reader: Reader, tmp_path: Path) -> None:
    cut = ["The notice concerns a law-", "enforcement officer of the county."]
    document = reader.read(paper.pdf(tmp_path / "compound.pdf", lambda canvas, _: paper.write(canvas, [*cut, *paper.PROSE])))
    assert "a law-enforcement officer" in flat(document)


def test_curly_quotes_and_section_signs_survive(reader: Reader, tmp_path: Path) -> None:
    line = "“Agency” has the meaning stated in § 5–104 of the agency’s rules."
    document = reader.read(paper.pdf(tmp_path / "quotes.pdf", lambda canvas, _: paper.write(canvas, [line])))
    assert lines(document) == [line]


# 11. Signature blocks, blank pages


def test_a_block_for_two_parties_to_sign_reads_party_by_party(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, paper.PROSE)
        parties = ["For the County:", "For the Bureau:"], ["Date: ________"] * 2, ["Signature: ________"] * 2
        for at, (left, right) in enumerate([*parties, ("Title: Sheriff", "Title: Director")]):
            canvas.drawString(72, 400 - 30 * at, left)
            canvas.drawString(330, 400 - 30 * at, right)

    signed = lines(reader.read(paper.pdf(tmp_path / "sign.pdf", draw)))[len(paper.PROSE) :]
    assert signed.index("Title: Sheriff") < signed.index("For the Bureau:")


def test_a_blank_last_page_is_a_page_without_lines(reader: Reader, tmp_path: Path) -> None:
    def draw(canvas: Canvas, number: int) -> None:
        if number == 1:
            paper.write(canvas, paper.PROSE)

    document = reader.read(paper.pdf(tmp_path / "blank.pdf", draw, pages=2))
    assert [page.method for page in document.pages] == ["text-layer", "none"]
    assert document.pages[1].lines == ()
    assert not document.partial


def test_a_picture_without_a_layer_is_read_beside_the_text(reader: Reader, tmp_path: Path) -> None:
    from reportlab.lib.utils import ImageReader

    image = paper.picture(paper.PROSE[4:]).crop((150, 180, 1700, 500))

    def draw(canvas: Canvas, _: int) -> None:
        paper.write(canvas, [*paper.PROSE[:4]] * 3)
        canvas.drawImage(ImageReader(image), 30, 200, 552, 552 * 320 / 1550 * 1.6)

    document = reader.read(paper.pdf(tmp_path / "mixed.pdf", draw))
    assert document.pages[0].method == "mixed"
    assert paper.PROSE[0] in flat(document)
    assert "power of a court" in flat(document)
