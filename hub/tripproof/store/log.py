"""The log as rows: leaves, complete subtrees, checkpoints. Appended to, never changed."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import class_row

from hub.tripproof import tree
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.refusals import TripNotReady

Conn = AsyncConnection[Any]
Nodes = dict[tuple[int, int], bytes]
"""Complete subtrees by `(level, place)`: none ever changes."""
_LOCK: Final = 0x747269706C6F67  # "triplog"
_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Head:
    """How long the log is, and the time of its newest leaf (s; 0: there is none)."""

    size: int
    at: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the newest leaves of a key set and of a policy hash; None: there is none."""

    keys: bytes | None
    policy: bytes | None


@dataclass(frozen=True, slots=True)
class Logged:
    """One leaf with what it hashes, as far as that is kept."""

    log_index: int
    leaf: bytes
    body: bytes | None
    wrapped: bytes | None


async def lock(conn: Conn) -> Head:
    """The end of the log; nobody else appends until this transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    return await head(conn)


async def head(conn: Conn) -> Head:
    """The end of the log, as it is now."""
    found = await conn.execute(
        "SELECT log_index, at FROM trip_leaf ORDER BY log_index DESC LIMIT 1"
    )
    row = await found.fetchone()
    return Head(row[0] + 1, int(row[1].timestamp())) if row else Head(0, 0)


async def append(
    conn: Conn, first: int, leaves: Sequence[tuple[Leaf, bytes | None]], known: Nodes
) -> None:
    """Put leaves, each with what it hashes, from `first` on: the size that `lock` gave.

    `known`: what was read of the tree; what is read and made here is added.
    """
    rows = [
        (index, int(one.type), datetime.fromtimestamp(one.at, UTC), one.ref, one.encoded, body)
        for index, (one, body) in enumerate(leaves, first)
    ]
    await _copy(conn, "trip_leaf (log_index, type, at, ref, leaf, body)", rows)
    hashes = [(row[0], tree.leaf_hash(row[4])) for row in rows]
    node = await nodes_for(conn, lambda node: _grown(hashes, node), known)
    grown = _grown(hashes, node)
    await _copy(conn, "trip_node (level, place, hash)", grown)
    known.update({(level, place): hashed for level, place, hashed in grown})


def _grown(hashes: Iterable[tuple[int, bytes]], node: tree.Node) -> list[tuple[int, int, bytes]]:
    """The nodes `(level, place, hash)` that are complete with these leaves."""
    made: dict[tuple[int, int], bytes] = {}

    def known(level: int, place: int) -> bytes:
        return made.get((level, place)) or node(level, place)

    for index, hashed in hashes:
        for level, place, complete in tree.completed(index, hashed, known):
            made[level, place] = complete
    return [(level, place, hashed) for (level, place), hashed in made.items()]


async def nodes_for(
    conn: Conn, reckon: Callable[[tree.Node], object], known: Nodes | None = None
) -> tree.Node:
    """The part of the tree that `reckon` asks for: it is run once, to see which nodes those are.

    Those that are `known` are not read again; what is read is added to them.
    """
    wanted: set[tuple[int, int]] = set()
    held: Nodes = {} if known is None else known

    def noted(level: int, place: int) -> bytes:
        wanted.add((level, place))
        return tree.EMPTY

    reckon(noted)
    if missing := wanted - held.keys():
        held |= await _nodes(conn, missing)
        if gone := missing - held.keys():
            raise TripNotReady(f"node {min(gone)} of the log, which is gone")
    return lambda level, place: held[level, place]


async def _nodes(conn: Conn, wanted: Iterable[tuple[int, int]]) -> Nodes:
    both = sorted(wanted)
    found = await conn.execute(
        """
        SELECT level, place, hash
          FROM trip_node
          JOIN unnest(%b::smallint[], %b::bigint[]) AS wanted (level, place) USING (level, place)
        """,
        ([level for level, _ in both], [place for _, place in both]),
    )
    return {(level, place): hashed for level, place, hashed in await found.fetchall()}


async def at(conn: Conn, index: int) -> Logged | None:
    """The leaf at `index`."""
    return await _one(conn, index)


async def told(conn: Conn) -> Told:
    """By which keys and which policy the log says that it is read."""
    found = await conn.execute(
        # KEYS and POLICY as numbers: a parameter would not be seen to fit the index on the types
        """
        SELECT (SELECT body FROM trip_leaf WHERE type = 7 ORDER BY log_index DESC LIMIT 1),
               (SELECT body FROM trip_leaf WHERE type = 6 ORDER BY log_index DESC LIMIT 1)
        """
    )
    return Told(*(await found.fetchall())[0])


async def indexes_of(conn: Conn, kind: LeafType, ref: bytes | None = None) -> list[int]:
    """Where the leaves of this type stand, of `ref` if given; the newest last."""
    found = await conn.execute(
        "SELECT log_index FROM trip_leaf WHERE type = %s AND (%s::bytea IS NULL OR ref = %s)"
        " ORDER BY log_index",
        (int(kind), ref, ref),
    )
    return [index for (index,) in await found.fetchall()]


async def walk(conn: Conn, size: int) -> AsyncIterator[Logged]:
    """The first `size` leaves in order."""
    async with conn.cursor(name="trip_log", row_factory=class_row(Logged)) as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        await cursor.execute(
            """
            SELECT l.log_index, l.leaf, l.body, s.wrapped
              FROM trip_leaf l
              LEFT JOIN trip_sealed s USING (log_index)
             WHERE l.log_index < %s
             ORDER BY l.log_index
            """,
            (size,),
        )
        async for one in cursor:
            yield one


async def _one(conn: Conn, index: int) -> Logged | None:
    async with conn.cursor(row_factory=class_row(Logged)) as cursor:
        await cursor.execute(
            """
            SELECT l.log_index, l.leaf, l.body, s.wrapped
              FROM trip_leaf l
              LEFT JOIN trip_sealed s USING (log_index)
             WHERE l.log_index = %s
            """,
            (index,),
        )
        return await cursor.fetchone()


async def keep_all_sealed(conn: Conn, rows: Iterable[tuple[int, int, bytes, Any]]) -> None:
    """X of leaves, wrapped: `(index, quarter, W, SHA-256 of X)`."""
    await _copy(conn, "trip_sealed (log_index, quarter, wrapped, sealed_sha256)", rows)


async def where_sealed(conn: Conn, sealed_sha256: bytes) -> int | None:
    """The leaf that has this X: its proof's, or that of its having been carried in."""
    found = await conn.execute(
        "SELECT log_index FROM trip_sealed WHERE sealed_sha256 = %s"
        " ORDER BY log_index DESC LIMIT 1",
        (sealed_sha256,),
    )
    row = await found.fetchone()
    return row[0] if row else None


async def keep_checkpoint(conn: Conn, size: int, note: str, at: int) -> str:
    """The checkpoint over `size` leaves: this one, or the one that was published first."""
    kept = await conn.execute(
        "INSERT INTO trip_checkpoint (size, at, note) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (size, datetime.fromtimestamp(at, UTC), note),
    )
    return note if kept.rowcount else await checkpoint(conn, size) or note


async def checkpoint(conn: Conn, size: int) -> str | None:
    """The published checkpoint over `size` leaves."""
    found = await conn.execute("SELECT note FROM trip_checkpoint WHERE size = %s", (size,))
    row = await found.fetchone()
    return row[0] if row else None


async def checkpoints(conn: Conn, most: int) -> AsyncIterator[str]:
    """Every published one up to that size, by size."""
    async with conn.cursor(name="trip_checkpoints") as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        await cursor.execute(
            "SELECT note FROM trip_checkpoint WHERE size <= %s ORDER BY size", (most,)
        )
        async for (note,) in cursor:
            yield note


async def _copy(conn: Conn, into: LiteralString, rows: Iterable[Sequence[Any]]) -> None:
    """Rows at a third of what as many INSERTs cost."""
    async with conn.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            await copy.write_row(row)
