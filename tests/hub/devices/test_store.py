"""What the hub remembers of nodes, on a real database."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from psycopg import Connection

from edge.wire.messages import NodeState
from edge.wire.topics import NodeName
from hub.devices.hearing import KEPT_FOR, Refused
from hub.devices.store import letters, nodes, spools
from hub.devices.store.spools import Came, SpoolKey
from hub.kit import db
from tests.hub.devices.conftest import NOW

CAM = NodeName("demo", "cam-1")
BOOT, NEXT_BOOT = uuid.UUID(int=1), uuid.UUID(int=2)
Conn = Connection[Any]


def key(number: int, node: str = "cam-1") -> SpoolKey:
    return SpoolKey("demo", node, uuid.UUID(int=number))


def state(session: int, *, online: bool, boot: uuid.UUID = BOOT) -> NodeState:
    return NodeState(online=online, boot_id=boot, session=session, version="1")


def online(conn: Conn) -> str | None:
    row = conn.execute("SELECT state->>'online' FROM node WHERE node = 'cam-1'").fetchone()
    return row and row[0]


def hear(conn: Conn, *states: NodeState | None) -> str | None:
    for said in states:
        nodes.heard_states(conn, {CAM: said}, NOW)
    return online(conn)


def test_what_is_held_is_not_fresh_again(sync_conn: Conn):
    with sync_conn.transaction():
        first = spools.hold(sync_conn, {key(1): Came((1, 2, 5), 1)}, NOW)[key(1)]
    with sync_conn.transaction():
        again = spools.hold(sync_conn, {key(1): Came((2, 3, 5), 1)}, NOW)[key(1)]
    assert (first.fresh, first.mark) == ({1, 2, 5}, 2)
    assert (again.fresh, again.mark, again.spool_id) == ({3}, 3, first.spool_id)


def test_an_outbox_of_an_unknown_node_is_not_opened(sync_conn: Conn):
    came = {key(1, "cam-9"): Came((1,), 1), key(2): Came((1,), 1)}
    assert set(spools.hold(sync_conn, came, NOW)) == {key(2)}


def test_a_node_has_so_many_outboxes_and_those_it_has_are_heard_on(sync_conn: Conn):
    many = {key(number): Came((1,), 1) for number in range(spools.PER_NODE + 50)}
    taken = spools.hold(sync_conn, many, NOW)
    assert len(taken) == spools.PER_NODE
    assert spools.hold(sync_conn, {key(9_999): Came((1,), 1)}, NOW) == {}
    other = key(9_999, "cam-2")
    assert set(spools.hold(sync_conn, {other: Came((1,), 1)}, NOW)) == {other}
    known = min(taken)
    assert spools.hold(sync_conn, {known: Came((2,), 1)}, NOW)[known].fresh == {2}


def test_outboxes_of_long_ago_make_room_for_new_ones(sync_conn: Conn):
    many = {key(number): Came((1,), 1) for number in range(spools.PER_NODE)}
    spools.hold(sync_conn, many, NOW - KEPT_FOR)
    assert set(spools.hold(sync_conn, {key(9_999): Came((1,), 1)}, NOW)) == {key(9_999)}


def test_two_doors_that_hear_the_same_outboxes_do_not_wait_in_a_ring(
    sync_conn: Conn, database: Any
):
    keys = [key(number) for number in range(1, 30)]
    failures: list[Exception] = []

    def door(order: list[SpoolKey], first: int) -> None:
        try:
            with db.connect_sync(database.dsn, autocommit=True) as conn:
                for seq in range(first, first + 40):
                    with conn.transaction():
                        spools.hold(conn, {one: Came((seq,), 1) for one in order}, NOW)
        except Exception as error:
            failures.append(error)

    doors = [
        threading.Thread(target=door, args=(keys, 1)),
        threading.Thread(target=door, args=(keys[::-1], 21)),
    ]
    for each in doors:
        each.start()
    for each in doors:
        each.join()
    assert failures == []
    held = sync_conn.execute("SELECT DISTINCT held::text FROM spool").fetchall()
    assert held == [("{[1,61)}",)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([state(1, online=True), state(1, online=False)], "false"),
        ([state(2, online=True), state(1, online=False)], "true"),  # an older connection's will
        ([state(1, online=True), state(2, online=False)], "false"),  # its birth was missed
        ([state(5, online=True), state(1, online=True, boot=NEXT_BOOT)], "true"),  # a new card
        ([state(5, online=True), state(4, online=False, boot=NEXT_BOOT)], "true"),
        (
            [
                state(5, online=True),
                state(1, online=True, boot=NEXT_BOOT),
                state(1, online=False, boot=NEXT_BOOT),
            ],
            "false",
        ),
        ([state(1, online=False), state(2, online=True)], "true"),
        ([state(1, online=True), None], None),
    ],
)
def test_a_will_speaks_for_its_own_session_only(
    sync_conn: Conn, said: list[NodeState | None], expected: str | None
):
    assert hear(sync_conn, *said) == expected


def test_a_node_that_observed_after_its_will_is_online(sync_conn: Conn):
    hear(sync_conn, state(1, online=True), state(1, online=False))
    nodes.heard_since(sync_conn, {CAM: NOW - timedelta(seconds=1)}, NOW)
    assert online(sync_conn) == "false"  # that window was seen before it died
    later = NOW + timedelta(seconds=5)
    nodes.heard_since(sync_conn, {CAM: later}, later)
    assert online(sync_conn) == "true"


def test_locking_nodes_says_which_are_registered(sync_conn: Conn):
    with sync_conn.transaction():
        assert nodes.lock(sync_conn, [CAM, NodeName("demo", "cam-9")]) == {CAM}


def test_the_same_dead_letter_only_counts_up(sync_conn: Conn):
    letter = Refused("t", b"\x00\xff", "why")
    letters.bury(sync_conn, [letter, letter], NOW)
    letters.bury(sync_conn, [letter], NOW + timedelta(seconds=9))
    rows = sync_conn.execute(
        "SELECT times, payload, last_at - first_at, reason FROM dead_letter"
    ).fetchall()
    assert rows == [(3, b"\x00\xff", timedelta(seconds=9), "why")]


def test_every_refusal_is_counted_though_its_letter_gives_way(sync_conn: Conn):
    many = [Refused(f"t{n}", b"x", "why") for n in range(letters.KEPT + 500)]
    letters.bury(sync_conn, [*many, *many], NOW)  # more in one batch than are kept at all
    letters.bury(sync_conn, many[:50], NOW + timedelta(seconds=1))
    kept = sync_conn.execute("SELECT count(*), sum(times)::int FROM dead_letter").fetchall()[0]
    lost = sync_conn.execute("SELECT letters, times FROM dead_letter_forgotten").fetchall()[0]
    assert kept[0] == letters.KEPT
    assert kept[1] + lost[1] == 2 * len(many) + 50


def test_dead_letters_are_bounded_and_a_broken_node_does_not_push_out_the_others(sync_conn: Conn):
    letters.bury(sync_conn, [Refused("quiet", b"1", "why")], NOW)
    later = NOW + timedelta(seconds=1)
    letters.bury(sync_conn, [Refused("loud", b"%d" % n, "why") for n in range(500)], later)
    counts = dict(
        sync_conn.execute("SELECT topic, count(*) FROM dead_letter GROUP BY topic").fetchall()
    )
    assert counts == {"quiet": 1, "loud": letters.KEPT_PER_TOPIC}
    forgotten = 500 - letters.KEPT_PER_TOPIC
    rows = sync_conn.execute("SELECT letters, times FROM dead_letter_forgotten").fetchall()
    assert rows == [(forgotten, forgotten)]
    many = [Refused(f"t{n}", b"x" * 100_000, "why") for n in range(letters.KEPT + 5)]
    letters.bury(sync_conn, many[:30], later)
    row = sync_conn.execute("SELECT max(length(payload)), max(payload_bytes) FROM dead_letter")
    assert row.fetchone() == (letters.PAYLOAD_KEPT_BYTES, 100_000)
