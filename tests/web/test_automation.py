"""Every question over HTTP: its form, its answer with the rule behind it, and what it refuses."""

from datetime import date
from typing import Any

import pytest

from hub.automation.question import YEAR, Kind
from hub.automation.questions import QUESTIONS
from hub.kit import clock
from hub.rules.ordinances import OrdinanceSaid
from hub.rules.rule import KNOWN_UNTIL
from hub.rules.store import ordinances
from hub.rules.tables import nation
from tests.web.people import Somebody, add, browser

DAY = "2026-11-21"
ASKED: dict[str, dict[str, Any]] = {
    "withholding": {"income": "lecture", "paid_won": 300_000, "paid_on": DAY},
    "vat": {"contains": "total", "amount_won": 110_000, "day": DAY},
    "contract-method": {
        "kind": "goods", "estimated_won": 18_000_000, "contract_won": 19_800_000, "day": DAY,
    },
    "contract-dates": {"finished_on": "2026-11-02", "claimed_on": DAY},
    "delay": {"what": "goods", "contract_won": 10_000_000, "days": 10, "day": DAY},
    "request-text": {
        "purpose": "회의용 다과 구입", "spent": "goods", "budget_code": "201-01 사무관리비",
        "items": [{"name": "다과", "pieces": 20, "each_won": 5_000}], "day": DAY,
    },
    "payment-text": {
        "purpose": "강사료", "payee": "강사", "paid_won": 300_000, "tax_won": 26_400,
        "budget_code": "201-01", "day": DAY,
    },
    "receipt": {"seller": "simple", "day": DAY},
    "bond": {"what": "contract", "amount_won": 60_000_000, "day": DAY},
    "defect-bond": {"made": "made-goods", "contract_won": 10_000_000, "day": DAY},
    "advance": {"contract_won": 100_000_000, "claimed_on": DAY, "day": DAY},
    "closing": {"fiscal_year": 2026, "why": "card"},
    "petty-cash": {"what": "travel", "amount_won": 10_000_001, "day": DAY},
    "estimate": {"done_on": DAY, "given_won": 100_000, "spent_won": 70_000},
    "annual-leave": {"begun_on": "2020-03-02", "day": DAY, "late_hours": "9.5"},
    "leave-pay": {
        "half": "december", "monthly_won": 3_000_000, "unused_days": 12, "paid_on": DAY,
    },
    "overtime": {
        "base_won": 2_500_000, "grade": "other", "paid_on": "2026-11-21",
        "evenings": [{"day": "2026-10-06", "hours": 3, "minutes": 30}],
    },
    "shift-pay": {
        "base_won": 2_000_000, "grade": "9", "night_hours": 8, "holiday_days": 2, "paid_on": DAY,
    },
    "leave-days": {"leave": "sick", "first": "2026-11-02", "last": "2026-11-27"},
    "sick-leave": {"first": "2026-11-02", "last": "2026-11-03", "before_days": "6"},
    "leave-carried": {"day": "2026-12-31", "unused_days": 10, "unused_hours": "4", "paid_days": 5},
    "leave-ahead": {
        "begun_on": "2024-01-02", "day": DAY, "left_days": "0.5", "wanted_days": "3",
    },
    "leave-plan": {"year": 2026, "urged_on": "2026-06-15"},
    "overtime-leave": {"day": "2026-10-31", "paid_hours": 20, "converted_hours": 12},
    "family-event": {"event": "own-wedding", "happened_on": DAY, "begins_on": "2026-11-23"},
    "childcare-time": {"born_on": "2020-05-05", "day": DAY, "used_months": "12.5"},
    "family-care": {"cause": "ill", "whom": "child", "children": 2, "day": DAY},
    "birth-leave": {"births": "twins", "begins_on": "2026-06-01", "born_on": "2026-07-01"},
    "pregnancy-time": {"day": DAY, "weeks": 33},
    "loss-leave": {"lost_on": DAY, "weeks": 12},
    "special-leave": {"cause": "egg", "day": DAY, "used_days": "1"},
    "public-leave": {"cause": "audit", "day": DAY, "used_times": 1},
    "festival-pay": {"festival_on": "2026-09-25", "monthly_won": 3_000_000},
    "meal-pay": {"month": DAY, "absent_days": 1},
    "family-pay": {
        "month": DAY, "family": [
            {"kin": "spouse"}, {"kin": "child", "born_on": "2020-03-02"},
            {"kin": "elder-woman", "born_on": "1971-11-30"},
        ],
    },
    "trip-kind": {"day": DAY, "where": "other", "distance_km": "11.999"},
    "own-car": {
        "distance_km": "120", "km_per_litre": "12", "won_per_litre": "1700", "tolls_won": 4_800,
        "last": DAY,
    },
    "near-trip": {"day": DAY, "begins_at": "13:00", "ends_at": "17:30"},
    "far-trip": {
        "first": "2026-11-23", "last": "2026-11-24", "fare_won": 96_000,
        "nights": [{"region": "seoul", "paid_won": 90_000}],
    },
}  # fmt: skip
ANSWERS = {
    "withholding": {"tax_won": 24_000, "local_tax_won": 2_400, "pay_by": "2026-12-10"},
    "vat": {"supply_won": 100_000, "tax_won": 10_000},
    "contract-method": {"is_direct": True, "quotes": 1},
    "contract-dates": {"inspect_by": "2026-11-16", "pay_by": "2026-11-27"},
    "delay": {"owed_won": 80_000},
    "request-text": {"total_won": 100_000, "needs_agreement": True},
    "payment-text": {"rest_won": 273_600},
    "receipt": {"receipt": "신용카드매출전표 또는 현금영수증", "shows_vat": False},
    "bond": {"least_won": 6_000_000},
    "defect-bond": {"least_won": 300_000},
    "advance": {"most_won": 70_000_000, "pay_by": "2026-12-05"},
    "closing": {"pay_by": "2027-01-20", "books_by": "2027-02-10"},
    "petty-cash": {"can": False, "most_won": 10_000_000},
    "estimate": {"settle_by": "2026-11-26", "back_won": 30_000},
    "annual-leave": {"days": "20", "may_take_ahead_days": 10},
    "leave-pay": {"pay_won": 1_032_000},
    "overtime": {"hours": 2},
    "shift-pay": {"night_won": 22_960, "holiday_won": 138_460, "total_won": 161_420},
    "leave-days": {"days": 20, "counts_days_off": False},
    "sick-leave": {"days": "2", "off_annual_days": "2", "needs_note": True},
    "leave-carried": {"saved_hours": "44", "paid_days": 5},
    "leave-ahead": {"can": True, "ahead_days": "2.5", "most_days": 7},
    "leave-plan": {"announce_by": "2026-03-31", "reply_by": "2026-06-25"},
    "overtime-leave": {"leave_days": 1, "leave_hours": 4, "paid_hours": 8},
    "family-event": {"days": 5, "last_on": "2026-11-27"},
    "childcare-time": {"can": True, "left_months": "23.5"},
    "family-care": {"left_days": "10", "paid_days": "3"},
    "birth-leave": {"days": 120, "is_enough_after": True},
    "pregnancy-time": {"hours": 2, "must_grant": True},
    "loss-leave": {"days": 10, "until": "2026-11-30"},
    "special-leave": {"days": 4, "left_days": "3"},
    "public-leave": {"can": True, "left_times": 1},
    "festival-pay": {"pay_won": 1_800_000},
    "meal-pay": {"pay_won": 154_660},
    "family-pay": {"pay_won": 110_000, "people": 3},
    "trip-kind": {"is_near": True},
    "own-car": {"fare_won": 21_800, "fuel_won": 17_000, "settle_by": "2026-12-05"},
    "near-trip": {"pay_won": 20_000},
    "far-trip": {"total_won": 286_000, "lodging_won": 90_000},
}


@pytest.fixture
async def kim(door, conn):
    """Somebody of the staff."""
    await add(conn, "kim", "staff")
    async with browser(door) as somebody:
        await somebody.sign_in("kim")
        yield somebody


async def ask(kim: Somebody, name: str, **changed: Any) -> Any:
    body = {**ASKED[name], **changed}
    return await kim.does("POST", f"/api/v1/automation/{name}", json=body)


def test_every_question_is_tried_here():
    assert set(ASKED) == set(ANSWERS) == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_an_answer_has_its_working_its_rules_and_words_to_paste(kim, name: str):
    answer = await ask(kim, name)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert {key: told["figures"].get(key) for key in ANSWERS[name]} == ANSWERS[name]
    assert told["headline"]
    assert told["steps"]
    assert told["paste"]
    assert told["rules"]
    for rule in told["rules"]:
        assert rule["address"].startswith("https://www.law.go.kr/")
        assert date.fromisoformat(rule["since"]) <= date(2026, 12, 31)
        assert rule["confidence"] in ("text", "secondary", "setting")


async def test_the_list_says_what_each_question_takes(kim):
    listed = (await kim.does("GET", "/api/v1/automation/questions")).json()
    assert [one["name"] for one in listed] == list(QUESTIONS)
    fields = {one["name"]: {field["name"]: field for field in one["fields"]} for one in listed}
    assert fields["withholding"]["paid_won"]["unit"] == "원"
    assert fields["withholding"]["income"]["choices"][0] == {
        "value": "lecture", "title": "기타소득(일시 인적용역)",
    }  # fmt: skip
    assert fields["contract-dates"]["claimed_on"]["is_required"] is False
    nights = fields["far-trip"]["nights"]
    assert nights["kind"] == Kind.LIST
    assert [field["name"] for field in nights["fields"]] == ["region", "paid_won", "is_unavoidable"]
    assert fields["annual-leave"]["late_hours"]["default"] == "0"


async def test_who_reads_that_a_rule_changed_finds_what_it_changes(kim):
    listed = (await kim.does("GET", "/api/v1/automation/questions")).json()
    rules = {one["name"]: set(one["rules"]) for one in listed}
    for name in QUESTIONS:
        cited = {one["key"] for one in (await ask(kim, name)).json()["rules"]}
        assert cited <= rules[name], name
    rests = {rule.key for rule in nation()} - set().union(*rules.values())
    assert {key.rpartition(".")[0] for key in rests} <= {"contract", "travel"}, rests


@pytest.mark.parametrize("name", QUESTIONS)
async def test_every_choice_has_its_word(name: str):
    for field in QUESTIONS[name].fields:
        for one in (field, *field.fields):
            assert one.asked.title
            assert (one.kind is Kind.CHOICE) is bool(one.asked.choices)


async def test_what_cannot_be_is_said_beside_its_field(kim):
    refused = await ask(kim, "near-trip", ends_at="12:00")
    assert refused.status_code == 422
    told = refused.json()
    assert told["type"].endswith(":not-possible")
    assert told["errors"] == [
        {
            "where": "body", "name": "ends_at", "pointer": "#/ends_at",
            "detail": "끝나는 시각이 시작보다 뒤여야 합니다.",
        }
    ]  # fmt: skip


EVENING, NIGHT = {"day": "2026-10-06", "hours": 3}, {"region": "seoul", "paid_won": 90_000}
LINES = [
    ("overtime", {"evenings": [EVENING, {**EVENING, "hours": 25}]}, "evenings/1/hours"),
    ("overtime", {"evenings": [EVENING, EVENING]}, "evenings/1/day"),
    ("overtime", {"evenings": [EVENING, {"day": "2026-11-06"}]}, "evenings/1/day"),
    ("overtime", {"evenings": [EVENING, {"hours": 1}]}, "evenings/1/day"),
    ("overtime", {"evenings": []}, "evenings"),
    ("far-trip", {"nights": [NIGHT, NIGHT]}, "nights/1"),
    ("far-trip", {"office_car": [{"day": "2026-11-23"}, {"day": DAY}]}, "office_car/1/day"),
    ("request-text", {"items": [{"name": "가", "each_won": -1}]}, "items/0/each_won"),
    ("family-pay", {"family": [{"kin": "spouse"}, {"kin": "child"}]}, "family/1/born_on"),
]


@pytest.mark.parametrize(("name", "changed", "place"), LINES, ids=lambda one: str(one)[:40])
async def test_what_is_wrong_in_a_list_is_said_at_its_line_and_its_field(
    kim, name: str, changed: dict[str, Any], place: str
):
    refused = await ask(kim, name, **changed)
    assert refused.status_code == 422
    (wrong,) = refused.json()["errors"]
    assert (wrong["pointer"], wrong["name"]) == (f"#/{place}", place.partition("/")[0])
    assert not wrong["detail"].isascii()


async def test_a_pointer_is_escaped_and_a_body_that_is_no_json_has_none(kim):
    odd = (await ask(kim, "vat", **{"a/b~가": 1})).json()["errors"]
    assert [one["pointer"] for one in odd] == ["#/a~1b~0%EA%B0%80"]
    headers = {"Content-Type": "application/json"}
    broken = await kim.does("POST", "/api/v1/automation/vat", content=b"{", headers=headers)
    assert "pointer" not in broken.json()["errors"][0]


async def test_a_day_of_which_no_rule_is_known_is_refused_in_words(kim):
    refused = await ask(kim, "vat", day=f"{KNOWN_UNTIL.year + 1}-01-01")
    assert refused.status_code == 422
    told = refused.json()
    assert told["type"].endswith(":no-rule-for-that-day")
    assert told["detail"].startswith("2028. 1. 1.의 ‘부가가치세")
    assert "2027. 12. 31.까지의 날을 적어 주세요." in told["detail"]
    assert told["errors"] == [
        {"where": "body", "name": "day", "pointer": "#/day", "detail": told["detail"]}
    ]


FAR_OFF = date(KNOWN_UNTIL.year + 4, 7, 1)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_the_field_that_brought_such_a_day_is_named(kim, name: str):
    """Every day of every question in its turn: none is said elsewhere than where it was typed."""
    for field in QUESTIONS[name].fields:
        if field.asked.unit == YEAR or field.kind is Kind.DATE:
            said = FAR_OFF.year if field.asked.unit == YEAR else FAR_OFF.isoformat()
            refused = await ask(kim, name, **{field.name: said})
            told = refused.json()
            if told.get("type", "").endswith(":no-rule-for-that-day"):
                assert [one["name"] for one in told["errors"]] == [field.name]


async def test_a_day_beyond_every_calendar_is_said_as_offices_write_days(kim):
    refused = (await ask(kim, "vat", day="2100-01-01")).json()["errors"]
    assert [one["detail"] for one in refused] == ["2099. 12. 31.까지 적을 수 있어요."]


@pytest.mark.parametrize(
    ("changed", "name", "said"),
    [
        ({"amount_won": 0}, "amount_won", "1보다 작을 수 없어요."),
        ({"amount_won": "백만"}, "amount_won", "수가 아니에요."),
        ({"day": "어제"}, "day", "날짜가 아니에요. 예: 2026-11-02"),
        ({"contains": "half"}, "contains", "정해진 값 가운데 하나여야 해요: 'total' or 'supply'"),
        ({"who": "김"}, "who", "여기에는 없는 항목이에요."),
    ],
)
async def test_what_cannot_be_read_is_said_in_korean(kim, changed, name: str, said: str):
    refused = await ask(kim, "vat", **changed)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"where": "body", "name": name, "pointer": f"#/{name}", "detail": said}
    ]


async def test_an_ordinance_of_the_office_goes_before_the_nations_value(kim, conn):
    ours = OrdinanceSaid(
        key="travel.near.long_won", since=date(2026, 1, 1), value="25000",
        law="청사시 지방공무원 여비 조례", place="제5조",
    )  # fmt: skip
    assert await ordinances.keep(conn, 0, [ours], [ours.key], "boss", clock.now())
    await conn.commit()
    told = (await ask(kim, "near-trip")).json()
    assert told["figures"]["pay_won"] == 25_000
    rule = next(one for one in told["rules"] if one["key"] == ours.key)
    assert (rule["confidence"], rule["law"], rule["nation"]) == ("setting", ours.law, "20000")
