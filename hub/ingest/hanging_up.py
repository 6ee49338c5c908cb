"""Hanging up on revoked nodes: a broker that reads a new revocation list keeps who is connected.

MQTT ends the older of two connections with one client id (MQTT 5, 3.1.4-3). So the hub connects
for a moment in the node's place; the node comes back, and the broker, by its list, says no. Until
the list has reached the broker the node is hung up on again whenever it is heard.
"""

import logging
import threading
import time
from collections.abc import Iterable
from typing import Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.wire.topics import NodeName
from hub.ingest.link import address_of, introduce
from hub.kit.settings import Settings

log = logging.getLogger(__name__)

AGAIN_S: Final = 5.0  # at the soonest; the list reaches the broker within a second or two
PATIENCE_S: Final = 3.0


class HangingUp:
    """Who is revoked, and when each was hung up on last: for one thread; the calls have theirs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: frozenset[NodeName] = frozenset()
        self._due_s: dict[NodeName, float] = {}
        self._last_s: dict[NodeName, float] = {}

    def know(self, revoked: frozenset[NodeName]) -> None:
        """What the database says; a name that is new here is hung up on, and once more."""
        for name in revoked - self._known:
            self._due_s[name] = time.monotonic()
        self._known = revoked
        self._due_s = {name: at for name, at in self._due_s.items() if name in revoked}
        self._last_s = {name: at for name, at in self._last_s.items() if name in revoked}

    def heard(self, revoked: Iterable[NodeName]) -> None:
        """These spoke although they are revoked."""
        for name in revoked:
            self._due_s.setdefault(name, self._last_s.get(name, -AGAIN_S) + AGAIN_S)

    def tend(self) -> None:
        """Hang up on whom it is due; never waits."""
        now_s = time.monotonic()
        for name in [name for name, at_s in self._due_s.items() if at_s <= now_s]:
            is_first = name not in self._last_s
            self._last_s[name] = now_s
            del self._due_s[name]
            if is_first:
                self._due_s[name] = now_s + AGAIN_S
            args = (self._settings, name)
            threading.Thread(target=hang_up, args=args, name="hang up", daemon=True).start()


def hang_up(settings: Settings, name: NodeName) -> None:
    """End every connection of this node, by either client id it can have."""
    for client_id in (str(name), f"cheongsa-{name}"):
        if _take_the_place_of(settings, client_id):
            log.info("hung up on", extra={"node": name})


def _take_the_place_of(settings: Settings, client_id: str) -> bool:
    came = threading.Event()
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=MQTTProtocolVersion.MQTTv311,  # which every broker speaks
        clean_session=True,
        reconnect_on_failure=False,
    )
    introduce(client, settings)
    client.connect_timeout = PATIENCE_S
    client.on_connect = lambda *_: came.set()
    try:
        client.connect(*address_of(settings), 30)
    except OSError as error:
        log.warning("could not hang up", extra={"client": client_id, "why": str(error)})
        return False
    client.loop_start()
    is_done = came.wait(PATIENCE_S)
    client.disconnect()
    client.loop_stop()
    client.on_connect = None
    return is_done
