"""What nodes say of themselves, and what the hub wants of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from edge.wire.messages import ConfigReported, NodeHealth, NodeState
from edge.wire.topics import NodeName
from hub.devices.store import fared
from hub.kit.db import CONFIG

Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The configuration that `node` should hear; None: none, and no older one either."""

    node: NodeName
    payload: bytes | None


def begin_epoch(conn: Connection[Any]) -> UUID:
    """Make this hub another one: to be called once its database was restored from a backup.

    Nodes then believe marks that are lower than those they heard, and send again what they still
    have. A running `ingest` says the new epoch with its next mark; the caller commits.
    """
    row = conn.execute("UPDATE hub SET epoch = gen_random_uuid() RETURNING epoch").fetchone()
    if row is None:
        raise LookupError("Table hub is empty. Run `python -m hub migrate` on a new database.")
    return row[0]


def wanted_configs(conn: Connection[Any]) -> list[Wanted]:
    """What every node should hear on `config/wanted`, exact to the byte."""
    rows = conn.execute(
        """
        SELECT site, node, CASE WHEN retired_at IS NULL THEN wanted END
          FROM node
         ORDER BY site, node
        """
    )
    return [Wanted(NodeName(site, node), payload) for site, node, payload in rows]


def listen_for_config(conn: Connection[Any]) -> None:
    """From now on `config_changed` has something to say. `conn` must be autocommit."""
    conn.execute(f"LISTEN {CONFIG}")


def config_changed(conn: Connection[Any]) -> bool:
    """Whether somebody said NOTIFY config since the last call. Does not wait."""
    return bool(list(conn.notifies(timeout=0)))


def lock(conn: Connection[Any], names: Iterable[NodeName]) -> set[NodeName]:
    """Lock these nodes' rows and return those that are registered, retired ones too.

    In key order and once a transaction: two doors hear the same retained topics at once.
    """
    rows = conn.execute(
        """
        SELECT n.site, n.node
          FROM node n
          JOIN unnest(%(sites)s::text[], %(nodes)s::text[]) AS k (site, node) USING (site, node)
         ORDER BY n.site, n.node
           FOR NO KEY UPDATE OF n
        """,
        _columns(list(names)),
    )
    return {NodeName(site, node) for site, node in rows}


def heard_states(
    conn: Connection[Any], said: Mapping[NodeName, NodeState | None], now: datetime
) -> None:
    """Remember births, changes and wills; None: the node was removed from the broker.

    A will speaks for its own session only: an older one says nothing of the connection that
    came after it. A birth of another boot is believed whatever its session, because a new card
    begins to count anew.
    """
    conn.cursor().executemany(
        """
        UPDATE node
           SET state = %(state)s::jsonb, state_at = %(now)s,
               boots = CASE WHEN %(online)s
                            THEN (array_prepend(%(boot_id)s::uuid,
                                                array_remove(boots, %(boot_id)s::uuid)))[1:8]
                            ELSE boots END
         WHERE site = %(site)s AND node = %(node)s
           AND state IS DISTINCT FROM %(state)s::jsonb
           AND (state IS NULL OR %(state)s::jsonb IS NULL
                OR (state->>'session')::bigint < %(session)s
                OR ((state->>'session')::bigint = %(session)s AND state->>'boot_id' = %(boot_id)s)
                OR (%(online)s AND state->>'boot_id' <> %(boot_id)s))
        """,
        [
            {
                "site": name.site,
                "node": name.node,
                "state": state.model_dump_json() if state else None,
                "session": state.session if state else None,
                "boot_id": str(state.boot_id) if state else None,
                "online": state.online if state else None,
                "now": now,
            }
            for name, state in _in_order(said)
        ],
    )


def twins(conn: Connection[Any], said: Mapping[NodeName, NodeState | None]) -> set[NodeName]:
    """The names under which a boot is born again after a later one spoke; before `heard_states`.

    One machine's boots follow one another, and its sessions grow. So this is another machine
    that has the same name: a copied card, or a name given twice.
    """
    born = {name: state for name, state in said.items() if state is not None and state.online}
    rows = conn.execute(
        """
        SELECT n.site, n.node
          FROM node n
          JOIN unnest(%(sites)s::text[], %(nodes)s::text[],
                      %(boots)s::uuid[], %(sessions)s::bigint[])
            AS k (site, node, boot, session) USING (site, node)
         WHERE k.boot = ANY (n.boots) AND k.boot <> n.boots[1]
           AND k.session > (n.state->>'session')::bigint
        """,
        {
            **_columns(list(born)),
            "boots": [state.boot_id for state in born.values()],
            "sessions": [state.session for state in born.values()],
        },
    )
    return {NodeName(site, node) for site, node in rows}


def heard_twins(conn: Connection[Any], names: Iterable[NodeName], now: datetime) -> None:
    """Remember that two machines speak under each of these names."""
    conn.execute(
        """
        UPDATE node SET twin_at = %(now)s
          FROM unnest(%(sites)s::text[], %(nodes)s::text[]) AS k (site, node)
         WHERE node.site = k.site AND node.node = k.node
        """,
        {**_columns(list(names)), "now": now},
    )


def heard_since(conn: Connection[Any], at: Mapping[NodeName, datetime], now: datetime) -> None:
    """A node that observed something after its will was heard is not offline."""
    if not at:
        return
    names = [name for name, _ in _in_order(at)]
    conn.execute(
        """
        UPDATE node
           SET state = jsonb_set(state, '{online}', 'true'), state_at = k.at
          FROM unnest(%(sites)s::text[], %(nodes)s::text[], %(ats)s::timestamptz[])
            AS k (site, node, at)
         WHERE node.site = k.site AND node.node = k.node
           AND node.state->>'online' = 'false' AND node.state_at < k.at
        """,
        {**_columns(names), "ats": [min(at[name], now) for name in names]},
    )


def heard_health(conn: Connection[Any], said: Mapping[NodeName, NodeHealth], now: datetime) -> None:
    """Remember the newest health of each node, and the worst of each five minutes."""
    conn.cursor().executemany(
        """
        UPDATE node
           SET health = %(health)s::jsonb, health_at = %(now)s
         WHERE site = %(site)s AND node = %(node)s
        """,
        [
            {"site": n.site, "node": n.node, "health": health.model_dump_json(), "now": now}
            for n, health in _in_order(said)
        ],
    )
    fared.record(conn, _in_order(said), now)


def heard_configs(
    conn: Connection[Any], said: Mapping[NodeName, ConfigReported | None], now: datetime
) -> None:
    """Remember which configuration each node runs, or why it refused one."""
    conn.cursor().executemany(
        """
        UPDATE node
           SET reported = %(reported)s::jsonb, reported_at = %(now)s
         WHERE site = %(site)s AND node = %(node)s
           AND reported IS DISTINCT FROM %(reported)s::jsonb
        """,
        [
            {
                "site": name.site,
                "node": name.node,
                "reported": reported.model_dump_json() if reported else None,
                "now": now,
            }
            for name, reported in _in_order(said)
        ],
    )


def _in_order(said: Mapping[NodeName, Any]) -> list[tuple[NodeName, Any]]:
    return sorted(said.items(), key=lambda item: (item[0].site, item[0].node))


def _columns(names: list[NodeName]) -> Columns:
    return {"sites": [name.site for name in names], "nodes": [name.node for name in names]}
