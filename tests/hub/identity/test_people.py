"""People, roles and duties in the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from hub.identity import passwords, roles, sessions
from hub.identity.errors import LastAdmin, LoginTaken, UnknownDuty, UnknownPerson
from hub.identity.store import duties, people
from hub.identity.store import sessions as store
from hub.kit import ids

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


async def _add(conn: AsyncConnection[Any], login: str, *given: roles.Role) -> Any:
    return await people.add(conn, login=login, name="김민지", roles=roles.parse(given), now=NOW)


@given(st.lists(st.text(max_size=10)))
def test_only_the_words_of_the_list_are_roles(words: list[str]):
    if set(words) <= set(roles.ROLES):
        assert roles.parse(words) == {*words, "staff"}
    else:
        with pytest.raises(roles.UnknownRole):
            roles.parse(words)


def test_identifiers_sort_by_when_they_were_made():
    made = [ids.uuid7(NOW + timedelta(milliseconds=n)) for n in range(50)]
    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len({ids.uuid7(NOW) for _ in range(1000)}) == 1000


async def test_nobody_is_two_and_the_last_admin_stays(conn: AsyncConnection[Any]):
    kim = await _add(conn, "kim", "admin")
    await conn.commit()
    with pytest.raises(LoginTaken):
        await _add(conn, "kim")
    await conn.rollback()
    with pytest.raises(LastAdmin):
        await people.change(conn, kim, name="김", email=None, roles=["staff"], retired_at=None)
    await conn.rollback()
    with pytest.raises(LastAdmin):
        await people.change(conn, kim, name="김", email=None, roles=["admin"], retired_at=NOW)
    await conn.rollback()
    with pytest.raises(UnknownPerson):
        await people.one(conn, ids.uuid7(NOW))


async def test_who_left_is_signed_out_and_cannot_come_back(conn: AsyncConnection[Any]):
    await _add(conn, "lee", "admin")
    kim = await _add(conn, "kim")
    await people.set_password(conn, kim, passwords.hashed("열 글자가 넘는 말"), is_first=False)
    token = sessions.digest(sessions.new_token())
    await store.begin(conn, token, kim, "10.0.0.1", NOW)
    assert await store.find(conn, token) is not None
    await people.change(conn, kim, name="김", email=None, roles=["staff"], retired_at=NOW)
    assert await store.find(conn, token) is None
    assert await people.password_of(conn, "kim") is None
    assert [one.login for one in await people.everybody(conn)] == ["lee", "kim"]


async def test_failures_are_counted_by_login_and_by_address(conn: AsyncConnection[Any]):
    await store.fail(conn, "kim", "10.0.0.1", NOW - timedelta(minutes=16))
    await store.fail(conn, "kim", "10.0.0.1", NOW - timedelta(minutes=3))
    await store.fail(conn, "lee", "10.0.0.1", NOW - timedelta(minutes=2))
    await store.fail(conn, "park", "10.0.0.9", NOW - timedelta(minutes=1))
    found = await store.failures(conn, "kim", "10.0.0.1", NOW)
    assert (found.by_login, found.by_address) == (1, 2)
    assert found.oldest_at == NOW - timedelta(minutes=3)
    await store.forgive(conn, "kim")
    assert (await store.failures(conn, "kim", "10.0.0.1", NOW)).by_login == 0


async def test_what_has_ended_is_swept(conn: AsyncConnection[Any]):
    kim = await _add(conn, "kim")
    old, new = (sessions.digest(sessions.new_token()) for _ in range(2))
    await store.begin(conn, old, kim, "", NOW - timedelta(hours=1))
    await store.begin(conn, new, kim, "", NOW)
    await store.sweep(conn, NOW)
    assert await store.find(conn, old) is None
    assert await store.find(conn, new) is not None


async def test_a_duty_goes_from_hand_to_hand_and_remembers(conn: AsyncConnection[Any]):
    kim, lee = await _add(conn, "kim"), await _add(conn, "lee")
    duty = await duties.add(conn, "여비 정산", "총무과", "출장 여비를 정산해요", NOW)
    await duties.hand_over(conn, duty, [kim], NOW)
    later = NOW + timedelta(days=30)
    await duties.hand_over(conn, duty, [lee], later)
    (found,) = await duties.all_of_them(conn)
    assert [(one.person_id, one.since, one.has_left) for one in found.people] == [
        (lee, later, False)
    ]
    assert await duties.one(conn, duty) == found
    rows = await conn.execute("SELECT person_id, since, until FROM duty_person ORDER BY since")
    assert await rows.fetchall() == [(kim, NOW, later), (lee, later, None)]
    await duties.retire(conn, duty, later)
    assert await duties.all_of_them(conn) == []
    with pytest.raises(UnknownDuty):
        await duties.change(conn, duty, "a", "", "")
    with pytest.raises(UnknownDuty):
        await duties.one(conn, duty)


async def test_who_left_and_still_has_a_duty_is_told(conn: AsyncConnection[Any]):
    kim = await _add(conn, "kim")
    await _add(conn, "han", "admin")
    duty = await duties.add(conn, "여비 정산", "총무과", "", NOW)
    await duties.hand_over(conn, duty, [kim], NOW)
    await people.change(conn, kim, name="kim", email=None, roles=["staff"], retired_at=NOW)
    (found,) = await duties.all_of_them(conn)
    assert [one.has_left for one in found.people] == [True]
