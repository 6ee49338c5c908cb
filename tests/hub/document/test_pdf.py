import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings

from hub.document import fonts, model, pdf
from hub.document.forms import trip_report
from tests.hub.document import reading, samples

ARCHIVABLE = b"<pdfaid:part>2</pdfaid:part>"
UNHURRIED = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _text(document):
    """Its text; without page numbers, which fall between words."""
    page = document.page.model_copy(update={"numbers": "none"})
    document = document.model_copy(update={"page": page})
    return "\n".join(reading.pdf_texts(pdf.drawn(document, samples.MADE_AT)))


def _of(*blocks, **given):
    return model.Document(title="보고", blocks=blocks, **given)


def test_a_trip_report_gives_back_its_words_in_order():
    document = trip_report.filled(samples.report())
    assert reading.missing_words(document, _text(document)) == []


@UNHURRIED
@given(samples.documents(samples.plain_text(), tall_cells=False))
def test_every_document_gives_back_its_words_in_order(document):
    assert reading.missing_words(document, _text(document)) == []


def test_a_cell_over_two_rows_gives_back_its_words_too():
    tall, cell = model.Cell(text="키큰칸", rows=2), model.Cell
    rows = ((tall, cell(text="넓은칸", columns=2)), (cell(text="왼칸"), cell(text="오른칸")))
    text = _text(_of(model.Table(columns=(model.Column(),) * 3, rows=rows, head_rows=0)))
    assert all(word in text for word in ("키큰칸", "넓은칸", "왼칸", "오른칸"))


@UNHURRIED
@given(samples.documents(samples.any_text()))
def test_whatever_is_in_the_texts_an_archivable_pdf_comes_out(document):
    drawn = pdf.drawn(document, samples.MADE_AT)
    assert drawn.startswith(b"%PDF-1.7")
    assert ARCHIVABLE in drawn


@pytest.mark.parametrize("text", samples.HOSTILE, ids=range(len(samples.HOSTILE)))
def test_hostile_text_is_shown_and_never_obeyed(text):
    document = _of(
        model.Paragraph(text=text),
        model.Item(level=1, text=text),
        model.Table(columns=(model.Column(),) * 3, rows=((model.Cell(text=text),) * 3,) * 2),
    )
    drawn = pdf.drawn(document, samples.MADE_AT)
    assert "보고" in reading.pdf_texts(drawn)[0]
    for picture in reading.pdf_pictures(drawn, dpi=72):
        assert abs(picture.shape[0] - 842) <= 1
        assert abs(picture.shape[1] - 595) <= 1


def test_markup_of_the_typesetter_is_only_text():
    said = '#panic("x") #read("/etc/hostname") $x^2$ *별* _줄_ `코드` @곳 <표> \\ // 주석 #set'
    text = _text(_of(model.Paragraph(text=said)))
    assert reading.squeezed(said) in reading.squeezed(text)


@pytest.mark.parametrize("word", ["가" * 200, "A" * 200, "W" * 120])
def test_a_very_long_word_stays_on_the_paper(word):
    document = _of(
        model.Paragraph(text=word),
        model.Table(columns=(model.Column(),) * 5, rows=((model.Cell(text=word),) * 5,)),
    )
    drawn = pdf.drawn(document, samples.MADE_AT)
    assert reading.squeezed("".join(reading.pdf_texts(drawn))).count(word) == 6
    for picture in reading.pdf_pictures(drawn, dpi=72):
        margins = (picture[:, :50], picture[:, -50:])  # 17 of the 20 mm
        assert all(margin.min() > 200 for margin in margins)


def test_nothing_leaves_the_margins_however_much_is_filled_in():
    long = "가나다라마바사아자차카타파하" * 14
    signers = tuple(model.Signer(post=long, name=long, note=long) for _ in range(8))
    signed = model.Signature(
        sentence=long, to=long, people=(model.Signed(role=long, post=long, name=long),) * 8
    )
    for form in ("report", "letter"):
        document = _of(
            model.Item(level=1, text=long),
            form=form,
            office=long,
            fields=(model.Entry(label=long, value=long),),
            approval=model.Approval(signers=signers),
            attachments=(long, long),
            sender=long,
            tail=(
                signed,
                model.Qr(text="A", side_mm=150, caption=long, beside=signed),
                model.Qr(text="A", side_mm=80, caption=long, beside=signed),
            ),
        )
        for picture in reading.pdf_pictures(pdf.drawn(document, samples.MADE_AT), dpi=72):
            assert picture[:, :50].min() > 200  # 17 of the 20 mm
            assert picture[:, -50:].min() > 200
            assert picture[-17:].min() > 200  # under the page number


def test_old_hangul_is_drawn_and_emoji_become_the_sign_of_a_missing_letter():
    text = _text(_of(model.Paragraph(text="ᄒᆞᆫ글 漢字 😀 다음")))
    assert "다음" in text
    assert "😀" not in text
    assert fonts.MISSING in text
    assert fonts.missing("ᄒᆞᆫ글 漢字 😀🎉😀") == "😀🎉"
    assert fonts.missing("가힣ㄱㅎ①㉮□○-ㆍ△▲※→·…") == ""


def test_a_table_over_many_pages_keeps_its_head_on_each():
    head = (model.Cell(text="머리가"), model.Cell(text="머리나"))
    rows = [(model.Cell(text=f"왼{n}"), model.Cell(text=f"오른{n}")) for n in range(150)]
    pages = reading.pdf_texts(
        pdf.drawn(
            _of(model.Table(columns=(model.Column(),) * 2, rows=(head, *rows))), samples.MADE_AT
        )
    )
    assert len(pages) > 3
    with_rows = [page for page in pages if "왼" in page]
    assert all(page.count("머리가") == page.count("머리나") == 1 for page in with_rows)
    whole = reading.squeezed("".join(pages))
    assert all(f"왼{n}오른{n}" in whole for n in range(150))


def test_pages_are_numbered_as_asked():
    long = tuple(model.Paragraph(text=f"줄 {n}") for n in range(120))
    ends = {
        numbers: [
            page.split()[-1]
            for page in reading.pdf_texts(
                pdf.drawn(_of(*long, page=model.Page(numbers=numbers)), samples.MADE_AT)
            )
        ]
        for numbers in ("none", "page", "total-page")
    }
    assert ends["page"] == ["1", "2", "3"]
    assert ends["total-page"] == ["3-1", "3-2", "3-3"]
    assert ends["none"][-1] == "끝."


def test_the_same_document_gives_the_same_bytes():
    document = trip_report.filled(samples.report())
    first = pdf.drawn(document, samples.MADE_AT)
    assert pdf.drawn(document, samples.MADE_AT) == first
    assert pdf.drawn(document, samples.MADE_AT + dt.timedelta(days=1)) != first


def test_the_pdf_is_archivable_and_says_what_it_is_about():
    drawn = pdf.drawn(trip_report.filled(samples.report()), samples.MADE_AT)
    assert ARCHIVABLE in drawn
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in drawn
    with reading.pypdfium2.PdfDocument(drawn) as document:
        about = document.get_metadata_dict()
    assert about["Title"] == "출장복명서"
    assert about["Author"] == "가람시"
    assert "2026-도로과-0412" in about["Keywords"]
    assert about["CreationDate"].startswith("D:20261121090000")


def test_the_largest_document_is_drawn():
    cells = tuple(model.Cell(text=f"{n % 1000}") for n in range(5))
    table = model.Table(columns=(model.Column(),) * 5, rows=(cells,) * 1_000)
    long = tuple(model.Paragraph(text="가나다 라마바 " * 120) for _ in range(190))
    assert len(reading.pdf_texts(pdf.drawn(_of(table, *long), samples.MADE_AT))) > 50


def _cells(columns, *texts):
    table = {"columns": (model.Column(),) * columns, "rows": texts, "head_rows": 0}
    return model.Table(**table)


WORST = {
    "no space for 190,000 letters": (model.Paragraph(text="A" * 10_000),) * 19,
    "a space after each letter": (model.Paragraph(text="가 " * 5_000),) * 19,
    "letters that stack": (model.Paragraph(text="a" + "\u0301" * 9_999),) * 3,
    "2,000 items": tuple(model.Item(level=1 + n % 3, text="항목 글") for n in range(2_000)),
    "5,000 cells": (_cells(20, *((model.Cell(text="칸 글"),) * 20,) * 250),),
    "a cell over many pages": (_cells(2, (model.Cell(text="줄\n" * 4_000), model.Cell())),),
}


@pytest.mark.parametrize("blocks", WORST.values(), ids=WORST.keys())
def test_the_most_that_the_limits_let_in_is_drawn(blocks):
    assert len(reading.pdf_texts(pdf.drawn(_of(*blocks), samples.MADE_AT))) >= 1
