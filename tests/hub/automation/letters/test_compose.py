# ruff: noqa: E501  (letters are as long as they are)
"""기안문 as HWPX, PDF, HTML and text: each read again by what had no part in drawing it."""

import datetime as dt
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from hwpx import HwpxDocument, validate_editor_open_safety, validate_package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automation.letters import drafts, lint
from hub.automation.letters.compose import composed
from hub.automation.letters.finding import Severity
from hub.automation.letters.letter import Letter, Signer
from hub.document import hwpx, model, pdf, plain, web_page
from hub.document.errors import MalformedDocument
from tests.hub.automation.letters import real_letters
from tests.hub.document import reading

MADE_AT: Final = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
TODAY: Final = dt.date(2026, 11, 21)
READER: Final = Path("tests/hub/document/reader").resolve()
SENT: Final = Letter(
    office="가람시", to=("나래시장(총무과장)", "다온군수(기획과장)"), title="자료 제출 요청",
    body=(
        "1. 관련: 총무과-123(2026. 6. 1.)\n2. 다음과 같이 제출해 주시기 바랍니다.\n"
        "  가. 기한: 2026. 6. 10.(수) 18:00\n    1) 지난해 것도 내 주십시오.\n    2) 없으면 없다고\n"
        "       적어 주십시오.\n  나. 방법: 온나라 문서\n구분\t수량\n노트북\t3\n"
        "붙임  1. 서식 1부.\n      2. 작성 요령 1부.  끝."
    ),
    sender="가람시장",
    signers=(
        Signer(role="drafter", post="주무관", name="김하늘", proposes=True, reports=True),
        Signer(role="reviewer", post="총무팀장", name="박바다", has_opinion=True),
        Signer(role="cooperator", post="예산팀장", name="최강"),
        Signer(role="decider", post="총무과장", name="이산", decision="전결", on=dt.date(2026, 6, 2)),
        Signer(role="decider", post="부시장", name="정들"),
    ),
    number="총무과-1234", issued_on=dt.date(2026, 6, 2), postcode="12345", address="가람시 시청로 1",
    website="www.garam.go.kr", phone="055-123-4567", fax="055-123-4568", email="haneul@korea.kr",
    openness="부분공개", summary="자료를 기한까지 내 달라고 요청함", keywords=("자료", "제출"),
)  # fmt: skip
BRIEF: Final = SENT.model_copy(
    update={"form": "brief", "to": (), "sender": "", "title": "하반기 업무 계획"}
)
REAL: Final = tuple(
    Letter(office="가람시", title=name, body=body)
    for name, body in real_letters.LETTERS.items()
    if "제목  " not in body
)
LETTERS: Final = (SENT, BRIEF, *(one.letter for one in drafts.DRAFTS), *REAL)


def _text(letter: Letter) -> str:
    return plain.drawn(composed(letter))


def test_a_sent_letter_has_its_parts_in_the_order_of_the_form():
    text, at = _text(SENT), 0
    for part in (
        "가람시\n", "수신  수신자 참조", "(경유)", "문서요지  자료를", "키워드  자료, 제출", "제목  자료 제출 요청",
        "1. 관련: 총무과-123(2026. 6. 1.)", "  가. 기한", "    1) 지난해", "    2) 없으면", "적어 주십시오.",
        "구분\t수량", "붙임  1. 서식 1부.\n      2. 작성 요령 1부.  끝.", "가람시장",
        "수신자  나래시장(총무과장), 다온군수(기획과장)", "★⊙주무관 김하늘, 총무팀장(의견 있음) 박바다",
        "총무과장 이산 전결 2026. 6. 2.", "협조자  예산팀장 최강", "시행 총무과-1234(2026. 6. 2.)",
        "우 12345 가람시 시청로 1 / www.garam.go.kr",
        "전화 055-123-4567  팩스 055-123-4568 / haneul@korea.kr / 부분공개",
    ):  # fmt: skip
        assert part in text[at:], part
        at = text.index(part, at)


def test_who_does_not_sign_once_it_is_delegated_has_no_box():
    assert "부시장" not in _text(SENT)
    found = [one for one in lint.lint_letter(SENT, TODAY) if one.rule == "box-unsigned"]
    assert [(one.field, one.source.article.place) for one in found] == [("signers.4", "제7조제4항")]


@pytest.mark.parametrize("form", ["standard", "brief"])
def test_all_twelve_who_sign_have_a_box_in_every_format(form: Any):
    people = [
        Signer(role="reviewer", post=f"직위{nth:02}", name=f"이름{nth:02}") for nth in range(10)
    ]
    last = Signer(role="decider", post="시장", name="한시장", on=dt.date(2026, 12, 31))
    signers = (Signer(role="drafter", post="주무관", name="김하늘"), *people, last)
    given = {"signers": signers, "form": form, "to": SENT.to if form == "standard" else ()}
    document = composed(SENT.model_copy(update=given))
    made = hwpx.drawn(document, MADE_AT)
    assert validate_editor_open_safety(made).ok
    section = reading.hwpx_parts(made)["Contents/section0.xml"]
    hwpx_text = "".join(one.text or "" for one in section.iter() if one.tag.endswith("}t"))
    pdf_text = "".join(reading.pdf_texts(pdf.drawn(document, MADE_AT)))
    for text in (plain.drawn(document), web_page.drawn(document), hwpx_text, pdf_text):
        at = 0
        for one in signers:
            at = text.index(one.name, at)
        assert "2026. 12. 31." in text[at:]


def test_a_list_that_begins_anew_is_drawn_from_one():
    text = "□ 배경\n1. 하나\n2. 둘\n□ 계획\n1. 셋\n2. 넷\n  가. 다섯\n  나. 여섯  끝."
    drawn = _text(SENT.model_copy(update={"body": text}))
    assert text in drawn.replace("\n\n", "\n")


def test_a_deputy_has_a_box_beside_the_one_who_delegates():
    decider = Signer(role="decider", post="과장", decision="전결")
    deputy = Signer(
        role="decider", post="팀장", name="박바다", decision="대결", on=dt.date(2026, 6, 2)
    )
    text = _text(SENT.model_copy(update={"signers": (decider, deputy)}))
    assert "과장 전결, 팀장 박바다 대결 2026. 6. 2." in text


def test_an_internal_letter_names_no_sender_and_says_so():
    letter = SENT.model_copy(update={"to": ()})
    text = _text(letter)
    assert "수신  내부결재" in text
    assert "가람시장" not in text
    mended, _ = lint.mended_letter(letter, TODAY)
    assert mended.sender == ""


def test_the_brief_form_has_its_numbers_its_boxes_and_no_recipient():
    text = _text(BRIEF)
    for part in (
        "생산등록번호  총무과-1234",
        "등록일  2026. 6. 2.",
        "공개 구분  부분공개",
        "협조자  예산팀장 최강",
    ):
        assert part in text
    assert "수신" not in text


def test_a_table_that_was_not_filled_says_so_and_has_no_end():
    body = lint.mended("1. 가\n2. 나\n구분\t수량\n노트북\t3\n\t\n  끝.").text
    document = composed(SENT.model_copy(update={"body": body}))
    assert "이하 빈칸" in plain.drawn(document)
    assert not document.end_mark
    assert "끝." not in plain.drawn(document)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.title)
def test_every_format_says_the_same_in_the_same_order(letter: Letter):
    document = composed(letter)
    made = hwpx.drawn(document, MADE_AT)
    assert validate_package(made).ok
    assert validate_editor_open_safety(made).ok
    section = reading.hwpx_parts(made)["Contents/section0.xml"]
    own = "".join(one.text or "" for one in section.iter() if one.tag.endswith("}t"))
    assert reading.missing_words(document, own) == []
    assert (
        reading.missing_words(document, "".join(reading.pdf_texts(pdf.drawn(document, MADE_AT))))
        == []
    )
    assert letter.title in web_page.drawn(document)


def test_summary_and_keywords_are_in_the_metadata_of_the_file():
    made = hwpx.drawn(composed(SENT), MADE_AT)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        about = package.read("Contents/content.hpf").decode()
    assert SENT.summary in about
    assert "자료, 제출" in about
    page = web_page.drawn(composed(SENT))
    assert 'name="keywords" content="자료, 제출"' in page


def test_it_opens_again_with_the_library_that_made_it():
    document = HwpxDocument.open(hwpx.drawn(composed(SENT), MADE_AT))
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["구분", "수량"],
        ["노트북", "3"],
    ]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.title)
def test_every_cell_of_a_table_is_in_its_place_when_it_is_opened_again(letter: Letter):
    rows = [line.split("\t") for line in letter.body.split("\n") if "\t" in line]
    document = HwpxDocument.open(hwpx.drawn(composed(letter), MADE_AT))
    found = [
        [cell.text for cell in row.cells]
        for table in document.tables
        for row in table.rows
        if len(row.cells) > 1
    ]
    wide = max(map(len, rows), default=0)
    filled = [[one.strip() for one in row] + [""] * (wide - len(row)) for row in rows]
    assert [row for row in found if row in filled] == filled


def test_another_reader_finds_the_same_words_in_the_same_order(tmp_path: Path):
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None or not (READER / "node_modules").is_dir():
        pytest.skip("rhwp is not installed: make tests/hub/document/reader/node_modules/.done")
    paths = [tmp_path / f"{nth}.hwpx" for nth in range(len(LETTERS))]
    for path, letter in zip(paths, LETTERS, strict=True):
        path.write_bytes(hwpx.drawn(composed(letter), MADE_AT))
    said = subprocess.run(
        [node, READER / "read.mjs", *paths], capture_output=True, check=True, timeout=240
    )
    for letter, seen in zip(LETTERS, json.loads(said.stdout), strict=True):
        assert reading.missing_words(composed(letter), seen["text"]) == []


@pytest.mark.parametrize("draft", drafts.DRAFTS, ids=lambda one: one.name)
def test_a_draft_to_begin_with_breaks_no_rule_that_it_can_keep(draft: drafts.Draft):
    found = lint.lint_letter(draft.letter, TODAY)
    known = {"openness-missing", "contact-missing"}  # each office has its own
    assert {one.rule for one in found if one.severity is not Severity.ADVICE} <= known
    assert lint.lint(draft.letter.body) == ()


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.title)
def test_what_is_drawn_as_text_has_nothing_to_mend(letter: Letter):
    text = _text(letter) if letter.form == "standard" else letter.body
    assert [one.rule for one in lint.lint(text) if one.severity is Severity.WRONG] == []


@pytest.mark.parametrize(
    ("rule", "field", "changed", "place"),
    [
        ("title-missing", "title", {"title": ""}, "제4조제3항"),
        ("office-missing", "office", {"office": ""}, "제4조제2항제1호"),
        ("to-empty", "to", {"to": ("",)}, "제4조제2항제2호"),
        ("to-honour", "to.0", {"to": ("가람시장 귀하",)}, "제4조제2항제2호"),
        ("brief-sent", "form", {"form": "brief"}, "제3조제3항"),
        ("sender-internal", "sender", {"to": ()}, "제13조제3항"),
        ("sender-missing", "sender", {"sender": ""}, "제13조제1항"),
        ("openness-missing", "openness", {"openness": ""}, "제4조제6항제4호"),
        ("contact-missing", "address", {"phone": ""}, "제4조제6항제4호"),
        ("drafter-missing", "signers", {"signers": ()}, "제4조제6항제2호"),
        ("summary-missing", "summary", {"summary": ""}, "제5조제2항제1호"),
        ("keywords-missing", "keywords", {"keywords": ()}, "제5조제2항제1호"),
    ],
)
def test_what_a_letter_lacks_is_told_with_its_article(
    rule: str, field: str, changed: dict[str, Any], place: str
):
    letter = SENT.model_copy(update={"signers": SENT.signers[:4], **changed})
    (found,) = [one for one in lint.lint_letter(letter, TODAY) if one.rule == rule]
    assert (found.field, found.source.article.place) == (field, place)
    if found.edits:
        mended, _ = lint.mended_letter(letter, TODAY)
        assert rule not in [one.rule for one in lint.lint_letter(mended, TODAY)]


def test_summary_and_keywords_are_asked_for_from_their_day_on():
    bare = SENT.model_copy(update={"summary": "", "keywords": (), "issued_on": None})
    before, since = ([one.rule for one in lint.lint_letter(bare, day) if "missing" in one.rule]
                     for day in (dt.date(2026, 5, 18), dt.date(2026, 5, 19)))  # fmt: skip
    assert "summary-missing" not in before
    assert {"summary-missing", "keywords-missing"} <= set(since)


def test_a_right_letter_has_nothing_to_say():
    letter = SENT.model_copy(update={"signers": SENT.signers[:4]})
    assert lint.lint_letter(letter, TODAY) == ()


BEGINNINGS = st.lists(
    st.sampled_from(["1. ", "2. ", "가. ", "  나. ", "1) ", "", "  ", "표\t", "\t", "붙임  ", "      2. ", "① ", "- ", "#x $y$ "]),
    max_size=20,
)  # fmt: skip


@settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(BEGINNINGS, st.sampled_from(["", "  끝.", "\n  끝."]), st.booleans())
def test_whatever_the_body_is_no_line_of_it_is_lost(begun: list[str], end: str, is_brief: bool):
    body = "\n".join(f"{one}글{nth} 1부." for nth, one in enumerate(begun)) + end
    letter = Letter(title="제목", body=body, form="brief" if is_brief else "standard")
    text = _text(letter)
    assert [nth for nth in range(len(begun)) if f"글{nth} 1부." not in text] == []
    assert text.count("끝.") == bool(end)


@settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.text(max_size=300))
def test_any_text_becomes_a_document_before_and_after_mending(body: str):
    letter = Letter(title="제목", body=body)
    mended, _ = lint.mended_letter(letter, TODAY, with_advice=True)
    assert isinstance(composed(letter), model.Document)
    assert isinstance(composed(mended), model.Document)


@pytest.mark.parametrize(
    "body", ["\t" * 30, ("\t" * 15 + "\n") * 500, "붙임  1. 표 1부.\n" + "2. 표 1부.\n" * 80]
)
def test_what_no_document_can_hold_is_refused_in_words(body: str):
    with pytest.raises(MalformedDocument, match="까지"):
        composed(Letter(title="제목", body=body))
