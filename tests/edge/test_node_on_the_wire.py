"""A whole node, as a process, with a real broker between it and a small other side."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from edge.wire.messages import CountObserved
from edge.wire.topics import NodeName
from hub.kit.embedded.broker import HUB_USER, Broker
from tests.edge.other_side import OtherSide

NAME = NodeName("demo", "cam-1")
ROOT = Path(__file__).parents[2]
ZONES = (
    b'{"revision":1,"rates":{"frames_per_s":6},"zones":['
    b'{"zone":"queue","near":true,"polygon":[[0,0.4],[1,0.4],[1,1],[0,1]]}]}'
)


class Process:
    """The node's process."""

    def __init__(self, env: dict[str, str], program: list[str]) -> None:
        self.log = Path(env["EDGE_DATA_DIR"]) / "node.log"
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                [sys.executable, *program], env=env, cwd=ROOT, stdout=out, stderr=out
            )

    def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Signal it and wait; how long it took, in seconds."""
        began_s = time.monotonic()
        self.child.send_signal(how)
        self.child.wait(20)
        return time.monotonic() - began_s


class Nodes:
    """Starts nodes that share a data folder, and ends those that are left."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.folder, self.broker, self.started = folder, broker, list[Process]()

    def start(self, *program: str, **env: str) -> Process:
        told = {
            "EDGE_SITE": "demo",
            "EDGE_NODE": "cam-1",
            "EDGE_BROKER_URL": self.broker.url(str(NAME)),
            "EDGE_BROKER_PASSWORD": self.broker.passwords[str(NAME)],
            "EDGE_DATA_DIR": str(self.folder),
            "EDGE_WINDOW_S": "1",
            "EDGE_FRAMES_PER_S": "8",
            "EDGE_CLOCK_TRUSTED": "1",
            "EDGE_LOG_LEVEL": "DEBUG",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("EDGE_")}
        process = Process(
            {**kept, "PYTHONPATH": str(ROOT), **told, **env},
            list(program) or ["-m", "tests.edge.drawn_node"],
        )
        self.started.append(process)
        return process

    def close(self) -> None:
        for process in self.started:
            if process.child.poll() is None:
                process.child.kill()
                process.child.wait()
            print(process.log.read_text())


def other_side(broker: Broker, **more: Any) -> OtherSide:
    return OtherSide(
        NAME, port=broker.port, user=HUB_USER, password=broker.passwords[HUB_USER], **more
    )


@pytest.fixture
def nodes(tmp_path: Path, broker: Broker) -> Iterator[Nodes]:
    made = Nodes(tmp_path, broker)
    yield made
    made.close()


@pytest.fixture
def hub(broker: Broker) -> Iterator[OtherSide]:
    made = other_side(broker)
    yield made
    made.close()


def up_to(hub: OtherSide, seq: int) -> Callable[[], bool]:
    """Every seq from the first to `seq` was heard."""
    return lambda: set(range(1, seq + 1)) <= set(hub.seqs())


def told_one_thing(counts: list[CountObserved]) -> bool:
    """Each seq was always told with the same contents (`oldest` apart)."""
    seen: dict[int, CountObserved] = {}
    for count in counts:
        same = count.model_copy(update={"oldest": 1})
        if seen.setdefault(count.seq, same) != same:
            return False
    return True


def test_a_node_is_born_and_its_counts_arrive_with_growing_seq(tmp_path: Path, each_broker: Broker):
    hub, nodes = other_side(each_broker), Nodes(tmp_path, each_broker)
    try:
        node = nodes.start()
        hub.wait_for(lambda: hub.states[0].online)
        hub.wait_for(up_to(hub, 4))
        assert hub.counts[0].zones[0].zone == "all"
        assert 3 <= hub.counts[2].zones[0].people <= 6
        assert hub.wait_for(lambda: hub.health[0]).clock_source == "ntp"
        assert node.end() < 2.0
        assert node.child.returncode == 0
        gone = hub.wait_for(lambda: [s for s in hub.states if not s.online])
        assert {s.session for s in gone} == {hub.states[0].session}
    finally:
        nodes.close()
        hub.close()


def test_nothing_is_lost_when_the_broker_is_killed_and_comes_back(
    nodes: Nodes, hub: OtherSide, broker: Broker
):
    nodes.start()
    hub.wait_for(up_to(hub, 3))
    session = hub.states[-1].session
    for _ in range(2):
        broker.child.kill()
        broker.child.wait()
        time.sleep(2.5)
        broker.restart()
        hub.wait_for(up_to(hub, max(hub.seqs()) + 4))
    assert told_one_thing(hub.counts)
    assert hub.states[-1].session > session


def test_nothing_is_lost_and_no_seq_is_given_twice_when_the_node_is_killed(
    nodes: Nodes, hub: OtherSide
):
    for _ in range(3):
        node = nodes.start()
        after = max(hub.seqs(), default=0)
        hub.wait_for(up_to(hub, after + 2))
        session = hub.states[-1].session
        node.end(signal.SIGKILL)
        hub.wait_for(lambda s=session: any(w.session == s for w in hub.states if not w.online))
    assert told_one_thing(hub.counts)
    assert len({c.spool for c in hub.counts}) == 1
    sessions = [s.session for s in hub.states]
    assert sessions == sorted(sessions)


def test_what_a_silent_hub_did_not_hold_is_sent_again_until_it_is_held(
    nodes: Nodes, broker: Broker
):
    deaf = other_side(broker, holding=False)
    node = nodes.start()
    deaf.wait_for(up_to(deaf, 4))
    node.end()
    deaf.close()
    hub = other_side(broker)
    try:
        nodes.start()
        hub.wait_for(up_to(hub, 6))
        assert hub.counts[0].seq == 1
        hub.wait_for(lambda: hub.health[-1].outbox_depth <= 2)
    finally:
        hub.close()


def test_a_wanted_configuration_is_applied_reported_and_kept(nodes: Nodes, hub: OtherSide):
    sha256 = hashlib.sha256(ZONES).hexdigest()
    node = nodes.start(EDGE_FRAMES_PER_S="")
    hub.wait_for(up_to(hub, 1))
    hub.say("config/wanted", ZONES)
    assert hub.wait_for(lambda: hub.reported[0]).sha256 == sha256
    first = hub.wait_for(lambda: [c for c in hub.counts if c.zones[0].zone == "queue"])[0]
    hub.wait_for(lambda: hub.states[-1].config_hash == sha256)
    hub.wait_for(up_to(hub, first.seq + 1))
    hub.say("config/wanted", b'{"revision":2,"zones":[{"zone":"q","polygon":[[0,0],[1,1]]}]}')
    assert hub.wait_for(lambda: [r for r in hub.reported if r.refused])[0].revision == 2
    node.end()
    hub.say("config/wanted", b"")
    after = max(hub.seqs())
    nodes.start()
    hub.wait_for(up_to(hub, after + 2))
    later = [c.zones[0] for c in hub.counts if c.seq > first.seq]
    assert {zone.zone for zone in later} == {"queue"}
    assert min(zone.people for zone in later) >= 3


def test_a_broken_camera_is_a_fault_and_never_a_count(nodes: Nodes, hub: OtherSide):
    nodes.start()
    hub.wait_for(up_to(hub, 2))
    broken = nodes.folder / "CAMERA_BROKEN"
    broken.touch()
    fault = hub.wait_for(lambda: hub.states[-1].observing == "fault" and hub.states[-1].fault)
    assert "remove CAMERA_BROKEN" in str(fault)
    time.sleep(2.5)
    counted = len(hub.seqs())
    time.sleep(3.0)
    assert len(hub.seqs()) == counted
    broken.unlink()
    hub.wait_for(lambda: hub.states[-1].observing == "ok")
    hub.wait_for(up_to(hub, counted + 2))
    assert hub.states[-1].fault is None


def test_windows_are_stamped_by_the_hubs_time_where_there_is_no_ntp(nodes: Nodes, hub: OtherSide):
    nodes.start(NO_NTP="1", EDGE_CLOCK_TRUSTED="0")
    hub.wait_for(up_to(hub, 3))
    assert all(c.clock_synced for c in hub.counts)
    assert abs(hub.counts[-1].window_start.timestamp() - time.time()) < 5.0
    assert hub.wait_for(lambda: hub.health[0]).clock_source == "hub"


def test_without_any_time_windows_wait_and_then_go_unsynchronised_or_are_stamped(
    nodes: Nodes, hub: OtherSide
):
    hub.time_said = False
    nodes.start(NO_NTP="1", EDGE_CLOCK_TRUSTED="0")
    hub.wait_for(lambda: hub.health[0].outbox_depth >= 1)
    assert hub.health[0].clock_source == "none"
    assert hub.counts == []
    hub.time_said = True
    hub.wait_for(up_to(hub, 2))
    assert hub.counts[0].clock_synced


def test_after_a_minute_without_any_time_windows_go_as_unsynchronised_and_stay_so(
    nodes: Nodes, hub: OtherSide
):
    hub.time_said = False
    nodes.start(NO_NTP="1", EDGE_CLOCK_TRUSTED="0", WAIT_FOR_SYNC_S="3")
    hub.wait_for(up_to(hub, 3))
    assert not any(c.clock_synced for c in hub.counts)
    hub.holding = False
    guessed = len(hub.seqs())
    hub.time_said = True
    hub.wait_for(lambda: hub.counts[-1].clock_synced)
    hub.wait_for(up_to(hub, guessed + 3))
    assert told_one_thing(hub.counts)


def test_what_was_said_into_a_hubs_silence_is_sent_again_when_it_is_back(
    nodes: Nodes, hub: OtherSide
):
    nodes.start(HUB_SILENT_S="3")
    hub.wait_for(up_to(hub, 2))
    hub.hearing = hub.time_said = False
    time.sleep(5.0)
    lost_from = max(hub.seqs()) + 1
    hub.hearing = hub.time_said = True
    hub.wait_for(up_to(hub, lost_from + 5), patience_s=8)
    assert told_one_thing(hub.counts)


def test_what_a_broker_had_nobody_to_give_to_is_sent_again_when_the_hub_comes(
    nodes: Nodes, hub: OtherSide
):
    hub.hearing = hub.time_said = False
    node = nodes.start()
    until_s = time.monotonic() + 20
    while "seq=3" not in node.log.read_text():
        assert time.monotonic() < until_s
        time.sleep(0.1)
    hub.hearing = hub.time_said = True
    hub.wait_for(up_to(hub, 3), patience_s=8)
    assert told_one_thing(hub.counts)


@pytest.mark.parametrize("broken_by", ["refusing", "silent"])
def test_a_node_without_a_broker_counts_on_and_ends_within_two_seconds(
    nodes: Nodes, broken_by: str
):
    with socket.socket() as black_hole:
        black_hole.bind(("127.0.0.1", 0))
        if broken_by == "silent":
            black_hole.listen()  # accepts, and never says a word
        port = black_hole.getsockname()[1]
        node = nodes.start(EDGE_BROKER_URL=f"mqtt://127.0.0.1:{port}")
        until_s = time.monotonic() + 15
        while "seq=2" not in node.log.read_text():
            assert time.monotonic() < until_s
            time.sleep(0.1)
        assert node.end() < 2.0
        assert node.child.returncode == 0


def test_systemd_is_pinged_only_after_fresh_frames(nodes: Nodes, hub: OtherSide):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        address = str(nodes.folder / "notify")
        systemd.bind(address)
        systemd.settimeout(15.0)
        nodes.start(NOTIFY_SOCKET=address)
        assert systemd.recv(200).startswith(b"READY=1")
        assert systemd.recv(200) == b"WATCHDOG=1"
        (nodes.folder / "CAMERA_SILENT").touch()
        systemd.settimeout(1.5)
        pings = 0
        with suppress(TimeoutError):
            while pings < 100:
                assert systemd.recv(200) == b"WATCHDOG=1"
                pings += 1
        assert pings < 30  # those of the frames before; then silence


def test_a_second_node_with_the_same_folder_is_refused_in_one_sentence(
    nodes: Nodes, hub: OtherSide
):
    nodes.start()
    hub.wait_for(up_to(hub, 1))
    second = nodes.start()
    assert second.child.wait(20) == 2
    assert "EDGE_DATA_DIR" in second.log.read_text()


@pytest.mark.assets
def test_the_real_program_counts_the_real_video(nodes: Nodes, hub: OtherSide, assets: Path):
    node = nodes.start("-m", "edge", "run", EDGE_WINDOW_S="2", CHEONGSA_ASSETS=str(assets))
    hub.wait_for(up_to(hub, 4), patience_s=60)
    assert max(z.people for c in hub.counts for z in c.zones) >= 3
    source = hub.states[0].source
    assert source is not None
    assert (source.kind, source.detector[:4]) == ("recording", "YOLO")
    assert node.end() < 2.0
