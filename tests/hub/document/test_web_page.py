from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings

from hub.document import model, plain, web_page
from hub.document.forms import trip_report
from tests.hub.document import reading, samples

UNHURRIED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
EMPTY = {"meta", "img", "hr", "col"}
KNOWN = EMPTY | {
    "html", "head", "title", "style", "body", "main", "h1", "h2", "p", "div",
    "table", "caption", "colgroup", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class _Page(HTMLParser):
    """Collects what a browser would show, and every element and attribute."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.tags, self.attributes = [], [], set(), set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


@UNHURRIED
@given(samples.documents(samples.any_text()))
def test_whatever_is_in_the_texts_it_is_only_shown_and_all_of_it(document):
    page = _Page(web_page.drawn(document))
    assert page.open == []
    assert page.tags <= KNOWN
    assert not {name for name in page.attributes if name.startswith("on")}
    assert reading.missing_words(document, "".join(page.texts)) == []


def test_the_page_forbids_scripts_and_loads_nothing():
    text = web_page.drawn(trip_report.filled(samples.report()))
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text


def test_attributes_cannot_be_broken_out_of():
    document = model.Document(title='"><script>', summary='"><script>', keywords=("'\">",))
    assert "script" not in _Page(web_page.drawn(document)).tags


@UNHURRIED
@given(samples.documents(samples.any_text()))
def test_pasted_text_has_every_word_in_order(document):
    lines = reading.lines(document.model_copy(update={"attachments": (), "form": "report"}))
    text = plain.drawn(document.model_copy(update={"attachments": (), "form": "report"}))
    rest = reading.squeezed(text)
    for line in map(reading.squeezed, lines):
        _, found, rest = rest.partition(line) if line else ("", True, rest)
        assert found or not line


@pytest.mark.parametrize(
    "line",
    [
        "출장복명서",
        "1. 방문 내역",
        "2026. 11. 20. 10:12\t도청 도로교통과\t2027년 도비 보조 협의\t이상호 팀장\t원터치\tA",
        "  나. 설계 변경 도면은 2026. 12. 4.까지 받기로 함.",
        "  사업비 증가분을 제1회 추경에 반영할 필요가 있음.",
        "붙임  1. 협의 결과 서명부 1부.",
        "      2. 현장 사진 4장.  끝.",
        samples.tp2(),
    ],
)
def test_pasted_text_of_a_trip_report_has_the_line(line):
    assert line in plain.drawn(trip_report.filled(samples.report())).split("\n")
