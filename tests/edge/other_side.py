"""The hub's side of the wire, as small as the contract allows: it holds seqs and says marks."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from edge.wire import topics
from edge.wire.messages import (
    Committed,
    ConfigReported,
    CountObserved,
    HubTime,
    NodeHealth,
    NodeState,
)
from edge.wire.topics import NodeName

T = TypeVar("T")


class OtherSide:
    """Hears everything a node says. With `holding` it answers marks, as the hub does."""

    def __init__(
        self, name: NodeName, *, port: int, user: str, password: str, holding: bool = True
    ) -> None:
        self.name, self.holding = name, holding
        self.counts: list[CountObserved] = []
        self.states: list[NodeState] = []
        self.health: list[NodeHealth] = []
        self.reported: list[ConfigReported] = []
        self.epoch = uuid4()
        self.time_said = True
        self.hearing = True  # False: what arrives is lost, as while `ingest` is away
        self._lock = threading.RLock()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=f"hub-{uuid4().hex[:8]}")
        self._client.username_pw_set(user, password)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._subscribe
        self._client.on_message = self._hear
        self._client.connect_async("127.0.0.1", port, 10)
        self._client.loop_start()
        self._stop = threading.Event()
        self._clock = threading.Thread(target=self._tell_time, daemon=True)
        self._clock.start()

    def close(self) -> None:
        self._stop.set()
        self._clock.join()
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, subject: topics.Subject, payload: bytes) -> None:
        self._client.publish(self.name.topic(subject), payload, qos=1, retain=True)

    def mark(self, spool: UUID) -> int:
        """The end of the first held range; below the node's oldest everything counts as held."""
        held = {c.seq for c in self.counts if c.spool == spool}
        seq = max((c.oldest for c in self.counts if c.spool == spool), default=1)
        while seq in held:
            seq += 1
        return seq - 1

    def seqs(self) -> list[int]:
        """The seqs heard, each once, ascending."""
        return sorted({c.seq for c in self.counts})

    def wait_for(self, what: Callable[[], T], patience_s: float = 20.0) -> T:
        """Wait until `what` says something true, and return it."""
        until_s = time.monotonic() + patience_s
        while time.monotonic() < until_s:
            with self._lock, suppress(IndexError):
                if told := what():
                    return told
            time.sleep(0.05)
        raise AssertionError(f"waited {patience_s} s in vain; counts: {self.seqs()[-5:]}")

    def _subscribe(self, *_: Any) -> None:
        self._client.subscribe([(topics.everyone(s), 1) for s in topics.FROM_NODE])

    def _hear(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        name, subject = topics.parse(message.topic)
        assert name == self.name
        with self._lock:
            if not self.hearing:
                return
            match subject:
                case "counts":
                    self._count(CountObserved.model_validate_json(message.payload))
                case "state":
                    self.states.append(NodeState.model_validate_json(message.payload))
                case "health":
                    self.health.append(NodeHealth.model_validate_json(message.payload))
                case "config/reported":
                    self.reported.append(ConfigReported.model_validate_json(message.payload))

    def _count(self, count: CountObserved) -> None:
        self.counts.append(count)
        if self.holding:
            seq = self.mark(count.spool)
            self.say(
                "committed", Committed(hub_epoch=self.epoch, spool=count.spool, seq=seq).encode()
            )

    def _tell_time(self) -> None:
        while not self._stop.wait(0.5):
            if self.time_said:
                self._client.publish(topics.TIME, HubTime(at=datetime.now(UTC)).encode(), qos=0)
