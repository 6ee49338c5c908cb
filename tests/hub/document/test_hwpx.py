import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hwpx import HwpxDocument, validate_editor_open_safety, validate_package
from hypothesis import HealthCheck, given, settings

from hub.document import hwpx, model
from hub.document.forms import trip_report
from tests.hub.document import reading, samples

UNHURRIED = settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
OPF = "{http://www.idpf.org/2007/opf/}"
READER = Path(__file__).with_name("reader")


def _drawn(document):
    return hwpx.drawn(document, samples.MADE_AT)


def _report():
    return trip_report.filled(samples.report())


def _of(*blocks, **given):
    return model.Document(title="보고", blocks=blocks, **given)


def _section(data):
    return reading.hwpx_parts(data)["Contents/section0.xml"]


def _own_text(data):
    """The text of the section, in the order of its XML."""
    return "".join(one.text or "" for one in _section(data).iter(f"{HP}t"))


def _assert_well_made(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first, *others = package.infolist()
        names = {one.filename for one in (first, *others)}
        assert package.testzip() is None
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
        assert package.read("mimetype") == b"application/hwp+zip"
    parts = reading.hwpx_parts(data)  # raises where one is not well-formed
    items = list(parts["Contents/content.hpf"].iter(f"{OPF}item"))
    assert {item.get("href") for item in items} <= names
    assert {name for name in names if name.startswith(("Contents/s", "Contents/h", "BinData"))} <= {
        item.get("href") for item in items
    }
    assert validate_package(data).ok
    assert validate_editor_open_safety(data).ok


def test_a_trip_report_is_a_well_made_package():
    _assert_well_made(_drawn(_report()))


@UNHURRIED
@given(samples.documents(samples.any_text()))
def test_whatever_is_in_the_texts_a_well_made_package_comes_out(document):
    _assert_well_made(_drawn(document))


@UNHURRIED
@given(samples.documents(samples.any_text()))
def test_every_text_is_in_it_unchanged_and_in_order(document):
    assert reading.missing_words(document, _own_text(_drawn(document))) == []


@pytest.mark.parametrize("text", samples.HOSTILE, ids=range(len(samples.HOSTILE)))
def test_hostile_text_becomes_text_and_no_elements(text):
    def elements(said):
        table = model.Table(columns=(model.Column(),), rows=((model.Cell(text=said),),))
        section = _section(
            _drawn(_of(model.Paragraph(text=said), table, attachments=(f"x{said[:100]}",)))
        )
        return sorted({one.tag for one in section.iter()})

    assert elements(text) == elements("글")


def test_it_opens_again_with_the_library_that_made_it():
    document = HwpxDocument.open(_drawn(_report()))
    table = document.tables[2]
    assert [cell.text for cell in table.rows[0].cells][:3] == ["일시", "방문지", "용무"]
    assert table.rows[1].cells[1].text == "도청 도로교통과"
    assert len(table.rows) == 4


def test_a_table_flows_over_pages_and_repeats_its_head():
    table = _section(_drawn(_report())).findall(f".//{HP}tbl")[2]
    assert table.get("repeatHeader") == "1"
    assert table.get("pageBreak") == "CELL"
    position = table.find(f"{HP}pos")
    assert position is not None
    assert position.get("treatAsChar") == "0"
    heads = [[cell.get("header") for cell in row] for row in table.findall(f"{HP}tr")]
    assert heads[0] == ["1"] * 6
    assert heads[1] == ["0"] * 6


def test_spans_cover_the_grid_and_widths_add_up():
    cell = model.Cell
    rows = (
        (cell(text="가", columns=2), cell(text="나")),
        (cell(text="다", rows=2), cell(text="라"), cell(text="마")),
        (cell(text="바", columns=2),),
    )
    table = _section(_drawn(_of(model.Table(columns=(model.Column(),) * 3, rows=rows)))).find(
        f".//{HP}tbl"
    )
    assert table is not None
    spans = {}
    for one in table.iter(f"{HP}tc"):
        span, at, size = (one.find(f"{HP}{name}") for name in ("cellSpan", "cellAddr", "cellSz"))
        text = "".join(t.text or "" for t in one.iter(f"{HP}t"))
        assert span is not None
        assert at is not None
        assert size is not None
        place = [
            int(where.get(name, 0))
            for where, name in (
                (at, "rowAddr"),
                (at, "colAddr"),
                (span, "rowSpan"),
                (span, "colSpan"),
            )
        ]
        spans[text] = (*place, int(size.get("width", 0)))
    widths = spans["다"][4], spans["라"][4], spans["마"][4]
    assert {text: span[:4] for text, span in spans.items()} == {
        "가": (0, 0, 1, 2), "나": (0, 2, 1, 1), "다": (1, 0, 2, 1),
        "라": (1, 1, 1, 1), "마": (1, 2, 1, 1), "바": (2, 1, 1, 2),
    }  # fmt: skip
    assert spans["가"][4] == widths[0] + widths[1]
    assert spans["바"][4] == widths[1] + widths[2]


def test_the_code_in_it_is_read_and_8_cm_wide():
    data = _drawn(_report())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        (name,) = [name for name in package.namelist() if name.startswith("BinData/")]
        picture = cv2.imdecode(np.frombuffer(package.read(name), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert reading.codes(picture) == [samples.tp2()]
    size = _section(data).find(f".//{HP}pic/{HP}sz")
    assert size is not None
    assert int(size.get("width", 0)) == round(80 / 25.4 * 7200) == int(size.get("height", 0))


def test_nothing_of_the_template_is_left_in_what_the_file_says_about_itself():
    package = reading.hwpx_parts(_drawn(_report()))["Contents/content.hpf"]
    about = {one.get("name") or one.tag.split("}")[1]: one.text for one in package[0]}
    assert about["title"] == "출장복명서"
    assert about["creator"] == "가람시"
    assert about["CreatedDate"] == about["ModifiedDate"] == "2026-11-21T09:00:00Z"
    assert "fixture" not in json.dumps(about)


def test_paper_and_margins_are_as_asked():
    page = model.Page(landscape=True, left_mm=25, right_mm=10)
    paper = _section(_drawn(_of(page=page))).find(f".//{HP}pagePr")
    assert paper is not None
    margin = paper.find(f"{HP}margin")
    assert margin is not None
    sizes = {int(paper.get("width", 0)), int(paper.get("height", 0))}
    assert sizes == {round(210 / 25.4 * 7200), round(297 / 25.4 * 7200)}
    assert paper.get("landscape") == "NARROWLY"
    assert margin.get("left") == str(round(25 / 25.4 * 7200))


@pytest.fixture(scope="module")
def read_by_others(tmp_path_factory):
    """Reads HWPX with rhwp, which shares nothing with what wrote it."""
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None or not (READER / "node_modules").is_dir():
        pytest.skip("rhwp is not installed: make tests/hub/document/reader/node_modules/.done")

    def read(*files):
        folder = tmp_path_factory.mktemp("hwpx")
        paths = [folder / f"{n}.hwpx" for n in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        said = subprocess.run(
            [node, READER / "read.mjs", *paths], capture_output=True, check=True, timeout=240
        )
        return json.loads(said.stdout)

    return read


def test_another_reader_finds_the_same_words_in_the_same_order(read_by_others):
    cell = model.Cell
    rows = (
        (cell(text="키큰칸", rows=2), cell(text="넓은칸", columns=2)),
        (cell(text="왼칸"), cell(text="오른칸")),
    )
    spans = model.Table(columns=(model.Column(),) * 3, rows=rows, head_rows=0, caption="합친 칸")
    letter = _of(
        model.Item(level=1, text="첫째"), model.Item(level=2, text="둘째\n다음 줄"), spans,
        model.Item(level=1, text='<b>&"글" 漢字 ᄒᆞᆫ글 😀'),
        form="letter", office="가람시", attachments=("목록 1부.",), sender="가람시장",
    )  # fmt: skip
    documents = [_report(), letter]
    for document, seen in zip(documents, read_by_others(*map(_drawn, documents)), strict=True):
        assert reading.missing_words(document, seen["text"]) == []
        assert len(seen["pages"]) == 1


def test_another_reader_breaks_a_long_table_over_pages(read_by_others):
    cells = [(model.Cell(text=f"왼{n}"), model.Cell(text=f"오른{n}")) for n in range(150)]
    document = _of(model.Table(columns=(model.Column(),) * 2, rows=tuple(cells)))
    (seen,) = read_by_others(_drawn(document))
    assert len(seen["pages"]) > 3
    assert reading.missing_words(document, seen["text"]) == []
