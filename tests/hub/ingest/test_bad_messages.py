"""Whatever is sent, the door goes on: each message is stored, or refused with its reason.

`make fuzz` sends a hundred thousand.
"""

import os
from typing import Any

import psutil

from edge.wire.topics import TIME
from hub.devices.store import letters
from hub.kit.embedded.broker import Broker
from tests.hub.ingest.conftest import Door, Node, Office, until
from tests.hub.ingest.garbage import ledger
from tests.seeds import SEED

TIMES = int(os.environ.get("FUZZ_TIMES", "3000"))
GROWS_MIB = 250.0  # the inbox is bounded by bytes; see hub.ingest.link


def test_each_bad_message_is_a_letter_with_its_reason_and_each_good_one_is_stored_once(
    door: Door, office: Office, broker: Broker, node: Node
):
    door.start()
    until(lambda: node.on(TIME))  # said once it hears
    program = psutil.Process(door.child.pid)
    sent = ledger.send(broker, office, program, TIMES, SEED)

    assert ledger.missing(office, sent) == []
    assert office.rows("SELECT DISTINCT topic FROM written WHERE length(reason) < 8") == []
    assert _good(office) == list(range(1, sent.good_seqs + 1))
    stored, refused = office.one(ledger.STORED), office.one(ledger.REFUSED)
    assert stored >= sent.of("stored")
    assert refused >= sent.of("refused")
    assert stored + refused == TIMES
    assert office.one("SELECT count(*) FROM dead_letter") <= letters.KEPT
    assert door.child.poll() is None
    assert program.memory_info().rss / 2**20 - sent.rss_mib[0] < GROWS_MIB
    _print(sent, office, stored, refused)


def _good(office: Office) -> list[int]:
    """The seqs of the one outbox that sent more than one window."""
    rows: list[Any] = office.rows(
        "SELECT seq FROM sample WHERE spool_id ="
        " (SELECT spool_id FROM sample GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) ORDER BY seq"
    )
    return [seq for (seq,) in rows]


def _print(sent: ledger.Sent, office: Office, stored: int, refused: int) -> None:
    print(f"\n{TIMES} messages, seed {SEED}, {sent.took_s:.0f} s, {TIMES / sent.took_s:.0f}/s")
    print(f"stored {stored}, refused {refused}, of them blindly changed {sent.of('either')}")
    print(f"memory of the door {sent.rss_mib[0]:.0f} -> at most {max(sent.rss_mib):.0f} MiB")
    print(f"letters on the disk {ledger.letters_bytes(office.conn) / 2**20:.1f} MiB")
    for (kind, fate), times in sorted(sent.messages.items()):
        print(f"  {kind:20} {fate:8} {times}")
