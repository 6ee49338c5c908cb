"""Write what the nodes counted. Reading is `series`; widths are `rollups`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString

from psycopg import Connection
from psycopg.errors import UniqueViolation

from edge.wire.messages import CountObserved
from edge.wire.topics import NodeName
from hub.density.errors import DensityError

ZONES_MAX: Final = 256  # of one node; more is a node that makes up names
COLUMNS: Final = (
    "window_start, seq, zone_id, spool_id, window_s, density_per_m2, confidence, people,"
    " people_max, served, entered"
)
TYPES: Final = ("timestamptz", "int8", "int4", "int4", "float4", "float4", "float4", *["int2"] * 4)

ZoneKey = tuple[str, str, str]
"""Site, node, zone."""


class TooManyZones(DensityError):
    """A node named more zones than anybody draws. Look at what it sends; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A window that is to be stored, and the outbox it came from."""

    node: NodeName
    spool_id: int
    count: CountObserved


def record(conn: Connection[Any], observed: Sequence[Observed], now: datetime) -> int:
    """Store the windows, each zone a row; return the number of rows. The door commits.

    Windows without a synchronised clock go to `sample_unsynced`. Zones that were never heard of
    are made, under their id. What is there already stays as it is.

    Raises:
        TooManyZones: a node has named more than `ZONES_MAX`.
    """
    zone_ids = _zone_ids(conn, {key for one in observed for key in _keys(one)})
    synced = [one for one in observed if one.count.clock_synced]
    _add_synced(conn, synced, zone_ids)
    _add_unsynced(conn, [one for one in observed if not one.count.clock_synced], zone_ids, now)
    return sum(len(one.count.zones) for one in observed)


def known(conn: Connection[Any], observed: Sequence[Observed]) -> list[bool]:
    """Of each window whether it is stored: under its seq, and with its time, which never changes.

    False under a seq that is held means that the seq was given to two windows.
    """
    rows = conn.execute(
        """
        SELECT EXISTS (SELECT FROM sample s
                        WHERE s.zone_id = zone.zone_id AND s.window_start = k.at
                          AND s.spool_id = k.spool_id AND s.seq = k.seq)
            OR EXISTS (SELECT FROM sample_unsynced u
                        WHERE u.spool_id = k.spool_id AND u.seq = k.seq
                          AND u.zone_id = zone.zone_id AND u.window_start = k.at)
          FROM unnest(%(sites)s::text[], %(nodes)s::text[], %(zones)s::text[],
                      %(ats)s::timestamptz[], %(spool_ids)s::int[], %(seqs)s::bigint[])
            WITH ORDINALITY AS k (site, node, zone, at, spool_id, seq, nth)
          LEFT JOIN zone USING (site, node, zone)
         ORDER BY k.nth
        """,
        {
            "sites": [one.node.site for one in observed],
            "nodes": [one.node.node for one in observed],
            "zones": [one.count.zones[0].zone for one in observed],
            "ats": [one.count.window_start for one in observed],
            "spool_ids": [one.spool_id for one in observed],
            "seqs": [one.count.seq for one in observed],
        },
    )
    return [is_there for (is_there,) in rows]


def _keys(one: Observed) -> Iterator[ZoneKey]:
    return ((one.node.site, one.node.node, zone.zone) for zone in one.count.zones)


def _zone_ids(conn: Connection[Any], keys: set[ZoneKey]) -> dict[ZoneKey, int]:
    found = _find_zones(conn, keys)
    if missing := keys - found.keys():
        _make_zones(conn, missing)
        found |= _find_zones(conn, missing)
    if missing := keys - found.keys():
        raise TooManyZones(f"{sorted(missing)[0]}: its node has {ZONES_MAX} zones already")
    return found


def _columns(keys: Iterable[ZoneKey]) -> dict[str, Any]:
    ordered = sorted(keys)
    return {
        name: [key[part] for key in ordered]
        for part, name in enumerate(("sites", "nodes", "zones"))
    }


def _find_zones(conn: Connection[Any], keys: set[ZoneKey]) -> dict[ZoneKey, int]:
    rows = conn.execute(
        """
        SELECT site, node, zone, zone_id
          FROM zone
          JOIN unnest(%(sites)s::text[], %(nodes)s::text[], %(zones)s::text[])
            AS k (site, node, zone) USING (site, node, zone)
        """,
        _columns(keys),
    )
    return {(site, node, zone): zone_id for site, node, zone, zone_id in rows}


def _make_zones(conn: Connection[Any], keys: set[ZoneKey]) -> None:
    conn.execute(
        """
        INSERT INTO zone (site, node, zone, name, name_en)
        SELECT site, node, k.zone, k.zone, k.zone
          FROM (SELECT *, row_number() OVER (PARTITION BY site, node ORDER BY zone) AS nth
                  FROM unnest(%(sites)s::text[], %(nodes)s::text[], %(zones)s::text[])
                    AS u (site, node, zone)) AS k
          JOIN node USING (site, node)
         WHERE nth + (SELECT count(*) FROM zone z
                       WHERE z.site = k.site AND z.node = k.node) <= %(most)s
         ORDER BY site, node, k.zone
            ON CONFLICT DO NOTHING  -- another door made it first
        """,
        {**_columns(keys), "most": ZONES_MAX},
    )


def _add_synced(
    conn: Connection[Any], observed: Sequence[Observed], zone_ids: dict[ZoneKey, int]
) -> None:
    """COPY straight in: the outbox's lock has already dropped what is held.

    Should a row be there all the same (the outboxes' table was restored from a backup of another
    time), all go through a table of their own and only the new ones are kept.
    """
    if not observed:
        return
    days = sorted({one.count.window_start.date() for one in observed})
    conn.execute(
        "SELECT sample_days(d, d + interval '24 hours') FROM unnest(%s::timestamptz[]) AS d",
        (days,),
    )
    try:
        with conn.transaction():
            _copy(conn, f"COPY sample ({COLUMNS}) FROM STDIN (FORMAT binary)", observed, zone_ids)
    except UniqueViolation:
        _merge(conn, observed, zone_ids)


def _merge(
    conn: Connection[Any], observed: Sequence[Observed], zone_ids: dict[ZoneKey, int]
) -> None:
    conn.execute("CREATE TEMP TABLE came (LIKE sample) ON COMMIT DROP")
    _copy(conn, f"COPY came ({COLUMNS}) FROM STDIN (FORMAT binary)", observed, zone_ids)
    conn.execute(
        f"INSERT INTO sample ({COLUMNS}) SELECT {COLUMNS} FROM came ON CONFLICT DO NOTHING"  # noqa: S608
    )


def _copy(
    conn: Connection[Any],
    statement: LiteralString,
    observed: Sequence[Observed],
    zone_ids: dict[ZoneKey, int],
) -> None:
    with conn.cursor().copy(statement) as copy:
        copy.set_types(TYPES)
        write = copy.write_row
        for row in _rows(observed, zone_ids):
            write(row)


def _rows(observed: Iterable[Observed], zone_ids: dict[ZoneKey, int]) -> Iterator[tuple[Any, ...]]:
    for one in observed:
        site, node, count = one.node.site, one.node.node, one.count
        at, seq, spool_id, window_s = count.window_start, count.seq, one.spool_id, count.window_s
        for zone in count.zones:
            yield (
                at,
                seq,
                zone_ids[site, node, zone.zone],
                spool_id,
                window_s,
                zone.density_per_m2,
                zone.confidence,
                zone.people,
                zone.people_max,
                zone.served,
                zone.entered,
            )


def _add_unsynced(
    conn: Connection[Any],
    observed: Sequence[Observed],
    zone_ids: dict[ZoneKey, int],
    now: datetime,
) -> None:
    if not observed:
        return
    boots = [one.count.boot_id for one in observed for _ in one.count.zones]
    conn.cursor().executemany(
        f"""
        INSERT INTO sample_unsynced ({COLUMNS}, boot_id, received_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT DO NOTHING
        """,  # noqa: S608
        [(*row, boot, now) for row, boot in zip(_rows(observed, zone_ids), boots, strict=True)],
    )
