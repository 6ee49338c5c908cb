"""Dead letters: what could not be stored, and why. Bounded, whoever sends what.

A letter that gives way to newer ones is counted: letters and forgotten ones together are every
message that was ever refused.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import Connection

from hub.devices.hearing import Refused

KEPT: Final = 2_000  # letters, the newest
KEPT_PER_TOPIC: Final = 100  # so that one broken node does not push out the others' letters
PAYLOAD_KEPT_BYTES: Final = 16 * 1024  # a window of 64 zones is about 10 KiB; in all 32 MiB
TOPIC_KEPT_CHARS: Final = 300
LOCK_KEY: Final = 0x64656164  # "dead"


def bury(conn: Connection[Any], refused: Sequence[Refused], now: datetime) -> None:
    """Write them down. The same payload on the same topic only counts up."""
    if not refused:
        return
    conn.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))  # one gravedigger at a time
    times = Counter(_key(letter) for letter in refused)
    each = {_key(letter): letter for letter in refused}
    newest = dict(list(each.items())[-KEPT:])  # no more than will stay
    _record(conn, newest, times, now)
    beyond = {key: times[key] for key in each.keys() - newest.keys()}
    _forget(conn, now, len(beyond), sum(beyond.values()))


def _key(letter: Refused) -> tuple[str, bytes]:
    return letter.topic[:TOPIC_KEPT_CHARS], hashlib.sha256(letter.payload).digest()


def _record(
    conn: Connection[Any],
    each: dict[tuple[str, bytes], Refused],
    times: Counter[tuple[str, bytes]],
    now: datetime,
) -> None:
    conn.cursor().executemany(
        """
        INSERT INTO dead_letter AS old
               (topic, sha256, payload, payload_bytes, reason, first_at, last_at, times)
        VALUES (%(topic)s, %(sha256)s, %(payload)s, %(bytes)s, %(reason)s, %(now)s, %(now)s,
                %(times)s)
            ON CONFLICT (topic, sha256) DO UPDATE
           SET reason = excluded.reason, last_at = excluded.last_at,
               times = old.times + excluded.times
        """,
        [
            {
                "topic": topic,
                "sha256": sha256,
                "payload": letter.payload[:PAYLOAD_KEPT_BYTES],
                "bytes": len(letter.payload),
                "reason": letter.reason,
                "now": now,
                "times": times[topic, sha256],
            }
            for (topic, sha256), letter in each.items()
        ],
    )


def _forget(conn: Connection[Any], now: datetime, letters: int, times: int) -> None:
    """Delete what is too many; count it with those of the batch that were never written."""
    conn.execute(
        """
        WITH ranked AS (
          SELECT dead_letter_id,
                 row_number() OVER (PARTITION BY topic
                                    ORDER BY last_at DESC, dead_letter_id DESC) AS of_topic,
                 row_number() OVER (ORDER BY last_at DESC, dead_letter_id DESC) AS of_all
            FROM dead_letter
        ), gone AS (
          DELETE FROM dead_letter
           USING ranked
           WHERE dead_letter.dead_letter_id = ranked.dead_letter_id
             AND (of_topic > %(per_topic)s OR of_all > %(kept)s)
       RETURNING times
        ), counted AS (
          SELECT count(*) + %(letters)s AS letters, coalesce(sum(times), 0) + %(times)s AS times
            FROM gone
        )
        INSERT INTO dead_letter_forgotten AS old (day, letters, times)
        SELECT (%(now)s AT TIME ZONE 'Asia/Seoul')::date, letters, times
          FROM counted
         WHERE letters > 0
            ON CONFLICT (day) DO UPDATE
           SET letters = old.letters + excluded.letters, times = old.times + excluded.times
        """,
        {
            "per_topic": KEPT_PER_TOPIC,
            "kept": KEPT,
            "now": now,
            "letters": letters,
            "times": times,
        },
    )
