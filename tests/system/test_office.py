"""The harness itself: it notices what it is there to notice, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from hub.kit.embedded import broker as brokers
from tests.system.office import Office, verdict
from tests.system.office.part import ROOT

SMALL: dict[str, Any] = {"ingests": 1, "webs": 1, "workers": 0, "senders": 1, "cameras": 0}
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]


COPY = """
    INSERT INTO sample
    SELECT (window_start + %(later)s::interval) AS window_start, %(seq)s AS seq, zone_id, spool_id,
           window_s, density_per_m2, confidence, people, people_max, served, entered
      FROM sample
     WHERE seq = %(of)s
"""


def test_the_verdict_and_the_onlooker_notice_every_kind_of_wrong(tmp_path: Path):
    with Office(tmp_path, **SMALL) as office:
        time.sleep(2)
        before = office.verdict()
        assert before.nothing_lost, before
        last = before.made // len(office.sender_nodes["sender-1"]) - 1
        with verdict.connect(office.database.dsn) as conn:
            conn.execute("DELETE FROM sample WHERE seq = 1")
            conn.execute("UPDATE sample SET people = people + 1 WHERE seq = 2")
            conn.execute(COPY, {"seq": 3, "of": 3, "later": "-1 ms"})
            conn.execute(COPY, {"seq": 1000, "of": 3, "later": "-2 ms"})
            conn.execute(COPY, {"seq": last, "of": last, "later": "3 s"})
            conn.execute("UPDATE sample SET people = 99 WHERE seq = %s", (last,))
            conn.execute("NOTIFY density")
        found = office.verdict(1)
        assert {key.seq for key in found.missing} == {1}
        assert {key.seq for key in found.different} == {2, last}
        assert {key.seq for key in found.doubled} == {3, last}
        assert {key.seq for key in found.invented} == {1000}
        assert not found.is_clean
        until_s = time.monotonic() + 20
        while not any("showed 99" in lie for lie in office.onlooker.lies):
            assert time.monotonic() < until_s, office.onlooker.lies
            time.sleep(0.2)


def test_an_office_whose_test_is_killed_leaves_no_process(tmp_path: Path):
    program = (
        "import sys, time; from pathlib import Path; from tests.system.office import Office\n"
        f"with Office(Path(sys.argv[1]), **{SMALL!r}): print('begun', flush=True); time.sleep(600)"
    )
    test = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert test.stdout is not None
    assert test.stdout.readline() == "begun\n"
    family = psutil.Process(test.pid).children(recursive=True)
    assert len(family) >= 5
    test.send_signal(signal.SIGKILL)
    test.wait()
    test.stdout.close()
    _, left = psutil.wait_procs(family, timeout=20)
    assert left == []
