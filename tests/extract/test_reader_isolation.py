"""No file takes the reader down: a hostile worker or a hostile document costs exactly its own file, or its own page."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from pathlib import Path

import pytest

from nlp.errors import FAILURE_CODES, ReadError
from nlp.extract import Limits, Reader, read, text
from tests.extract import paper

QUICK = Limits(seconds=4, stall_seconds=1.5, cpu_seconds=20, ocr_threads=1)


def mock(tmp_path: Path, behaviour: str) -> tuple[str, ...]:
    """Write a worker that answers every request by reading the file as one page, unless its name says `bad`."""
    script = tmp_path / "worker.py"
    script.write_text(
        textwrap.dedent("""
            import ctypes, json, os, resource, struct, sys, time
            requests, replies, memory = map(int, sys.argv[1:4])
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            def send(message):
                body = message if isinstance(message, bytes) else json.dumps(message).encode()
                os.write(replies, struct.pack(">I", len(body)) + body)
            def misbehave():
                BEHAVIOUR
            while True:
                head = os.read(requests, 4)
                if not head:
                    break
                request = json.loads(os.read(requests, struct.unpack(">I", head)[0]))
                send({"type": "opened", "format": "text", "pages": 1, "title": None, "dates": {}})
                send({"type": "started", "page": 1, "slow": False})
                if "bad" in request["path"]:
                    misbehave()
                page = [1, 0.0, 0.0, 0, "markup", 1.0, "mock"]
                send({"type": "page", "page": page, "rows": [["read well", [], "body", 1, None, False, None, []]]})
                send({"type": "done"})
        """).replace("BEHAVIOUR", behaviour)
    )
    return (sys.executable, str(script))


@pytest.mark.parametrize(
    ("behaviour", "codes"),
    [
        ("time.sleep(3600)", {"timeout"}),
        ("exec('while True: pass')", {"timeout"}),
        ("os._exit(3)", {"crashed"}),
        ("ctypes.string_at(0)", {"crashed"}),
        ("os.abort()", {"memory", "crashed"}),
        ("hold = []\n    while True: hold.append(bytearray(1 << 26))", {"memory", "crashed"}),
        ("os.write(replies, struct.pack('>I', 1 << 31) + b'x' * 100)", {"too_large"}),
        ("send(b'no json at all')", {"crashed"}),
        ("send(b'[' * 100_000)", {"crashed"}),
        ("send({'type': 'page', 'page': [9, 0, 0, 0, 'markup', 1, ''], 'rows': []})", {"crashed"}),
        ("send({'type': 'page', 'page': [1, 0, 0, 0, 'magic', 1, ''], 'rows': []})", {"crashed"}),
        (
            "send({'type': 'page', 'page': [1, 0, 0, 0, 'ocr', 1, ''], 'rows': [['a b', [1], 'body', 1, 1, 0, 0, []]]})",
            {"crashed"},
        ),
        ("send({'type': 'failed', 'code': 'no such code', 'message': 'x'})", {"crashed"}),
        ("send({'type': 'unheard of'})", {"crashed"}),
        ("os.close(replies)\n    time.sleep(3600)", {"crashed", "timeout"}),
    ],
)
def test_a_worker_that_misbehaves_costs_its_own_file(tmp_path: Path, behaviour: str, codes: set[str]) -> None:
    names = ["good1.txt", "bad.txt", "good2.txt"]
    for name in names:
        (tmp_path / name).write_text("text")
    started = time.monotonic()
    with Reader(QUICK, command=mock(tmp_path, behaviour)) as reader:
        outcomes = []
        for name in names:
            try:
                outcomes.append(reader.read(tmp_path / name).text)
            except ReadError as error:
                outcomes.append(error.code)
    assert outcomes[0] == outcomes[2] == "read well\n"
    assert outcomes[1] in codes
    assert time.monotonic() - started < 20


def test_what_a_worker_prints_reaches_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("text")
    behaviour = "block = b'x' * (1 << 20)\n    [os.write(out, block) for out in (1, 2) for _ in range(512)]"
    with Reader(Limits(stall_seconds=20), command=mock(tmp_path, behaviour)) as reader:
        assert reader.read(path).text == "read well\n"
    assert capfd.readouterr() == ("", "")


def test_the_worker_is_replaced_after_so_many_files(tmp_path: Path) -> None:
    behaviour = "pass"
    script = mock(tmp_path, behaviour)
    source = Path(script[1])
    source.write_text(source.read_text().replace('"mock"]', "str(os.getpid())]"))
    path = tmp_path / "good.txt"
    path.write_text("text")
    with Reader(QUICK, recycle=2, command=script) as reader:
        workers = [reader.read(path).pages[0].reason for _ in range(5)]
    assert [workers.index(worker) for worker in workers] == [0, 0, 2, 2, 4]


def test_no_worker_is_left_behind(tmp_path: Path) -> None:
    path = paper.pdf(tmp_path / "a.pdf", lambda canvas, _: paper.write(canvas, paper.PROSE))
    with Reader(QUICK) as reader:
        reader.read(path)
        assert reader._worker is not None
        child = reader._worker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_flate_bomb_runs_out_of_its_own_memory(tmp_path: Path) -> None:
    path = paper.contents(tmp_path / "bomb.pdf", paper.bomb(3 << 30), extra=b"/Filter/FlateDecode")
    assert path.stat().st_size < 4 << 20
    with pytest.raises(ReadError) as failure:
        read(path, limits=QUICK)
    assert failure.value.code in ("memory", "timeout")


def test_an_operator_bomb_runs_out_of_time_or_memory(tmp_path: Path) -> None:
    path = paper.contents(tmp_path / "ops.pdf", paper.bomb(40 << 20, b"0 0 m 600 700 l S q\n"), extra=b"/Filter/FlateDecode")
    started = time.monotonic()
    with pytest.raises(ReadError) as failure:
        read(path, limits=QUICK)
    assert failure.value.code in ("timeout", "memory")
    assert time.monotonic() - started < 20


def test_a_page_that_kills_the_reader_costs_that_page(tmp_path: Path) -> None:
    good = b"BT /F1 12 Tf 72 500 Td (The agency shall keep a record.) Tj ET"
    path = paper.contents(tmp_path / "one-bomb.pdf", good, good, good)
    data = path.read_bytes()
    at = data.index(b"7 0 obj")
    bomb = b"7 0 obj\n" + paper.stream(paper.bomb(3 << 30), b"/Filter/FlateDecode") + b"\nendobj\n"
    end = data.index(b"endobj", at) + len(b"endobj\n")
    path.write_bytes(data[:at] + bomb + data[end:])  # offsets are wrong now; PDFium rebuilds them
    document = read(path, limits=Limits(seconds=30, stall_seconds=10))
    assert [page.number for page in document.pages] == [1, 3]
    assert [(problem.page, problem.code in ("memory", "timeout")) for problem in document.problems] == [(2, True)]
    assert document.partial
    assert text(document).count("The agency shall keep a record.") == 2


def test_a_file_of_twenty_thousand_pages_is_too_large(tmp_path: Path) -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 20_003))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"
    tree = b"<</Type/Pages/Kids[%s]/Count 20000>>" % kids
    path = paper.raw(tmp_path / "pages.pdf", [b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * 20_000])
    with pytest.raises(ReadError) as failure:
        read(path)
    assert failure.value.code == "too_large"


def test_a_huge_page_is_drawn_small(tmp_path: Path) -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200000 200000]/Contents 4 0 R>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        paper.stream(b"0 0 90000 90000 re f"),
    ]
    with pytest.raises(ReadError) as failure:
        read(paper.raw(tmp_path / "huge.pdf", objects), limits=Limits(seconds=60))
    assert failure.value.code == "no_text"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.pdf", b"", "not_a_document"),
        ("noise.pdf", bytes(range(256)) * 40, "not_a_document"),
        ("stub.pdf", b"%PDF-1.4\n%%EOF", "unreadable"),
        ("cut.docx", b"PK\x03\x04" + b"\0" * 60, "not_a_document"),
        ("cut.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "unreadable"),
    ],
)
def test_what_is_no_document_has_a_code(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as failure:
        read(path, limits=QUICK)
    assert failure.value.code == code
    assert code in FAILURE_CODES


def test_a_file_of_no_pages_has_a_code(tmp_path: Path) -> None:
    path = paper.raw(tmp_path / "zero.pdf", [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
    with pytest.raises(ReadError) as failure:
        read(path)
    assert failure.value.code in ("zero_pages", "unreadable")


def test_a_pipe_or_a_folder_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(ReadError) as failure:
            read(path)
        assert failure.value.code == "not_a_document"


def test_a_file_over_the_limit_of_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_text("word " * 1000)
    with pytest.raises(ReadError) as failure:
        read(path, limits=Limits(file_bytes=1000))
    assert failure.value.code == "too_large"


def test_text_over_the_limit_of_characters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("word " * 1000)
    with pytest.raises(ReadError) as failure:
        read(path, limits=Limits(characters=100))
    assert failure.value.code == "too_large"


def test_a_locked_file_opens_with_its_password_only(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    lock = StandardEncryption("open sesame", ownerPassword="owner")
    path = paper.pdf(tmp_path / "locked.pdf", lambda canvas, _: paper.write(canvas, paper.PROSE), encrypt=lock)
    for password in (None, "wrong"):
        with pytest.raises(ReadError) as failure:
            read(path, password=password)
        assert failure.value.code == "encrypted"
    assert paper.PROSE[0] in read(path, password="open sesame").text


PROBE = """
import json, os, socket, subprocess, sys
from nlp.extract import confine
confine.confine(1 << 30)
tried = {}
def attempt(name, action):
    try:
        action()
        tried[name] = "allowed"
    except Exception as error:
        tried[name] = type(error).__name__
attempt("socket", lambda: socket.create_connection(("127.0.0.1", PORT), timeout=2))
attempt("program", lambda: subprocess.run(["true"]))
attempt("write", lambda: open(sys.argv[1], "w"))
attempt("memory", lambda: bytearray(2 << 30))
print(json.dumps(tried))
"""


def test_a_worker_can_reach_no_network_start_no_program_and_write_no_file(tmp_path: Path) -> None:
    import socket
    import subprocess

    with socket.create_server(("127.0.0.1", 0)) as server:
        probe = PROBE.replace("PORT", str(server.getsockname()[1]))
        result = subprocess.run([sys.executable, "-c", probe, str(tmp_path / "out")], capture_output=True, text=True, check=True)
    assert json.loads(result.stdout) == {
        "socket": "PermissionError",
        "program": "PermissionError",
        "write": "PermissionError",
        "memory": "MemoryError",
    }
    assert not (tmp_path / "out").exists()


def test_a_worker_reads_within_a_process_of_joblib(tmp_path: Path) -> None:
    import joblib

    paths = [paper.pdf(tmp_path / f"{at}.pdf", lambda canvas, _: paper.write(canvas, paper.PROSE)) for at in range(4)]
    texts = joblib.Parallel(n_jobs=2)(joblib.delayed(read)(path) for path in paths)
    assert all(paper.PROSE[0] in document.text for document in texts)
