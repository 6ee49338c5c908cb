"""An office's own ordinances: kept by version, laid over the nation's rules, refused in words."""

from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from hub.kit import clock
from hub.rules import ordinances
from hub.rules.ordinances import OrdinanceRefused, OrdinanceSaid
from hub.rules.rule import Confidence, Unit
from hub.rules.store import ordinances as store
from hub.rules.tables import nation

Conn = AsyncConnection[Any]
RULES = {rule.key: rule for rule in nation()}
LOCAL = sorted(key for key, rule in RULES.items() if rule.local)
NEAR = "travel.near.long_won"
LAW = "가나시 공무원 여비 조례"


def said(key: str = NEAR, value: str = "25000", since: str = "2026-03-01", **more: Any) -> Any:
    told = {"key": key, "since": since, "value": value, "law": LAW, "place": "제5조", **more}
    return OrdinanceSaid.model_validate(told)


async def save(conn: Conn, seen: int, *all_said: OrdinanceSaid) -> bool:
    return await store.keep(conn, seen, all_said, [], "kim", clock.now())


async def test_before_anybody_saved_the_nation_speaks(conn: Conn):
    book = await store.office_book(conn)
    assert book.at(NEAR, date(2026, 3, 1)).value == 20_000
    assert (await store.standing(conn)).version == 0


async def test_what_the_office_saved_is_what_every_answer_uses(conn: Conn):
    assert await save(conn, 0, said(), said("travel.stay.first_rate", "0.15"))
    book = await store.office_book(conn)
    found = book.at(NEAR, date(2026, 3, 1))
    assert (found.value, found.nation, found.confidence) == (25_000, 20_000, Confidence.SETTING)
    assert str(found.article) == f"「{LAW}」 제5조"
    assert book.at(NEAR, date(2026, 2, 28)).value == 20_000
    assert book.at("travel.stay.first_rate", date(2026, 3, 1)).value == Decimal("0.15")


async def test_of_two_who_saw_the_same_version_one_is_told(conn: Conn):
    assert await save(conn, 0, said())
    assert not await save(conn, 0, said(value="30000"))
    assert not await save(conn, 7, said(value="30000"))
    assert (await store.standing(conn)).ordinances == (said(),)


async def test_the_history_stays(conn: Conn):
    await save(conn, 0, said())
    await conn.commit()
    for act in ("DELETE FROM ordinance_version", "UPDATE ordinance_version SET saved_by = 'x'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute(act)
        await conn.rollback()
    assert await store.kept(conn, 1) == (said(),)
    assert await store.kept(conn, 0) == ()
    assert await store.kept(conn, 2) is None


async def test_an_ordinance_over_a_rule_that_went_away_waits_and_breaks_no_answer(conn: Conn):
    gone, nations = said("travel.of_yesterday"), said("overtime.month_cap_h", "80")
    assert await save(conn, 0, gone, nations, said(value="2.5"), said(since="2026-04-01"))
    book = await store.office_book(conn)
    assert book.at("overtime.month_cap_h", date(2026, 3, 1)).value == 57
    assert book.at(NEAR, date(2026, 3, 31)).value == 20_000
    assert book.at(NEAR, date(2026, 4, 1)).value == 25_000


@pytest.mark.parametrize(
    "wrong",
    [
        [said("travel.of_yesterday")],
        [said("overtime.month_cap_h", "80")],
        [said(), said(value="30000")],
        [said(value="2.5")],
        [said(value="1000000001")],
        [said("travel.stay.first_rate", "1.5")],
    ],
    ids=["unknown", "the nation's", "twice", "half a won", "too much", "more than all"],
)
def test_what_no_ordinance_can_say_is_refused_in_words(wrong: list[OrdinanceSaid]):
    with pytest.raises(OrdinanceRefused) as refused:
        ordinances.check(wrong, RULES)
    assert refused.value.number == len(wrong)
    assert refused.value.ko.endswith(".")


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "-1"}, {"value": "1e9"}, {"value": ""}, {"value": "２"}, {"value": "NaN"},
        {"until": "2026-02-28"}, {"since": "1999-12-31"}, {"law": " "}, {"place": "제5\n조"},
        {"key": "../x"}, {"more": 1},
    ],
)  # fmt: skip
def test_what_is_no_ordinance_is_refused(wrong: dict[str, Any]):
    told = said().model_dump(mode="json")
    with pytest.raises(ValueError, match=r"\w"):
        OrdinanceSaid.model_validate({**told, **wrong})


@given(st.sampled_from(LOCAL), st.from_regex(r"[0-9]{1,10}(\.[0-9]{1,6})?", fullmatch=True))
def test_a_value_that_is_taken_is_a_value_of_its_rule_and_any_other_is_refused(key, text):
    one = said(key, text)
    try:
        ordinances.check([one], RULES)
    except OrdinanceRefused:
        assert not list(ordinances.in_force([one], RULES))
        return
    (laid,) = ordinances.in_force([one], RULES)
    assert laid.value == Decimal(text)
    assert isinstance(laid.value, Decimal if RULES[key].unit is Unit.RATE else int)


def test_what_changed_is_told_by_the_rules_names():
    before, after = [said(), said("travel.near.km", "20")], [said(value="1")]
    assert ordinances.changes(after, before) == ["travel.near.km", NEAR]
    assert ordinances.changes(before, before[::-1]) == []
