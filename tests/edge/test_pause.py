"""A pause switches the camera off, counts nobody, says so, and ends by itself."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from edge import box, pins
from edge import clock as clocks
from edge.camera import CameraEnded, Frame
from edge.camera.reopening import Reopening
from edge.configure import Configuration
from edge.counting.counter import Plan
from edge.detect import People
from edge.node import Node, Sight
from edge.outbox import Limits, Outbox
from edge.pause import Pause
from edge.settings import Settings
from edge.watchdog import Watchdog
from edge.wire.messages import NodeConfig, NodeHealth, Rates, Source, ZoneShape

ZONE = ZoneShape(zone="queue", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))
RATES = Rates(frames_per_s=20.0, window_s=1.0)


class Camera:
    """Grey pictures; it knows whether it is on."""

    on: int = 0

    def __init__(self) -> None:
        self._closed = False
        Camera.on += 1

    def read(self) -> Frame:
        time.sleep(0.02)
        if self._closed:
            raise CameraEnded("closed")
        return Frame(np.full((9, 16, 3), 128, np.uint8), time.monotonic())

    def close(self) -> None:
        Camera.on -= not self._closed
        self._closed = True


class Nobody:
    name = "sees nobody"

    def detect(self, image_bgr: object) -> People:  # noqa: ARG002
        return People.nobody()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path, UUID(int=1), Limits(1.0, 10_000_000))
    yield outbox
    outbox.close()


@pytest.fixture
def told() -> list[NodeHealth]:
    """What the node said of itself."""
    return []


@pytest.fixture
def node(
    settings: Settings, outbox: Outbox, tmp_path: Path, told: list[NodeHealth]
) -> Iterator[Node]:
    Camera.on = 0
    sight = Sight(
        lambda _rate: Reopening(Camera), Nobody(),
        Source(kind="simulated", name="grey", detector="nobody"),
    )  # fmt: skip
    config = NodeConfig(revision=1, zones=(ZONE,), rates=RATES)
    configuration = Configuration(tmp_path, config, Plan.of)
    clock = clocks.begin(trusted=True)
    node = Node(settings, sight, configuration, outbox, clock, Watchdog({}), time.monotonic())
    stop = threading.Event()
    thread = threading.Thread(target=node.run, args=(stop, told.append))
    thread.start()
    yield node
    stop.set()
    thread.join()
    node.close()


def until(true: Callable[[], object]) -> None:
    end_s = time.monotonic() + 15
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.02)


def test_while_it_lasts_the_camera_is_off_and_nothing_is_counted(node: Node, outbox: Outbox):
    until(lambda: outbox.depth().rows >= 1)
    assert node.state(1).observing == "ok"
    node.pause.begin(60)
    until(lambda: Camera.on == 0)
    assert node.state(1).observing == "paused"
    assert not node.looks()
    time.sleep(2.8)  # the window that was open is closed by now
    rows = outbox.depth().rows
    time.sleep(1.5)
    assert outbox.depth().rows == rows
    assert Camera.on == 0
    node.pause.end()
    until(lambda: outbox.depth().rows > rows)
    assert node.state(1).observing == "ok"
    assert Camera.on == 1


def test_how_long_it_lasts_is_told_at_once_and_so_is_its_end(
    node: Node, outbox: Outbox, told: list[NodeHealth]
):
    until(lambda: outbox.depth().rows >= 1)
    node.pause.begin(600)
    until(lambda: told and told[-1].pause_left_s is not None)
    assert told[-1].observing == "paused"
    left_s = told[-1].pause_left_s
    assert left_s is not None
    assert 0 < left_s <= 600
    node.pause.end()
    until(lambda: told[-1].pause_left_s is None)


def test_it_ends_by_itself(node: Node, outbox: Outbox):
    until(lambda: outbox.depth().rows >= 1)
    node.pause.begin(0.5)
    until(lambda: node.state(1).observing == "paused")
    until(lambda: node.state(1).observing == "ok" and Camera.on == 1)


def test_a_paused_node_ends_when_it_is_told_to(node: Node, outbox: Outbox):
    until(lambda: outbox.depth().rows >= 1)
    node.pause.begin(60)
    until(lambda: Camera.on == 0)
    began_s = time.monotonic()
    node.close()
    assert time.monotonic() - began_s < 5
    assert Camera.on == 0


def test_the_button_on_the_box_begins_and_ends_it(node: Node, settings: Settings, outbox: Outbox):
    factory = MockFactory(pin_class=MockPWMPin)
    stop = threading.Event()
    until(lambda: outbox.depth().rows >= 1)
    with box.lit(node, settings, stop, factory) as wired:
        assert isinstance(wired, pins.Pins)
        assert wired.light() == "no-hub"  # nobody tells it the time here
        node.pause.toggle()
        until(lambda: wired.light() == "paused")
        until(lambda: not factory.pin(pins.CAMERA_LED).state)
        node.pause.toggle()
        until(lambda: factory.pin(pins.CAMERA_LED).state)
    factory.reset()


def test_a_pause_that_is_asked_for_again_lasts_from_then():
    now_s = 100.0
    pause = Pause(lambda: now_s)
    pause.begin(60)
    now_s = 150.0
    assert pause.left_s() == 10
    pause.begin(60)
    assert pause.left_s() == 60
    pause.toggle()
    assert pause.left_s() == 0
