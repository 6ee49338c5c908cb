"""Who speaks under a node's name, and what became of every seq: on a real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from edge.wire.messages import CountObserved, NodeState, ZoneCount
from edge.wire.topics import NodeName
from hub.density.store import intake
from hub.density.store.intake import TWIN, Outcome
from hub.devices.hearing import Counted, Heard, StateSaid, read
from hub.devices.store import nodes
from tests.hub.devices.conftest import NOW

Conn = Connection[Any]
CAM = NodeName("demo", "cam-1")
SPOOL = UUID(int=5)
FIRST_BOOT, NEXT_BOOT = UUID(int=1), UUID(int=2)


def window(seq: int, *, late_s: float = 0.0, oldest: int = 1, **more: Any) -> CountObserved:
    """One window; `late_s` makes it another window under the same seq."""
    told: dict[str, Any] = {
        "schema_version": 1,
        "node": str(CAM),
        "spool": SPOOL,
        "seq": seq,
        "oldest": oldest,
        "boot_id": FIRST_BOOT,
        "window_start": NOW - timedelta(hours=1) + timedelta(seconds=5 * seq + late_s),
        "window_s": 5.0,
        "clock_synced": True,
        "zones": (ZoneCount(zone="queue", people=3, people_max=4, confidence=0.9),),
    }
    return CountObserved.model_validate(told | more)


def said(count: CountObserved) -> Counted:
    return Counted(CAM, "counts", count.encode(), count)


def born(session: int, boot: UUID, *, online: bool = True) -> StateSaid:
    state = NodeState(online=online, boot_id=boot, session=session, version="1")
    return StateSaid(CAM, "state", state.encode(), state)


def take(conn: Conn, *heard: Heard) -> Outcome:
    with conn.transaction():
        return intake.take(conn, heard, NOW)


def reasons(conn: Conn) -> list[str]:
    return [reason for (reason,) in conn.execute("SELECT reason FROM dead_letter ORDER BY 1")]


def spool(conn: Conn, column: str) -> str:
    row = conn.execute(f"SELECT {column}::text FROM spool").fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def has_twin(conn: Conn) -> bool:
    row = conn.execute("SELECT twin_at FROM node WHERE node = 'cam-1'").fetchone()
    return row is not None and row[0] is not None


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_another_window_under_a_seq_that_is_held_is_a_dead_letter_and_not_a_duplicate(
    sync_conn: Conn, in_one_batch: bool
):
    ours, theirs = said(window(7)), said(window(7, late_s=0.25))
    for batch in [(ours, theirs)] if in_one_batch else [(ours,), (theirs,)]:
        take(sync_conn, *batch)
    assert sync_conn.execute("SELECT seq, window_start FROM sample").fetchall() == [
        (7, ours.count.window_start)
    ]
    (reason,) = reasons(sync_conn)
    assert reason.startswith(TWIN)
    assert "seq 7" in reason
    assert spool(sync_conn, "contested") == "{[7,8)}"
    assert has_twin(sync_conn)


@pytest.mark.parametrize("clock_synced", [True, False])
def test_the_same_window_again_is_a_duplicate_and_nothing_more(sync_conn: Conn, clock_synced: bool):
    again = said(window(7, clock_synced=clock_synced))
    take(sync_conn, again, again)
    outcome = take(sync_conn, again, said(window(8, clock_synced=clock_synced)))
    assert (outcome.duplicates, outcome.rows, outcome.refused) == (1, 1, 0)
    assert not has_twin(sync_conn)


def test_a_count_that_was_refused_and_comes_again_is_nobody_elses(sync_conn: Conn):
    early = window(7, window_start=NOW + timedelta(minutes=11))
    refused = read(CAM.topic("counts"), early.encode(), NOW)
    take(sync_conn, refused)
    assert spool(sync_conn, "refused") == "{[7,8)}"
    take(sync_conn, said(early))  # twelve minutes later it is no longer ahead of the clock
    assert [reason for reason in reasons(sync_conn) if TWIN in reason] == []
    assert not has_twin(sync_conn)


def test_a_count_that_was_stored_and_comes_again_unreadable_stays_stored(sync_conn: Conn):
    take(sync_conn, said(window(7)))
    later_version = said(window(7)).payload.replace(b'"schema_version":1', b'"schema_version":9')
    take(sync_conn, read(CAM.topic("counts"), later_version, NOW))
    assert len(reasons(sync_conn)) == 1
    assert spool(sync_conn, "refused") == "{}"


def test_an_earlier_boot_that_is_born_again_is_another_machine(sync_conn: Conn):
    take(sync_conn, born(10, FIRST_BOOT))
    take(sync_conn, born(11, NEXT_BOOT))
    assert not has_twin(sync_conn)
    take(sync_conn, born(12, FIRST_BOOT))
    assert has_twin(sync_conn)
    assert reasons(sync_conn)[0].startswith(TWIN)


@pytest.mark.parametrize(
    "births",
    [
        [born(10, FIRST_BOOT), born(11, FIRST_BOOT), born(12, NEXT_BOOT), born(13, NEXT_BOOT)],
        [born(10, FIRST_BOOT), born(12, NEXT_BOOT), born(11, FIRST_BOOT)],  # a slow door's birth
        [born(10, FIRST_BOOT), born(12, NEXT_BOOT), born(10, FIRST_BOOT, online=False)],
        [born(10, FIRST_BOOT), born(3, NEXT_BOOT), born(4, NEXT_BOOT)],  # a new card, no clock
    ],
    ids=["reconnections", "late birth", "late will", "new card"],
)
def test_a_node_that_reboots_and_reconnects_is_one_machine(
    sync_conn: Conn, births: list[StateSaid]
):
    for birth in births:
        take(sync_conn, birth)
    assert not has_twin(sync_conn)
    assert reasons(sync_conn) == []


def losses(conn: Conn) -> list[tuple[str, str]]:
    return conn.execute("SELECT seqs::text, reason FROM loss ORDER BY loss.seqs").fetchall()


def test_what_is_lost_is_written_down_with_its_reason(sync_conn: Conn):
    take(sync_conn, said(window(4, oldest=3)))
    take(sync_conn, said(window(9, oldest=8)))
    with sync_conn.transaction():
        nodes.begin_epoch(sync_conn)
    take(sync_conn, said(window(20, oldest=20)))
    take(sync_conn, said(window(30, oldest=30)))
    told = losses(sync_conn)
    assert [seqs for seqs, _ in told] == [
        "{[1,3)}",
        "{[3,4),[5,8)}",
        "{[8,9),[10,20)}",
        "{[21,30)}",
    ]
    assert "first heard" in told[0][1]
    assert "given up by the node" in told[1][1]
    assert "restored" in told[2][1]
    assert "given up by the node" in told[3][1]


def test_nothing_lost_writes_nothing(sync_conn: Conn):
    take(sync_conn, said(window(1)), said(window(2)), said(window(3, oldest=3)))
    assert losses(sync_conn) == []


def test_a_mark_carries_the_epoch_that_it_was_read_with(sync_conn: Conn):
    before = take(sync_conn, said(window(1))).marks[CAM]
    with sync_conn.transaction():
        epoch = nodes.begin_epoch(sync_conn)
    after = take(sync_conn, said(window(2))).marks[CAM]
    assert (before.seq, after.seq) == (1, 2)
    assert before.epoch != after.epoch == epoch


def test_a_mark_says_whose_window_it_means(sync_conn: Conn):
    ours, theirs = said(window(1)), said(window(1, late_s=0.25))
    assert take(sync_conn, ours).marks[CAM].window_start == ours.count.window_start
    assert take(sync_conn, theirs).marks[CAM].window_start is None
    assert take(sync_conn, theirs, ours).marks[CAM].window_start == ours.count.window_start
