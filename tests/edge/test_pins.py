"""The box: what its lights say, what its button asks for, when its fan runs. Mock pins."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin
from hypothesis import given
from hypothesis import strategies as st

from edge import pins
from edge.pins import Box, Pins
from edge.wire.messages import Observing

PATIENCE_S = 10.0


@dataclass
class Node:
    """What the box sees of the node."""

    observing: Observing | None = None
    looks: bool = True
    hears_hub: bool = True
    temperature_c: float | None = 40.0
    done: list[str] = field(default_factory=list)

    def box(self) -> Box:
        return Box(
            observing=lambda: self.observing,
            looks=lambda: self.looks,
            hears_hub=lambda: self.hears_hub,
            temperature_c=lambda: self.temperature_c,
            pause=lambda: self.done.append("pause"),
            enrol_again=lambda: self.done.append("enrol again"),
        )


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def box(node: Node, factory: MockFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pins]:
    monkeypatch.setattr(pins, "FAN_EVERY_S", 0.05)
    made = Pins(node.box(), factory)
    factory.pin(pins.LID).drive_low()
    made.start()
    yield made
    made.close()


def until(true: Callable[[], Any]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("observing", "hears_hub", "identify_s", "light"),
    [
        (None, False, 0, "boot"),
        ("ok", True, 0, "ok"),
        ("ok", False, 0, "no-hub"),
        ("fault", True, 0, "camera-fault"),
        ("fault", False, 0, "camera-fault"),
        ("paused", False, 0, "paused"),
        ("fault", False, 3.0, "identify"),
    ],
)
def test_each_state_has_its_light(observing, hears_hub, identify_s, light):
    assert pins.light_of(observing, hears_hub=hears_hub, identify_s=identify_s) == light


def test_no_two_lights_look_alike():
    assert len(set(pins.PATTERNS.values())) == len(pins.PATTERNS)
    flashes = [len(pins.PATTERNS[light]) for light in ("ok", "no-hub", "camera-fault")]
    assert flashes == [1, 2, 3]


@pytest.mark.parametrize(
    ("held_s", "press"),
    [(0.1, "short"), (1.0, "short"), (2.0, "nothing"), (3.0, "long"), (9.9, "long"),
     (10.0, "very-long"), (60.0, "very-long")],
)  # fmt: skip
def test_how_long_a_press_lasts_says_what_it_asks_for(held_s: float, press: str):
    assert pins.press_of(held_s) == press


@given(st.floats(-40, 120), st.floats(0, 1))
def test_the_fan_is_off_or_fast_enough_to_turn(temperature_c: float, before: float):
    speed = pins.fan_speed(temperature_c, before)
    assert speed == 0 or pins.FAN_LEAST <= speed <= 1
    assert temperature_c < 75 or speed == 1
    assert temperature_c >= 50 or speed == 0


def test_the_fan_does_not_flutter_and_runs_without_a_thermometer():
    assert pins.fan_speed(52, 0.0) == 0
    assert pins.fan_speed(52, 0.4) == 0.4
    assert pins.fan_speed(None, 0.0) == 1.0


@pytest.mark.parametrize(("held_s", "done"), [(4.0, ["pause"]), (11.0, ["enrol again"]), (2.0, [])])
def test_the_button_asks_the_node(
    box: Pins, node: Node, factory: MockFactory, monkeypatch, held_s: float, done: list[str]
):
    began_s = time.monotonic()
    factory.pin(pins.BUTTON).drive_low()
    monkeypatch.setattr(pins.time, "monotonic", lambda: began_s + held_s + 0.001)
    factory.pin(pins.BUTTON).drive_high()
    monkeypatch.undo()
    assert node.done == done


def test_a_short_press_makes_it_shine_to_be_found(box: Pins, node: Node, factory: MockFactory):
    node.observing = "ok"
    assert box.light() == "ok"
    factory.pin(pins.BUTTON).drive_low()
    factory.pin(pins.BUTTON).drive_high()
    assert box.light() == "identify"
    box.identify(0)
    assert box.light() == "ok"


def test_the_status_light_blinks_and_follows_the_state(box: Pins, node: Node, factory: MockFactory):
    lit = factory.pin(pins.STATUS_LED)
    for state in (True, False, True):
        until(lambda state=state: bool(lit.state) is state)
    node.observing = "paused"
    time.sleep(0.3)  # the last quick flash is over, the long one has begun
    until(lambda: bool(lit.state))
    began_s = time.monotonic()
    until(lambda: not lit.state)
    assert time.monotonic() - began_s > 0.3  # long and slow


def test_the_camera_light_is_on_while_the_camera_is(box: Pins, node: Node, factory: MockFactory):
    until(lambda: factory.pin(pins.CAMERA_LED).state)
    node.looks = False
    until(lambda: not factory.pin(pins.CAMERA_LED).state)


def test_the_fan_follows_the_heat(box: Pins, node: Node, factory: MockFactory):
    fan = factory.pin(pins.FAN)
    until(lambda: fan.state == 0)
    node.temperature_c = 80.0
    until(lambda: fan.state == 1.0)


def test_an_opened_box_is_noticed(box: Pins, factory: MockFactory):
    factory.pin(pins.LID).drive_low()
    assert box.lid_open is False
    factory.pin(pins.LID).drive_high()
    assert box.lid_open is True


def test_a_box_without_the_switch_is_not_open(node: Node, factory: MockFactory):
    made = Pins(node.box(), factory)
    made.start()
    assert made.lid_open is None
    made.close()


def test_a_node_that_ends_leaves_the_fan_running_and_the_lights_off(
    node: Node, factory: MockFactory
):
    made = Pins(node.box(), factory)
    made.start()
    made.close()
    assert factory.pin(pins.FAN).state == 1.0
    assert not factory.pin(pins.STATUS_LED).state


def test_only_a_raspberry_pi_has_pins(tmp_path: Path):
    assert not pins.there_are_pins(tmp_path)
    (tmp_path / "proc/device-tree").mkdir(parents=True)
    (tmp_path / "proc/device-tree/model").write_text("Raspberry Pi 5 Model B Rev 1.0\0")
    assert pins.there_are_pins(tmp_path)
