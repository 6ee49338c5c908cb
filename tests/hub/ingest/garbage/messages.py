"""Messages by lot: good ones, harmless ones, and bad ones of every kind, from one seed.

Each knows what must become of it. `either` is a good message that was changed blindly: it may
still be one, so only that it is stored or refused is known.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, Literal

Fate = Literal["stored", "refused", "either"]
TOPIC: Final = "cheongsa/v1/demo/cam-1/counts"
BROKER_MOST_BYTES: Final = 262_144 - 200
HOSTILE: Final = (
    "\u202equeue", "que\u0301ue", "\u1100\u1161", "가", "z\u0335\u0322\u0353" * 9,
    "\U0001f468\u200d", "queue\u0000", "\ufeffqueue", "ｑｕｅｕｅ", "quеue",
    "'; DROP TABLE sample; --", "../../etc", "", "%s%n", "queue\n", "Q" * 33, "\ud7ff\uffff",
)  # fmt: skip

BROKER_TAKES: Final = [
    name for name in HOSTILE if not set(name) & set("/\u0000\n\uffff")
]  # at the others mosquitto hangs up: they never come as far as the door


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, and what must become of it."""

    kind: str
    fate: Fate
    topic: str
    payload: bytes


@dataclass(slots=True)
class Maker:
    """Draws messages."""

    random: Random
    began: datetime
    spool: str = ""
    seq: int = 0
    harmless_spool: str = ""
    harmless_seq: int = 0
    nth: int = 0

    def __post_init__(self) -> None:
        self.spool, self.harmless_spool = self._uuid(), self._uuid()

    def all(self, times: int) -> Iterator[Message]:
        """`times` messages: one in eight is good, one in sixteen harmless, the rest are not."""
        kinds = list(KINDS)
        for n in range(times):
            if n % 8 == 0:
                yield self._good()
            elif n % 16 == 1:
                yield self._harmless()
            else:
                kind = kinds[n % len(kinds)] if n < 4 * len(kinds) else self.random.choice(kinds)
                yield KINDS[kind](self, kind)

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _at(self) -> datetime:
        """A time that no other window has: what is stored can be counted by it."""
        self.nth += 1
        return self.began + timedelta(milliseconds=self.nth)

    def _window(self, **more: Any) -> dict[str, Any]:
        """A window of an outbox of its own, so that nothing it does touches the good ones."""
        zone = {"zone": "queue", "people": 3, "people_max": 4, "served": 1, "confidence": 0.9}
        return {
            "schema_version": 1, "node": "demo/cam-1", "spool": self._uuid(), "seq": 1,
            "oldest": 1, "boot_id": self._uuid(), "window_start": self._at().isoformat(),
            "window_s": 5.0, "clock_synced": True, "zones": [zone],
        } | more  # fmt: skip

    def _good(self) -> Message:
        self.seq += 1
        window = self._window(spool=self.spool, seq=self.seq)
        return Message("good", "stored", TOPIC, json.dumps(window).encode())

    def _harmless(self) -> Message:
        """Fields of a later version are ignored; so is a name twice where the last is right."""
        self.harmless_seq += 1
        later = {self.random.choice(HOSTILE) + "x": _anything(self.random, 3)}
        window = self._window(spool=self.harmless_spool, seq=self.harmless_seq, **later)
        text = json.dumps(window)
        text = text.replace("{", '{"seq":-1,', 1) if self.random.random() < 0.2 else text
        return Message("unknown field", "stored", TOPIC, text.encode())


def _anything(random: Random, depth: int) -> Any:
    """Any JSON value."""
    leaf: list[Any] = [None, True, -1, 2**63, 10**400, 1e308, -0.0, "", random.choice(HOSTILE)]
    if depth and random.random() < 0.4:
        return [_anything(random, depth - 1) for _ in range(random.randrange(4))]
    if depth and random.random() < 0.4:
        return {random.choice(HOSTILE): _anything(random, depth - 1)}
    return random.choice(leaf)


def _sent(maker: Maker, kind: str, payload: bytes, fate: Fate = "refused") -> Message:
    return Message(kind, fate, TOPIC, payload)


def _bits(maker: Maker, kind: str) -> Message:
    payload = bytearray(json.dumps(maker._window()).encode())
    for _ in range(maker.random.randint(1, 6)):
        payload[maker.random.randrange(len(payload))] ^= 1 << maker.random.randrange(8)
    return _sent(maker, kind, bytes(payload), "either")


def _cut(maker: Maker, kind: str) -> Message:
    payload = json.dumps(maker._window()).encode()
    return _sent(maker, kind, payload[: maker.random.randrange(1, len(payload))])


def _spliced(maker: Maker, kind: str) -> Message:
    one, two = (json.dumps(maker._window()).encode() for _ in range(2))
    return _sent(maker, kind, one[: maker.random.randrange(1, len(one))] + two)


def _swapped(maker: Maker, kind: str) -> Message:
    window = maker._window()
    fields = [*window, *window["zones"][0]]
    field = maker.random.choice(fields)
    (window if field in window else window["zones"][0])[field] = _anything(maker.random, 4)
    return _sent(maker, kind, json.dumps(window).encode(), "either")


def _numbers(maker: Maker, kind: str) -> Message:
    number = maker.random.choice(
        ["NaN", "Infinity", "-Infinity", "1e999", "-1", "9" * 5_000, str(2**62 + 1),
         "9223372036854775807", "9223372036854775808", "0x10", "01", "0", "1.5",
         "--1", "null", '"one"', "true", "1.0", '"1"']
    )  # fmt: skip
    text = json.dumps(maker._window(seq="HERE")).replace('"HERE"', number)
    return _sent(maker, kind, text.encode())


def _raw_text(maker: Maker, kind: str) -> Message:
    text = json.dumps(maker._window())
    bad = maker.random.choice(
        [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\xc0\xaf", b"\x1b[31m"]
    )
    return _sent(maker, kind, text.encode().replace(b"demo/cam-1", b"demo/cam-1" + bad))


def _deep(maker: Maker, kind: str) -> Message:
    depth = maker.random.choice([200, 5_000, 30_000, 100_000])
    opening, closing = maker.random.choice([(b"[", b"]"), (b'{"zones":', b"}")])
    depth = min(depth, 240_000 // (len(opening) + 1))
    return _sent(maker, kind, opening * depth + b"1" + closing * depth)


def _large(maker: Maker, kind: str) -> Message:
    most = BROKER_MOST_BYTES if maker.random.random() < 0.05 else 66_000
    window = json.dumps(maker._window(filler="")).encode()
    size = maker.random.randint(65_537, most) if most > 66_000 else 65_537
    return _sent(maker, kind, window.replace(b'""', b'"%s"' % (b"x" * (size - len(window)))))


def _version(maker: Maker, kind: str) -> Message:
    version = maker.random.choice(
        [0, 2, 3, 1_000, 1_001, -1, 10**30, "1", 1.0, 1.5, True, None, [1]]
    )
    return _sent(maker, kind, json.dumps(maker._window(schema_version=version)).encode())


def _dated(maker: Maker, kind: str) -> Message:
    ahead = (datetime.now(UTC) + timedelta(minutes=maker.random.randint(12, 10**6))).isoformat()
    at = maker.random.choice(
        [ahead, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+09:00", "1970-01-01T00:00:00Z",
         "2026-02-30T00:00:00Z", "2026-11-21T00:00:00", "99999-01-01T00:00:00Z", "now", 1e300]
    )  # fmt: skip
    return _sent(maker, kind, json.dumps(maker._window(window_start=at)).encode())


def _foreign(maker: Maker, kind: str) -> Message:
    name = maker.random.choice(
        ["demo/cam-2", "other/cam-1", "demo", "demo/cam-1/x", "DEMO/cam-1", *HOSTILE]
    )
    return _sent(maker, kind, json.dumps(maker._window(node=name)).encode())


def _zone_names(maker: Maker, kind: str) -> Message:
    window = maker._window()
    window["zones"][0]["zone"] = maker.random.choice(HOSTILE)
    return _sent(maker, kind, json.dumps(window, ensure_ascii=False).encode())


def _many_zones(maker: Maker, kind: str) -> Message:
    zone = maker._window()["zones"][0]
    many = maker.random.choice([0, 65, 400])
    zones = [{**zone, "zone": f"q{n}"} for n in range(many)]
    return _sent(maker, kind, json.dumps(maker._window(zones=zones)).encode())


def _no_window(maker: Maker, kind: str) -> Message:
    pieces = [b"null", b"[]", b"{}", b"1", b'""', b" ", maker.random.randbytes(40), b"\x1f\x8b\x08"]
    return _sent(maker, kind, maker.random.choice(pieces))


def _topics(maker: Maker, kind: str) -> Message:
    """A name that is none, in as many forms as the hub's own filter lets through."""
    name = maker.random.choice([*BROKER_TAKES, "n" * 9_000])
    topic = f"cheongsa/v1/demo/{name}/{maker.random.choice(['counts', 'health'])}"
    return Message(kind, "refused", topic, json.dumps(maker._window()).encode())


def _stranger(maker: Maker, kind: str) -> Message:
    """A name that could be a node's, and is in no site file."""
    topic = f"cheongsa/v1/demo/no-{maker.random.randrange(9)}/counts"
    node = "/".join(topic.split("/")[2:4])
    return Message(kind, "refused", topic, json.dumps(maker._window(node=node)).encode())


def _other_subject(maker: Maker, kind: str) -> Message:
    subject = maker.random.choice(["health", "state", "config/reported"])
    payload = json.dumps({**maker._window(), "sha256": 1, "online": []}).encode()
    return Message(kind, "refused", f"cheongsa/v1/demo/cam-2/{subject}", payload)


KINDS: Final[dict[str, Callable[[Maker, str], Message]]] = {
    "bits flipped": _bits, "cut": _cut, "spliced": _spliced, "another type": _swapped,
    "impossible number": _numbers, "impossible text": _raw_text, "deep": _deep, "large": _large,
    "wrong version": _version, "impossible date": _dated, "another node's": _foreign,
    "hostile zone name": _zone_names, "too many zones": _many_zones, "no window": _no_window,
    "hostile topic": _topics, "unregistered node": _stranger, "wrong subject": _other_subject,
}  # fmt: skip
