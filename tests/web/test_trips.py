"""The trip proof over HTTP: a phone enrols, proves once, and checks what it is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof.ask import Purpose
from hub.tripproof.keys import base64url
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.reasons import Reason
from hub.tripproof.verdict import Grade
from hub.web import app
from tests.conftest import Database
from tests.web.people import browser
from tests.web.trips import (
    Phone,
    World,
    goes_on,
    is_signed_in,
    kind_of,
    opened,
    people,
    trip_settings,
)

Conn = AsyncConnection[Any]


@pytest.fixture
async def world(database: Database, conn: Conn, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(database, conn, tmp_path) as world:
        yield world


async def rows(conn: Conn, table: str) -> int:
    found = await (await conn.execute(f"SELECT count(*) FROM {table}")).fetchone()  # type: ignore[arg-type]
    await conn.rollback()
    return found[0] if found else 0


async def test_a_phone_enrols_proves_and_believes_only_what_it_checked(world: World, conn: Conn):
    phone = world.phone
    answer = await phone.enrol(world.han)
    assert answer.status_code == 201, answer.text
    assert len(phone.challenges) == 10
    upload, answer = await phone.touches()
    assert answer.status_code == 201, answer.text
    verdict = phone.checks(upload, answer.json())
    assert verdict.grade is Grade.A
    assert verdict.reasons == (Reason.NO_ORDER,)
    (row,) = (await world.han.does("GET", "/api/v1/trips/proofs")).json()
    assert (row["cti"], row["grade"]) == (answer.json()["cti"], 1)


async def test_a_session_that_ended_blocks_neither_challenges_nor_a_proof(world: World):
    await world.phone.enrol(world.han)
    await world.han.does("DELETE", "/api/v1/session")
    world.phone.challenges.clear()
    assert (await world.phone.ask_for_challenges()).status_code == 200
    assert len(world.phone.challenges) == 10
    assert (await world.phone.touches())[1].status_code == 201


async def test_a_proof_sent_often_and_at_once_is_one_record(world: World, conn: Conn):
    phone = world.phone
    await phone.enrol(world.han)
    said = phone.says()
    upload = phone.seals(said)
    answers = await asyncio.gather(*(phone.sends(said.cti, upload) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200] * 5 + [201]
    assert len({one.text for one in answers}) == 1
    again = await phone.sends(said.cti, upload)
    assert (again.status_code, again.text) == (200, answers[0].text)
    assert await rows(conn, "trip_proof") == 1
    phone.checks(upload, again.json())


async def test_two_phones_at_once_leave_no_gap_in_the_log(world: World, conn: Conn):
    other = Phone(world.phone.client)
    await world.phone.enrol(world.han)
    await other.enrol(world.lim)
    done = await asyncio.gather(*(one.touches() for one in (world.phone, other) * 4))
    assert [answer.status_code for _, answer in done] == [201] * 8
    found = await (await conn.execute("SELECT log_index FROM trip_leaf ORDER BY 1")).fetchall()
    assert [index for (index,) in found] == list(range(len(found)))


async def test_no_statement_stands_in_the_database(world: World, conn: Conn):
    await world.phone.enrol(world.han)
    upload, _ = await world.phone.touches()
    place = str(352_279_000)
    for table in ("trip_proof", "trip_leaf", "trip_sealed", "audit_entry", "trip_device"):
        found = await (await conn.execute(f"SELECT t::text FROM {table} t")).fetchall()  # type: ignore[arg-type]
        text = str(found)
        assert upload.statement.hex()[40:120] not in text
        assert upload.sealed.hex()[40:120] not in text
        assert place not in text


async def test_the_log_only_grows_from_the_checkpoint_a_phone_holds(world: World):
    await world.phone.enrol(world.han)
    _, first = await world.phone.touches()
    held = first.json()["checkpoint"]
    size = int(held.split("\n")[1])
    for _ in range(3):
        await world.phone.touches()
    answer = await world.phone.client.get("/api/v1/log/consistency", params={"from": size})
    assert answer.status_code == 200, answer.text
    goes_on(held, answer.json())
    newest = await world.phone.client.get("/api/v1/log/checkpoint")
    assert newest.text == answer.json()["checkpoint"]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("trip-other-person", {"who": "lim"}),
        ("trip-other-person", {"office": "1234567"}),
    ],
)
async def test_another_persons_statement_is_refused(world: World, kind: str, changes: Any):
    await world.phone.enrol(world.han)
    answer = (await world.phone.touches(**changes))[1]
    assert (answer.status_code, kind_of(answer)) == (403, kind)


async def test_what_no_enrolled_key_signed_is_refused(world: World, conn: Conn):
    await world.phone.enrol(world.han)
    stranger = Phone(world.phone.client, me=world.phone.me)
    answer = (await stranger.touches())[1]
    assert (answer.status_code, kind_of(answer)) == (403, "trip-unknown-device")
    said = world.phone.says()
    upload = world.phone.seals(said)
    forged = bytearray(upload.statement)
    forged[-1] ^= 1
    damaged = type(upload)(bytes(forged), upload.sealed, None)
    answer = await world.phone.sends(said.cti, damaged)
    assert (answer.status_code, kind_of(answer)) == (403, "trip-bad-signature")
    answer = await world.phone.sends(said.cti, b"\x83nonsense")
    assert (answer.status_code, kind_of(answer)) == (422, "trip-malformed")
    answer = await world.phone.sends(bytes(8), upload)
    assert (answer.status_code, kind_of(answer)) == (422, "trip-malformed")
    assert await rows(conn, "trip_proof") == 0


async def test_x_for_another_auditor_is_refused(world: World):
    await world.phone.enrol(world.han)
    elsewhere = SoftwareKey.new().public.uncompressed
    world.phone.me["auditor"]["seal"] = base64url(elsewhere)
    answer = (await world.phone.touches())[1]
    assert (answer.status_code, kind_of(answer)) == (422, "trip-sealed-elsewhere")


async def test_another_content_under_one_id_is_refused(world: World):
    await world.phone.enrol(world.han)
    said = world.phone.says()
    await world.phone.sends(said.cti, world.phone.seals(said))
    answer = (await world.phone.touches(cti=said.cti))[1]
    assert (answer.status_code, kind_of(answer)) == (409, "trip-id-taken")


async def test_a_challenge_used_twice_and_one_of_another_phone_are_reasons(world: World):
    other = Phone(world.phone.client)
    await world.phone.enrol(world.han)
    await other.enrol(world.lim)
    one = world.phone.challenges[-1]
    await world.phone.touches()
    for phone, reason in (
        (world.phone, Reason.CHALLENGE_REUSED),
        (other, Reason.CHALLENGE_UNKNOWN),
    ):
        upload, answer = await phone.touches(challenge=one)
        assert answer.status_code == 201, answer.text
        assert reason in phone.checks(upload, answer.json()).reasons


async def test_running_out_of_challenges_is_a_reason_and_no_refusal(world: World):
    await world.phone.enrol(world.han)
    world.phone.challenges.clear()
    upload, answer = await world.phone.touches()
    verdict = world.phone.checks(upload, answer.json())
    assert Reason.CHALLENGE_NONE in verdict.reasons
    assert verdict.grade is Grade.B


async def test_a_lost_phones_key_gets_no_challenges_and_its_proofs_say_so(world: World):
    phone = world.phone
    await phone.enrol(world.han)
    path = f"/api/v1/trips/devices/{phone.kid}/end"
    assert (await world.lim.does("POST", path)).status_code == 404
    assert (await world.han.does("POST", path)).status_code == 204
    answer = await phone.ask_for_challenges()
    assert (answer.status_code, kind_of(answer)) == (403, "trip-key-ended")
    upload, answer = await phone.touches()
    verdict = phone.checks(upload, answer.json())
    assert (verdict.grade, Reason.KEY_ENDED in verdict.reasons) == (Grade.C, True)


async def test_a_key_that_ended_two_weeks_ago_proves_nothing_more(world: World, conn: Conn):
    await world.phone.enrol(world.han)
    await world.han.does("POST", f"/api/v1/trips/devices/{world.phone.kid}/end")
    await conn.execute("UPDATE trip_device SET ended_at = ended_at - interval '15 days'")
    await conn.commit()
    answer = (await world.phone.touches())[1]
    assert (answer.status_code, kind_of(answer)) == (403, "trip-key-ended")


async def test_a_new_phone_ends_the_key_of_the_one_before(world: World):
    await world.phone.enrol(world.han)
    newer = Phone(world.phone.client)
    answer = await newer.enrol(world.han)
    assert answer.json()["replaced"] == [world.phone.kid]
    seen = (await world.han.does("GET", "/api/v1/trips/devices")).json()
    assert [(one["kid"], one["reason"]) for one in seen] == [
        (newer.kid, None), (world.phone.kid, 4)
    ]  # fmt: skip
    again = await world.phone.enrol(world.han)
    assert (again.status_code, kind_of(again)) == (409, "trip-key-taken")


async def test_without_consent_nothing_is_collected(world: World, conn: Conn):
    await world.phone.enrol(world.han)
    _, proved = await world.phone.touches()
    assert (await world.han.does("DELETE", "/api/v1/trips/consent")).status_code == 204
    answer = (await world.phone.touches())[1]
    assert (answer.status_code, kind_of(answer)) == (403, "trip-no-consent")
    assert await rows(conn, "trip_proof") == 1
    assert proved.status_code == 201
    me = (await world.han.does("GET", "/api/v1/trips/me")).json()
    assert (me["consent"]["given_at"], me["device"]) == (None, None)


async def test_a_consent_of_a_year_ago_collects_nothing_until_it_is_given_anew(
    world: World, conn: Conn
):
    phone = world.phone
    await phone.enrol(world.han)
    await conn.execute(
        "UPDATE trip_consent SET given_at = given_at - interval '366 days',"
        " until = until - interval '366 days'"
    )
    await conn.commit()
    answer = await phone.ask_for_challenges()
    assert (answer.status_code, kind_of(answer)) == (403, "trip-no-consent")
    said = phone.says()
    upload = phone.seals(said)
    assert kind_of(await phone.sends(said.cti, upload)) == "trip-no-consent"
    shown = {
        "consent": phone.me["consent"]["sha256"],
        "auditor": phone.me["auditor"]["fingerprint"],
    }
    assert (await world.han.does("POST", "/api/v1/trips/consent", json=shown)).status_code == 200
    assert (await phone.sends(said.cti, upload)).status_code == 201


@pytest.mark.parametrize("which", ["consent", "auditor"])
async def test_who_was_shown_other_words_or_another_auditor_is_not_enrolled(
    world: World, which: str
):
    answer = await world.phone.enrol(world.han, **{which: "A" * 43})
    assert (answer.status_code, kind_of(answer)) == (409, "trip-consent-changed")


async def test_a_question_is_answered_once_and_on_its_day(world: World):
    await world.phone.enrol(world.han)
    asked = world.phone.asks(Purpose.CHALLENGES)
    assert (await world.phone.ask_for_challenges(asked)).status_code == 200
    answer = await world.phone.ask_for_challenges(asked)
    assert (answer.status_code, kind_of(answer)) == (403, "trip-ask-stale")
    old = int((clock.now() - timedelta(hours=25)).timestamp())
    answer = await world.phone.ask_for_challenges(world.phone.asks(Purpose.CHALLENGES, 0, old))
    assert (answer.status_code, kind_of(answer)) == (403, "trip-ask-stale")
    answer = await world.phone.ask_for_challenges(world.phone.asks(Purpose.OWN_PROOFS))
    assert (answer.status_code, kind_of(answer)) == (422, "trip-malformed")


async def test_without_keys_or_an_auditor_the_answer_says_what_is_missing(
    database: Database, conn: Conn, tmp_path: Path
):
    await people(conn)
    settings = trip_settings(database, tmp_path)
    without = settings.model_copy(update={"trip_dir": tmp_path})
    for given, missing in ((settings, "auditor"), (without, "HUB_TRIP_DIR")):
        door = app.create_app(given)
        async with door.api.router.lifespan_context(door.api), browser(door) as han:
            await is_signed_in(conn, han, "han")
            answer = await han.does("GET", "/api/v1/trips/me")
            assert (answer.status_code, kind_of(answer)) == (409, "trip-not-ready")
            assert missing in answer.json()["detail"]
