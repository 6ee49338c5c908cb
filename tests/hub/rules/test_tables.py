"""The tables against the law's own words, and the form of their files."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hub.rules import law_text, tables
from hub.rules.changes import subject_of
from hub.rules.law_text import LawText
from hub.rules.rule import KNOWN_UNTIL, READ_ON, Confidence, Row, Rule, Unit
from hub.rules.tables import TableWrong, nation

LATER = "개정_2026-06_이후.md"  # what was changed after the texts were collected
COLLECTED = date(2026, 6, 8)
ROWS = [(rule, row) for rule in nation() for row in rule.rows]
PHRASES = {
    ("travel.near.long_won", 20_000): r"4시간 이상인 공무원에게는 2만원",
    ("travel.near.short_won", 10_000): r"4시간 미만인 공무원에게는 1만원",
    ("travel.near.office_car_won", 10_000): r"1만원을 감액",
    ("travel.far.office_car_fare_won", 0): r"운임을 지급하지 않는다",
    ("travel.settle_days", 14): r"2주일 이내",
    ("travel.settle_extra_days", 7): r"1주일 이내",
    ("travel.stay.first_rate", Decimal("0.1")): r"15일을 초과한 경우[^,]*10분의 1",
    ("travel.stay.second_rate", Decimal("0.2")): r"30일을 초과한 경우[^,]*10분의 2",
    ("travel.stay.third_rate", Decimal("0.3")): r"60일을 초과한 경우[^,]*10분의 3",
    ("leave.year.from_1_month", 11): r"1개월 이상 1년 미만\s*│11\D",
    ("leave.year.from_1", 15): r"1년 이상 3년 미만\s*│15\D",
    ("leave.year.from_3", 16): r"3년 이상 4년 미만\s*│16\D",
    ("leave.year.from_4", 17): r"4년 이상 5년 미만\s*│17\D",
    ("leave.year.from_5", 20): r"5년 이상 6년 미만\s*│20\D",
    ("leave.year.from_6", 21): r"6년 이상\s*│21\D",
    ("leave.year.similar_career", 3): r"각각 3일을 더한다",
    ("leave.year.no_sick", 1): r"각각 1일을 더한다",
    ("leave.year.unpaid_rest", 1): r"각각 1일을 더한다",
    ("leave.ahead.under_1", 5): r"1년 미만\s*│5\D",
    ("leave.ahead.from_1", 6): r"1년 이상 2년 미만\s*│6\D",
    ("leave.ahead.from_2", 7): r"2년 이상 3년 미만\s*│7\D",
    ("leave.ahead.from_3", 8): r"3년 이상 4년 미만\s*│8\D",
    ("leave.ahead.from_4", 10): r"4년 이상\s*│10\D",
    ("leave.loss_days.to_15_weeks", 10): r"15주 이내인 경우: [^:]*10일까지",
    ("leave.loss_days.to_21_weeks", 30): r"21주 이내인 경우: [^:]*30일까지",
    ("leave.loss_days.to_27_weeks", 60): r"27주 이내인 경우: [^:]*60일까지",
    ("leave.loss_days.from_28_weeks", 90): r"28주 이상인 경우: [^:]*90일까지",
    ("leave.birth_days", 90): r"출산 후를 통하여 90일",
    ("leave.birth_days.early", 100): r"미숙아를 출산한 경우에는 100일",
    ("leave.birth_days.twins", 120): r"둘 이상의 자녀를 임신한 경우에는 120일",
    ("leave.fertility_days.insemination", 2): r"인공수정 등 시술을 받는 경우: 총 2일",
    ("leave.fertility_days.frozen", 3): r"동결 보존된 배아[^:]*: 총 3일",
    ("leave.fertility_days.egg", 4): r"난자 채취를 하여[^:]*: 총 4일",
    ("leave.fertility_days.man", 1): r"남성공무원: 정자 채취일에 1일",
    ("leave.family_care_paid_more", 1): r"수에 1을 더한 일수",
    ("leave.family_care_paid_single", 1): r"유급휴가 일수에 1일을 더한",
    ("leave.women_days", 1): r"매월 1일의 여성보건휴가",
    ("leave.childcare_age", 8): r"8세 이하 또는 초등학교 2학년 이하",
    ("leave.pregnancy_weeks.early", 12): r"임신 후 12주 이내",
    ("leave.pregnancy_weeks.late", 32): r"32주 이후에 있는",
    ("leave.pregnancy_h", 2): r"1일 2시간의 범위",
    ("leave.childcare_h", 2): r"1일 최대 2시간",
    ("leave.day_h", 8): r"누계 8시간을 연가 1일",
    ("leave.absent_days", 1): r"연가 일수\(결근의 경우에 한정하여",
    ("leave.month_days", 15): r"15일 이상은 1개월로",
    ("overtime.hours_of_month", 209): r"209분의 1",
    ("overtime.holiday_days_of_month", 26): r"26분의 1",
    ("overtime.base_rate", Decimal("0.55")): r"기준호봉의 봉급액의 55퍼센트",
    ("overtime.base_rate_8th", Decimal("0.55")): r"기준호봉의 봉급액의 55퍼센트",
    ("overtime.base_rate_8th", Decimal("0.6")): r"8급 및 8급 상당 이하.*60퍼센트",
    ("overtime.base_rate_9th", Decimal("0.6")): r"8급 및 8급 상당 이하.*60퍼센트",
    ("overtime.weekday_off_h", 1): r"시간외근무시간에서 1시간을 뺀",
    ("overtime.least_h", 1): r"1시간 미만일 경우에는 더하지",
    ("overtime.false_won", 500_000): r"50만원 이상인 경우",
    ("overtime.false_count", 2): r"2회 이상 적발",
    ("pay.leave.days_of_month", 30): r"86퍼센트 × 1/30",
    ("pay.leave.june_days", 5): r"× 1/30 × 5일",
    ("pay.leave.june_least_days", 10): r"10일 이상인 사람",
    ("pay.leave.retired_early_days", 10): r"10일 이내",
    ("pay.family.spouse_won", 40_000): r"배우자: 월 4만원",
    ("pay.family.first_child_won", 50_000): r"첫째 자녀: 월 5만원",
    ("pay.family.second_child_won", 80_000): r"둘째 자녀: 월 8만원",
    ("pay.family.later_child_won", 120_000): r"셋째 이후 자녀: 1명당 월 12만원",
    ("pay.family.other_won", 20_000): r"제외한 부양가족: 1명당 월 2만원",
    ("pay.family.most", 4): r"수는 4명 이내",
    ("pay.family.young_age", 19): r"19세 미만의 직계비속",
    ("pay.family.elder_age", 60): r"본인 및 배우자의 60세",
    ("pay.family.elder_woman_age", 55): r"여자인 경우에는 55세",
    ("vat.rate", Decimal("0.1")): r"세율은 10퍼센트",
    (
        "withholding.other.cost_rate",
        Decimal("0.6"),
    ): r"제19호의 기타소득에 대해서는 거주자가 받은 금액의 100분의 60",
    ("withholding.prize.cost_rate", Decimal("0.8")): r"100분의 80에 상당하는 금액을 필요경비로",
    ("withholding.other.free_won", 50_000): r"건별로 5만원 이하",
    ("withholding.other.rate", Decimal("0.2")): r"그 밖의 기타소득에 대해서는 100분의 20",
    ("withholding.business.rate", Decimal("0.03")): r"원천징수대상 사업소득에 대해서는 100분의 3\.",
    ("withholding.daily.rate", Decimal("0.06")): r"일용근로자의 근로소득에 대해서는 100분의 6으로",
    ("withholding.daily.free_won", 150_000): r"1일 15만원",
    ("withholding.least_won", 1_000): r"1천원 미만",
    ("withholding.round_won", 10): r"10원 미만의 끝수",
    ("withholding.pay_by_day", 10): r"다음 달 10일까지",
    ("contract.quote.none_under_won", 2_000_000): r"추정가격이 200만원 미만",
    ("contract.quote.one_won", 20_000_000): r"추정가격이 2천만원 이하인 공사",
    ("contract.quote.one_favoured_won", 50_000_000): r"추정가격이 5천만원 이하인 경우",
    ("contract.direct.building_won", 400_000_000): r"제외한다\)로서 추정가격이 4억원 이하",
    ("contract.direct.special_works_won", 200_000_000): r"전문공사로서 추정가격이 2억원 이하",
    ("contract.direct.other_works_won", 160_000_000): r"1억6천만원 이하인 공사",
    (
        "contract.direct.goods_won",
        20_000_000,
    ): r"2천만원 이하인 물품의 제조ㆍ구매계약 또는 용역계약",
    ("contract.direct.young_won", 50_000_000): r"5천만원 이하인 계약으로서 「중소기업창업",
    ("contract.direct.favoured_won", 100_000_000): r"1억원 이하인 계약으로서 「중소기업기본법」",
    ("contract.direct.lease_won", 50_000_000): r"5천만원 이하인 임대차",
    ("contract.paper.none_won", 50_000_000): r"계약금액이 5천만원 이하",
    ("contract.bond.none_won", 50_000_000): r"계약금액이 5천만원 이하",
    ("contract.bond.rate", Decimal("0.1")): r"계약금액의 100분의 10 이상",
    ("contract.bond.crisis_rate", Decimal("0.05")): r"100분의 5 이상",
    ("contract.inspection.none_under_won", 30_000_000): r"계약금액 3천만원",
    ("contract.inspection_days", 14): r"통지받은 날부터 14일",
    ("contract.inspection_days.more", 7): r"7일\(본문",
    ("contract.inspection_days.crisis", 7): r"통지받은 날부터 7일\)",
    ("contract.inspection_days.crisis_more", 3): r"경우에는 3일\)의 범위",
    ("contract.payment_days", 5): r"청구를 받은 날부터 5일",
    ("contract.payment_days.crisis", 3): r"청구를 받은 날부터 3일",
    ("contract.advance.rate", Decimal("0.7")): r"계약금액의 100분의 70을 초과하지",
    ("contract.similar_months", 12): r"직후 12개월",
    ("contract.delay.works_rate", Decimal("0.0005")): r"공사: 1000분의 0\.5",
    ("contract.delay.goods_rate", Decimal("0.0008")): r"구매[^:]*: 1000분의 0\.8",
    ("contract.delay.designed_goods_rate", Decimal("0.0005")): r"승인이 필요한[^.]*1000분의 0\.5",
    ("contract.delay.service_rate", Decimal("0.0013")): r"그 밖의 계약: 1000분의 1\.3",
    ("contract.delay.transport_rate", Decimal("0.0025")): r"양곡가공: 1000분의 2\.5",
    ("contract.defect.structures_rate", Decimal("0.05")): r"조경공사: 100분의 5\D",
    ("contract.defect.harbours_rate", Decimal("0.04")): r"간척 등 공사: 100분의 4\D",
    ("contract.defect.roads_rate", Decimal("0.03")): r"일반건축 등 공사: 100분의 3\D",
    ("contract.defect.other_works_rate", Decimal("0.02")): r"외의 공사: 100분의 2\D",
    ("contract.defect.made_goods_rate", Decimal("0.03")): r"물품의 제조: 100분의 3\D",
    ("contract.defect.bought_goods_rate", Decimal("0.02")): r"구매, 용역: 100분의 2\D?",
    ("contract.defect.none_won", 30_000_000): r"계약금액이 3천만원을 초과하지",
    ("expenditure.late_by", 120): r"다음 회계연도 1월 20일",
    ("expenditure.books_by", 210): r"다음 회계연도 2월 10일",
    ("expenditure.petty.travel_won", 10_000_000): r"각각 1천만원",
    ("expenditure.petty.works_won", 20_000_000): r"제5호의 경비: 2천만원",
    ("expenditure.petty.months", 1): r"매 1개월분",
    ("expenditure.petty.months_far", 3): r"3개월분",
    ("pay.meals_won", 160_000): r"월 16만원",
    ("pay.festival_days", 15): r"전후 15일 이내",
    ("leave.birth_after_days", 45): r"휴가기간이 45일",
    ("leave.birth_after_days.twins", 60): r"임신한 경우에는 60일\) 이상",
    ("leave.birth_split_days", 44): r"최장 44일",
    ("leave.birth_split_days.twins", 59): r"임신한 경우에는 59일",
    ("leave.disaster_days.large", 10): r"인정하는 경우에는 10일",
    ("leave.plan.reply_days", 10): r"10일 이내에 지방자치단체의 장",
    ("leave.sick_note_days", 6): r"연 6일을 초과하는 경우에는 의사의 진단서",
    ("leave.public.delegates_times", 1): r"연 1회로 한정한다",
    ("leave.public.audit_times", 2): r"노동조합의 회계감사\(연 2회\)",
    ("contract.bid_bond.crisis_rate", Decimal("0.025")): r"1천분의 25 이상",
    ("contract.performance.low_under_rate", Decimal("0.7")): r"예정가격의 100분의 70 미만",
    ("vat.receipt_only_won", 48_000_000): r"4천800만원 미만인 자",
}
"""Of a rule and its value the phrase of the law, where a bare number could be another rule's."""


ENDS = {
    Unit.DAYS: "일", Unit.WORKING_DAYS: "일", Unit.HOURS: "시간",
    Unit.MONTHS: "개월", Unit.KILOMETRES: "킬로미터", Unit.TIMES: "배",
}  # fmt: skip


@pytest.fixture(scope="module")
def laws(law_dir: Path) -> dict[str, LawText]:
    found = [law_text.read(file.read_bytes()) for file in law_files(law_dir)]
    return {one.title: one for one in found}


@pytest.fixture(scope="module")
def later(law_dir: Path) -> str:
    return (law_dir / LATER).read_text()


def law_files(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.glob("*.md")) if one.read_text().startswith("---\n"))


def spoken(rule: Rule, row: Row) -> str:
    """A pattern of how the law writes this value."""
    value = row.value
    if phrase := PHRASES.get((rule.key, value)):
        return phrase
    assert rule.key not in {key for key, _ in PHRASES}, f"PHRASES knows no {value} of {rule.key}"
    match rule.unit, value:
        case Unit.RATE, Decimal():
            percent, tenths = (format((value * part).normalize(), "f") for part in (100, 10))
            half = "|2분의 1" if value == Decimal("0.5") else ""
            return rf"{percent}퍼센트|100분의 {percent}(?!\d)|10분의 {tenths}(?!\d){half}"
        case Unit.DAY_OF_YEAR, int():
            return rf"(?<!\d){value // 100}월 {value % 100}일"
        case Unit(), int() if rule.unit in ENDS:
            return rf"(?<![\d.]){value}{ENDS[rule.unit]}"
    raise AssertionError(f"{rule.key}: PHRASES must tell how the law writes {value!r}")


def name_of(one: tuple[Rule, Row]) -> str:
    return f"{one[0].key}@{one[1].since}"


@pytest.mark.parametrize(
    ("rule", "row"),
    [one for one in ROWS if one[1].confidence is Confidence.TEXT],
    ids=[name_of(one) for one in ROWS if one[1].confidence is Confidence.TEXT],
)
def test_the_article_that_a_row_names_says_its_number(
    rule: Rule, row: Row, laws: dict[str, LawText], later: str
):
    article = laws[row.article.law].article(row.article.number)
    assert article is not None, row.article
    if row.value is None:
        assert "없어졌다" in later
    elif row.since > COLLECTED:
        assert re.search(spoken(rule, row), later), rule.key
    else:
        text = _paragraphs(article.text, row.article.place)
        assert re.search(spoken(rule, row), text), (rule.key, text)


def _paragraphs(text: str, place: str) -> str:
    """Of `제15조제4항` the fourth paragraph; of an article without paragraphs all of it."""
    found = re.search(r"제(\d+)항", place)
    if found is None:
        return text
    mark = chr(ord("①") + int(found.group(1)) - 1)
    after = text[text.index(mark) :]
    following = after.find(chr(ord(mark) + 1))
    return after if following < 0 else after[:following]


def test_every_number_of_an_annex_is_called_secondary():
    annexes = [(rule, row) for rule, row in ROWS if row.article.place.startswith("별표")]
    assert len(annexes) >= 15
    assert {row.confidence for _, row in annexes} == {Confidence.SECONDARY}


def test_no_row_begins_after_the_day_on_which_the_law_was_read():
    assert all(row.since <= READ_ON <= KNOWN_UNTIL for _, row in ROWS)


def test_every_rule_is_named_once_and_says_what_it_means():
    keys = [rule.key for rule in nation()]
    assert len(set(keys)) == len(keys)
    assert all(rule.name and all(row.says.endswith(".") for row in rule.rows) for rule in nation())


GOOD = """
law = "가나다법"
["a.b"]
name = "가"
unit = "krw"
rows = [{ since = 2024-01-01, value = 1, place = "제1조", says = "가." }]
"""


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ('unit = "krw"', 'unit = "yen"'),
        ("value = 1", 'value = "1"'),
        ("value = 1", "value = true"),
        ("value = 1,", ""),
        ("value = 1", "value = 1, none = true"),
        ("since = 2024-01-01", "since = 2024-01-01T00:00:00"),
        ("since = 2024-01-01", 'since = "2024-01-01"'),
        ('law = "가나다법"\n', ""),
        ('name = "가"', 'name = "가"\nnaem = "나"'),
        (
            "rows = [{",
            "rows = [{ since = 2025-01-01, value = 2, place = '제1조', says = '나.' }, {",
        ),
        ("rows = [", "rows = ]"),
    ],
)
def test_a_table_with_a_slip_is_refused(wrong: str, instead: str):
    assert len(tables.read(GOOD)) == 1
    assert wrong in GOOD
    with pytest.raises(TableWrong):
        tables.read(GOOD.replace(wrong, instead))


def test_every_rule_is_about_something_that_pages_have_a_word_for():
    words = Path(__file__).parents[3] / "dashboards/web/src/lib/rules/rules-words.ts"
    told = words.read_text()
    assert all(f"{subject_of(rule)}:" in told for rule in nation())
