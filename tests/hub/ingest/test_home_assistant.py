"""Home Assistant is told by the real hub over a real broker: on, off, again, and nobody else."""

import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hub.density.home_assistant import config_topic, state_topic
from hub.kit.embedded import broker as brokers
from hub.kit.embedded.broker import HOME_ASSISTANT_USER, HUB_USER, Broker
from hub.web import app
from tests.conftest import TEST_NODES, Database
from tests.hub.density.home_assistant_rules import check_announcement, states
from tests.hub.ingest import conftest as parts
from tests.hub.ingest.conftest import NODE, Door, Node, Office
from tests.web import people
from tests.web.conftest import settings_for

PATIENCE_S = 90.0
NOT_AUTHORIZED = 0x87
SWITCH = "/api/v1/home-assistant"
CONFIG, STATE = config_topic(NODE), state_topic(NODE)
GONE = b'{"platform": "sensor"}'
only_mosquitto = pytest.mark.skipif(
    brokers.mosquitto() is None, reason="mosquitto 2 is not installed"
)


def until(true: Any) -> Any:
    return parts.until(true, PATIENCE_S)


@pytest.fixture
def broker(broker_folder: Path) -> Iterator[Broker]:
    """As anybody has it, and with an account for Home Assistant."""
    users = (*TEST_NODES, HOME_ASSISTANT_USER)
    running = brokers.start(broker_folder / uuid.uuid4().hex[:8], users)
    yield running
    running.stop()
    shutil.rmtree(running.place.files, ignore_errors=True)
    shutil.rmtree(running.place.sockets, ignore_errors=True)


@dataclass
class Home:
    """What a Home Assistant knows of the broker: what is retained, and all that it heard."""

    broker: Broker
    retained: dict[str, bytes] = field(default_factory=dict)
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = Client(CallbackAPIVersion.VERSION2)
        word = self.broker.passwords[HOME_ASSISTANT_USER]
        self.client.username_pw_set(HOME_ASSISTANT_USER, word)
        self.client.on_message = self._on_message
        self.client.on_connect = self._on_connect
        self.client.reconnect_delay_set(0, 1)
        self.client.connect(self.broker.host, self.broker.port)
        self.client.loop_start()
        until(self.client.is_connected)

    def _on_connect(self, client: Client, *_: object) -> None:
        client.subscribe("homeassistant/#", 1)

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))
        if message.payload:
            self.retained[message.topic] = bytes(message.payload)
        else:
            self.retained.pop(message.topic, None)

    def shown(self) -> dict[str, Any]:
        """The entities of the node, as far as they are announced, and none is just taken away."""
        if CONFIG not in self.retained or STATE not in self.retained:
            return {}
        if GONE in self.retained[CONFIG]:
            return {}
        return states(check_announcement(CONFIG, self.retained[CONFIG]), self.retained[STATE])

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_message = self.client.on_connect = None


@pytest.fixture
def home(broker: Broker) -> Iterator[Home]:
    made = Home(broker)
    yield made
    made.close()


@dataclass
class Live:
    """A node that counts now: each call of `goes_on` is another window, just over."""

    node: Node
    seq: int = 0

    def goes_on(self, people: int) -> None:
        self.seq += 1
        start = datetime.now(UTC) - timedelta(seconds=5)
        zones = ({"zone": "queue", "people": people, "people_max": people, "confidence": 0.9},)
        window = self.node.window(self.seq, window_start=start, zones=zones)
        self.node.say(window.encode())

    def until(self, people: int, true: Any) -> None:
        """Count so many until it is true; a window now and then is enough."""

        def is_true() -> Any:
            self.goes_on(people)
            time.sleep(0.3)
            return true()

        until(is_true)

    def until_shown(self, home: Home, people: int) -> None:
        self.until(people, lambda: home.shown().get("queue_people") == people)


def switch(office: Office, *, on: bool) -> None:
    office.conn.execute(
        "INSERT INTO home_assistant (is_on, set_at, set_by) VALUES (%s, now(), 'han')"
        " ON CONFLICT (one) DO UPDATE SET is_on = excluded.is_on",
        (on,),
    )
    office.conn.execute("NOTIFY config")


async def test_an_admin_switches_it_on_and_off_and_the_states_follow_the_counts(
    door: Door, office: Office, node: Node, home: Home, database: Database, conn: Any
):
    door.start()
    live = Live(node)
    await people.add(conn, "han", "admin")
    hub = app.create_app(settings_for(database))
    async with hub.api.router.lifespan_context(hub.api), people.browser(hub) as han:
        await han.sign_in("han")
        assert (await han.does("GET", SWITCH)).json()["on"] is False
        live.until(3, office.seqs)
        assert home.heard == []  # off until somebody switches it on
        assert (await han.does("PUT", SWITCH, json={"on": True})).status_code == 204
        live.until_shown(home, 3)
        live.until_shown(home, 7)
        assert home.shown()["queue_wait"] is None  # there is no line where people are served
        told = (await han.does("GET", SWITCH)).json()
        assert (told["on"], told["set_by"]) == (True, "han")
        assert (await han.does("PUT", SWITCH, json={"on": False})).status_code == 204
        until(lambda: home.retained == {})
    rows = office.rows("SELECT actor, detail FROM audit_entry WHERE action = 'home-assistant.set'")
    assert [(actor, detail["on"]) for actor, detail in rows] == [("han", True), ("han", False)]


def test_a_broker_that_forgot_and_a_hub_that_was_away_are_no_matter(
    door: Door, office: Office, home: Home, broker: Broker
):
    switch(office, on=True)
    door.start()
    until(home.shown)
    home.retained.clear()
    broker.stop()
    broker.restart()  # it keeps nothing: what is there again was said again
    until(home.shown)
    door.kill()
    switch(office, on=False)
    assert home.shown()
    door.start()
    until(lambda: home.retained == {})


def test_a_revoked_node_and_one_that_was_taken_down_vanish(ingest: Any, office: Office, home: Home):
    switch(office, on=True)
    until(lambda: len(home.retained) == 4)
    office.conn.execute("UPDATE node SET revoked_at = now() WHERE node = 'cam-1'")
    until(lambda: CONFIG not in home.retained and STATE not in home.retained)
    assert len(home.retained) == 2
    office.conn.execute("UPDATE node SET retired_at = now() WHERE node = 'cam-2'")
    until(lambda: home.retained == {})
    office.conn.execute("UPDATE node SET revoked_at = NULL")
    until(home.shown)


def test_a_zone_that_is_given_up_is_first_said_to_be_gone(
    ingest: Any, office: Office, home: Home, node: Node
):
    switch(office, on=True)
    Live(node).until_shown(home, 2)
    office.conn.execute("UPDATE zone SET retired_at = now()")
    until(lambda: {"connection", "queue_people"} & set(home.shown()) == {"connection"})
    before, after = [payload for topic, payload in home.heard if topic == CONFIG][-2:]
    assert b'"queue_people": ' + GONE in before
    assert b"queue_people" not in after


@dataclass
class Speaker:
    """One MQTT 5 client, and what it was told."""

    broker: Broker
    user: str
    heard: list[str] = field(default_factory=list)
    reasons: list[int] = field(default_factory=list)

    def __enter__(self) -> "Speaker":
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set(self.user, self.broker.passwords[self.user])
        self.client.on_message = lambda _client, _told, message: self.heard.append(message.topic)
        self.client.on_publish = lambda _c, _told, _mid, reason, _p: self.reasons.append(
            reason.value
        )
        self.client.connect(self.broker.host, self.broker.port)
        self.client.loop_start()
        until(self.client.is_connected)
        self.client.subscribe("#", 1)
        return self

    def says(self, topic: str) -> int:
        before = len(self.reasons)
        self.client.publish(topic, b"x", qos=1, retain=True)
        until(lambda: len(self.reasons) > before)
        return self.reasons[-1]

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self.client.on_message = self.client.on_publish = None


@only_mosquitto
@pytest.mark.parametrize("user", ["demo/cam-1", HOME_ASSISTANT_USER])
def test_nobody_but_the_hub_announces_anything(broker: Broker, user: str):
    with Speaker(broker, user) as somebody:
        for topic in (CONFIG, STATE, "homeassistant/status", "homeassistant/sensor/x/config"):
            assert somebody.says(topic) == NOT_AUTHORIZED, topic


@only_mosquitto
def test_home_assistant_hears_what_is_for_it_and_a_node_nothing_of_it(broker: Broker):
    with (
        Speaker(broker, HUB_USER) as hub,
        Speaker(broker, HOME_ASSISTANT_USER) as assistant,
        Speaker(broker, "demo/cam-1") as node,
    ):
        said = ["cheongsa/v1/demo/cam-1/counts", "cheongsa/v1/demo/cam-1/committed", CONFIG, STATE]
        for topic in said:
            assert hub.says(topic) in (0x00, 0x10), topic
        hub.says("cheongsa/v1/time")
        until(lambda: {CONFIG, STATE} <= set(assistant.heard))
        until(lambda: "cheongsa/v1/time" in node.heard)
        assert set(assistant.heard) <= {CONFIG, STATE, "cheongsa/v1/time"}  # the clock is for all
        assert not {CONFIG, STATE} & set(node.heard)
