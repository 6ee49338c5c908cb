"""PUBLISH packets read as they lie, held against paho's own reading of each."""

import struct

from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.enums import MQTTProtocolVersion

from hub.ingest.publishes import Publish, read
from tests.hub.ingest.test_raw_messages import packet, text

PROPERTIES = (
    b"\x00",
    b"\x02\x01\x01",  # payload is UTF-8
    b"\x05\x02\x00\x00\x0e\x10",  # expires in an hour
    b"\xc8\x01" + (b"\x26" + text(b"k") + text(b"v" * 94)) * 2,  # two of the user's own
)


@st.composite
def publishes(draw: st.DrawFn, *, is_5: bool) -> tuple[bytes, Publish]:
    """A packet, and what it says."""
    topic = draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
    payload = draw(st.binary(max_size=300) | st.builds(bytes, st.integers(16_000, 17_000)))
    mid = draw(st.sampled_from([0, 1, 500, 65_535]))
    first = (
        0x30 | draw(st.integers(0, 1)) | (0b1010 if mid and draw(st.booleans()) else bool(mid) << 1)
    )
    body = text(topic.encode()) + (struct.pack("!H", mid) if mid else b"")
    body += draw(st.sampled_from(PROPERTIES)) if is_5 else b""
    return packet(first, body + payload), Publish(topic, payload, mid)


def protocol_of(*, is_5: bool) -> MQTTProtocolVersion:
    return MQTTProtocolVersion.MQTTv5 if is_5 else MQTTProtocolVersion.MQTTv311


@given(st.data(), st.booleans())
def test_every_message_is_read_and_one_that_is_not_whole_is_left(data: st.DataObject, is_5: bool):
    made = data.draw(st.lists(publishes(is_5=is_5), max_size=4))
    before = data.draw(st.binary(max_size=9))
    ends = [len(before)]
    for sent, _ in made:
        ends.append(ends[-1] + len(sent))
    held = before + b"".join(sent for sent, _ in made)
    cut = data.draw(st.integers(len(before), len(held)))
    found, at = read(held[:cut], len(before), is_5=is_5)
    whole = sum(end <= cut for end in ends) - 1
    assert (found, at) == ([said for _, said in made[:whole]], ends[whole])


@given(st.data(), st.booleans())
def test_other_packets_are_left_where_they_are(data: st.DataObject, is_5: bool):
    sent, said = data.draw(publishes(is_5=is_5))
    first = data.draw(st.integers(0, 255).filter(lambda byte: byte & 0xF4 != 0x30))
    other = packet(first, data.draw(st.binary(max_size=20)))
    assert read(sent + other + sent, 0, is_5=is_5) == ([said], len(sent))


@given(st.data(), st.booleans())
def test_whatever_comes_is_read_as_paho_reads_it_or_left_to_paho(data: st.DataObject, is_5: bool):
    sent, _ = data.draw(publishes(is_5=is_5))
    raw = bytearray(sent)
    for place in data.draw(st.lists(st.integers(0, min(len(raw), 300) - 1), max_size=3)):
        raw[place] = data.draw(st.integers(0, 255))
    found, at = read(bytes(raw), 0, is_5=is_5)
    assert at <= len(raw)
    for message in found[:1]:
        head = 2 + next(nth for nth in range(4) if raw[1 + nth] < 0x80)
        body = bytes(raw[head : head + _length(raw)])
        theirs = decode_publish(raw[0] & ~0b1000, body, protocol_of(is_5=False))
        assert (message.topic.encode(), message.mid) == (theirs.topic, theirs.mid)
        assert theirs.payload.endswith(message.payload)
        assert message.payload == theirs.payload or is_5


def _length(raw: bytearray) -> int:
    value = 0
    for nth in range(4):
        value |= (raw[1 + nth] & 0x7F) << (7 * nth)
        if raw[1 + nth] < 0x80:
            break
    return value


@given(st.binary(max_size=60), st.integers(0, 70), st.booleans())
def test_no_bytes_at_all_raise(held: bytes, at: int, is_5: bool):
    _, end = read(held, at, is_5=is_5)
    assert at <= end <= max(at, len(held))
