import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from hub.document import errors, flow, model, numbering, words
from tests.hub.document import samples

UNHURRIED = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@UNHURRIED
@given(samples.documents(samples.any_text()))
def test_a_document_read_back_is_the_document_written(document):
    assert model.read(document.model_dump_json()) == document


@given(samples.any_text(400))
def test_cleaning_twice_changes_nothing_more(text):
    assert words.cleaned(words.cleaned(text)) == words.cleaned(text)
    assert words.one_line(words.one_line(text)) == words.one_line(text)


@given(samples.any_text(400))
def test_nothing_invisible_and_nothing_that_xml_forbids_is_left(text):
    left = words.cleaned(text)
    left.encode()  # no lone surrogate
    assert all(one == "\n" or one in words.KEPT_JOINERS or one.isprintable() or one.isspace()
               or ord(one) >= 0xE000 for one in left)  # fmt: skip
    assert not set(left) & set("\x00\x0b\x0c\x1b\x7f\u202e\ufeff\ufffe")


def test_old_hangul_and_families_of_emoji_stay_as_they_are():
    for text in ("ᄒᆞᆫ글", "👩‍👩‍👧‍👦", "漢字"):
        assert words.cleaned(text) == text


def test_decomposed_hangul_is_composed():
    assert words.cleaned("\u1112\u1161\u11ab\u1100\u1173\u11af") == "한글"


def _document(**changed):
    return json.dumps({"title": "보고"} | changed)


def _with(kind, many=1, **given):
    return {"blocks": [{"block": kind, **given}] * many}


def _table(columns, *rows, many=1, **given):
    return _with("table", many, columns=[{}] * columns, rows=rows, **given)


TALL = {"rows": 2}
WRONG = [
    ({"title": ""}, "title: 비워 둘 수 없습니다."),
    ({"title": "가" * 201}, "title: 200자까지 쓸 수 있습니다(지금 201자)."),
    ({"colour": "red"}, "colour: 모르는 이름입니다."),
    ({"title": 3}, "title: 글이어야 합니다."),
    ({"form": "memo"}, "가운데 하나여야 합니다."),
    (_with("video"), "그런 종류의 덩이는 없습니다"),
    ({"blocks": [{"text": "x"}]}, "덩이의 종류(block)가 빠졌습니다."),
    (_with("item", level=9, text="x"), "8 이하여야 합니다."),
    (_with("item", level=2, text="x"), "2단계 항목이 바로 올 수 없는"),
    (_with("paragraph", text="가" * 10_001), "10,000자까지"),
    (_with("paragraph", 21, text="가" * 10_000), "200,000자까지"),
    (_with("paragraph", 2_001, text="가"), "2000개까지입니다"),
    (_table(1, *[[{}]] * 1_001), "1000개까지입니다"),
    (_table(10, *[[{}] * 10] * 400, many=2), "5,000개까지"),
    (_table(2, [{}]), "칸이 모자랍니다"),
    (_table(1, [{}, {}]), "칸을 넘습니다"),
    (_table(1, [TALL], head_rows=0), "표보다 깁니다"),
    (_table(1, [TALL], [], head_rows=0), "시작하는 칸이"),
    (_table(2, [TALL, {}], [{}]), "머리 행"),
    (_with("qr", text="X" * 900, side_mm=80), "인쇄하면 읽히지 않습니다"),
    (_with("qr", text="a\x00b"), "QR에 담을 수 없는 글자"),
    (_with("qr", 21, text="A"), "QR은 20개까지"),
    ({"tail": [{"block": "item", "level": 1, "text": "x"}]}, "항목은 본문에만"),
    ({"page": {"top_mm": 1e9}}, "60.0 이하여야 합니다."),
    ({"version": 2}, "1 가운데 하나여야 합니다."),
]


@pytest.mark.parametrize(("changed", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_wrong_is_said_in_korean_with_its_place(changed, said):
    with pytest.raises(errors.MalformedDocument) as caught:
        model.read(_document(**changed))
    assert said in str(caught.value)


NO_DOCUMENT = ["", "{", "[]", "null", '"x"', "[" * 100_000, b"\xff\xfe", "1" * 5_000_000]


@pytest.mark.parametrize("data", NO_DOCUMENT, ids=range(len(NO_DOCUMENT)))
def test_what_is_no_document_at_all_is_refused(data):
    with pytest.raises(errors.MalformedDocument):
        model.read(data)


def test_many_faults_are_told_shortly():
    with pytest.raises(errors.MalformedDocument, match="그 밖에 15가지"):
        model.read(_document(blocks=[{"block": "heading", "text": ""}] * 20))


def test_a_space_at_the_end_of_a_code_is_part_of_it():
    assert model.Qr(text="TP2:A ").text == "TP2:A "


def test_marks_follow_the_rule_and_after_ha_comes_geo():
    assert [numbering.mark(level, 1) for level in range(1, 9)] == [
        "1.",
        "가.",
        "1)",
        "가)",
        "(1)",
        "(가)",
        "①",
        "㉮",
    ]
    assert [numbering.mark(2, nth) for nth in (13, 14, 15, 16)] == ["파.", "하.", "거.", "너."]
    with pytest.raises(numbering.TooManyItems, match="14개까지"):
        numbering.mark(8, 15)


def _items(*levels):
    return tuple(model.Item(level=level, text="글") for level in levels)


def _marks(document):
    return [piece.mark for piece in flow.pieces(document) if isinstance(piece, flow.Words)]


def test_items_are_numbered_among_their_siblings_and_one_alone_has_no_mark():
    document = model.Document(title="보고", blocks=_items(1, 2, 2, 1, 2, 3, 3, 1))
    assert _marks(document) == ["1.", "가.", "나.", "2.", "", "1)", "2)", "3."]


def test_numbering_goes_on_after_a_table_between():
    first, second = _items(1, 1)
    table = model.Table(columns=(model.Column(),), rows=((model.Cell(text="칸"),),))
    assert _marks(model.Document(title="보고", blocks=(first, table, second))) == ["1.", "2."]


def test_bullets_are_square_circle_dash_dot():
    document = model.Document(title="보고", marks="bullets", blocks=_items(1, 2, 3, 4))
    assert _marks(document) == ["□", "○", "-", "ㆍ"]


def _last(**given) -> Any:
    return flow.pieces(model.Document(title="보고", **given))[-1]


def test_the_end_stands_one_letter_after_the_last_of_the_body():
    assert _last(blocks=_items(1)).lines == ("글  끝.",)
    assert _last(blocks=_items(1), attachments=("가 1부.", "나 1부.")).numbered == (
        ("1.", "가 1부."),
        ("2.", "나 1부.  끝."),
    )
    assert _last(attachments=("가 1부.",)).numbered == (("", "가 1부.  끝."),)


def test_after_a_table_the_end_stands_under_it():
    table = model.Table(columns=(model.Column(),), rows=((model.Cell(text="칸"),),))
    assert _last(blocks=(table,)).lines == ("  끝.",)
    assert isinstance(_last(blocks=(table,), end_mark=False), flow.Grid)


def test_what_follows_the_body_comes_after_the_end():
    pieces = flow.pieces(
        model.Document(title="보고", blocks=_items(1), tail=(model.Signature(sentence="끝인사"),))
    )
    assert isinstance(pieces[-1], flow.Closing)
    assert isinstance(pieces[-2], flow.Words)
    assert pieces[-2].lines == ("글  끝.",)


@UNHURRIED
@given(samples.tables(samples.plain_text()))
def test_cells_cover_each_place_of_the_grid_once(table):
    covered = [
        (row, column)
        for place in model.places(table)
        for row in range(place.row, place.row + place.cell.rows)
        for column in range(place.column, place.column + place.cell.columns)
    ]
    assert sorted(covered) == [
        (row, column) for row in range(len(table.rows)) for column in range(len(table.columns))
    ]
