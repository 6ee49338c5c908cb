"""What Home Assistant is told of a node and its zones: pure, from what is known to messages.

After Home Assistant's documentation: integration "MQTT", sections "Discovery topic", "Device
discovery payload", "Discovery payload" and "Using availability topics"; "MQTT Sensor"; "MQTT Binary
sensor"; "Sensor", sections "Device class" and "State class".

One retained message announces a device with all its entities; a second holds all their states, and
each entity picks its own by a template; what is not in it yet is no error. An empty payload takes a
device back. A state that is None is unknown there. Nothing personal is in it: names of places,
numbers of people, how a machine is.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from edge.wire.topics import NodeName
from hub.density.board import Board, ZoneNow
from hub.devices.condition import Cause, Finding, findings
from hub.devices.condition_words import said
from hub.devices.store.conditions import Known

ROOT: Final = "homeassistant/device"  # its default discovery prefix, and device discovery
SAID_AGAIN_S: Final = 60.0
EXPIRES_S: Final = 180  # three of them were not heard: then it is unavailable, and not as it was
AWAY: Final = frozenset({Cause.MISSING, Cause.NEVER_HEARD, Cause.REVOKED})

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One retained message; an empty payload takes it away."""

    topic: str
    payload: bytes
    before: bytes | None = None
    """To be said first, where `payload` is news: it names the entities that are gone."""
    expires: bool = False
    """Believed for `EXPIRES_S`: to be said again although nothing changed."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Who tells."""

    version: str
    public_url: str | None


def id_of(name: NodeName) -> str:
    """The object id: ids of ours have no underscore, so no two nodes share one."""
    return f"cheongsa_{name.site}_{name.node}"


def config_topic(name: NodeName) -> str:
    """Where a node is announced."""
    return f"{ROOT}/{id_of(name)}/config"


def state_topic(name: NodeName) -> str:
    """Where its states are."""
    return f"{ROOT}/{id_of(name)}/state"


def removed(names: Iterable[NodeName]) -> list[Message]:
    """What takes nodes back."""
    return [Message(topic(name), b"") for name in names for topic in (config_topic, state_topic)]


def told(
    known: Sequence[Known],
    board: Board,
    every_zone: Mapping[NodeName, Sequence[str]],
    judged_at: datetime,
    hub: Hub,
) -> list[Message]:
    """What is to be retained of every node that is one of ours.

    Args:
        known: nodes that are not taken down; a revoked one is left out here.
        board: of the same moment.
        every_zone: also those that were given up: their entities are named as gone.
        judged_at: up to when silence means anything.
        hub: who tells.
    """
    zones: dict[NodeName, list[ZoneNow]] = {}
    for site in board.sites:
        for zone in site.zones:
            zones.setdefault(NodeName(zone.site, zone.node), []).append(zone)
    messages: list[Message] = []
    for one in known:
        if one.look.revoked_at is None:
            seen = zones.get(one.name, [])
            messages.append(_announcement(one, seen, every_zone.get(one.name, ()), hub))
            found = findings(one.look, judged_at, hub.version)
            state = _encoded(_state(one, seen, found))
            messages.append(Message(state_topic(one.name), state, expires=True))
    return messages


def _announcement(
    one: Known, zones: Sequence[ZoneNow], every_zone: Iterable[str], hub: Hub
) -> Message:
    entities = _entities(one.name, zones)
    possible = {f"{zone}_{what}" for zone in every_zone for what in ("people", "wait")}
    gone = {key: {"platform": "sensor"} for key in sorted(possible - set(entities))}
    payload = {
        "device": _device(one, hub),
        "origin": {"name": "cheongsa", "sw_version": hub.version},
        "state_topic": state_topic(one.name),
        "components": entities,
    }
    before = _encoded(payload | {"components": entities | gone}) if gone else None
    return Message(config_topic(one.name), _encoded(payload), before)


def _device(one: Known, hub: Hub) -> Payload:
    device: Payload = {
        "identifiers": [id_of(one.name)],
        "name": one.title,
        "manufacturer": "Cheongsa",
        "model": "카메라 노드",
        "suggested_area": one.site_title,
    }
    if version := (one.look.state or {}).get("version"):
        device["sw_version"] = version
    if hub.public_url:
        asked = urlencode({"site": one.name.site, "node": one.name.node})
        device["configuration_url"] = f"{hub.public_url.rstrip('/')}/device?{asked}"
    return device


def _entities(name: NodeName, zones: Sequence[ZoneNow]) -> dict[str, Payload]:
    found = {
        "connection": _entity(
            name, "connection", "binary_sensor", "연결", "value_json.connection",
            device_class="connectivity", entity_category="diagnostic",
        ),
        "problem": _entity(
            name, "problem", "binary_sensor", "문제", "value_json.problem",
            device_class="problem", entity_category="diagnostic",
            json_attributes_topic=state_topic(name),
            json_attributes_template="{{ value_json.words | tojson }}",
        ),
        "camera": _entity(
            name, "camera", "sensor", "카메라", "value_json.camera", device_class="enum",
            options=["ok", "paused", "fault"], icon="mdi:cctv",
        ),
        "temperature": _entity(
            name, "temperature", "sensor", "기기 온도", "value_json.temperature_c",
            device_class="temperature", state_class="measurement", unit_of_measurement="°C",
            entity_category="diagnostic",
        ),
    }  # fmt: skip
    for zone in zones:
        found |= _zone_entities(name, zone)
    return found


def _zone_entities(name: NodeName, zone: ZoneNow) -> dict[str, Payload]:
    people, wait = f"{zone.zone}_people", f"{zone.zone}_wait"
    found = {
        people: _entity(
            name, people, "sensor", f"{zone.name} 사람 수",
            f"value_json['{people}']", state_class="measurement",
            unit_of_measurement="명", icon="mdi:account-group",
        )
    }  # fmt: skip
    if zone.kind == "queue":
        found[wait] = _entity(
            name, wait, "sensor", f"{zone.name} 대기 시간",
            f"value_json['{wait}']", device_class="duration",
            state_class="measurement", unit_of_measurement="min",
        )  # fmt: skip
    return found


def _entity(
    name: NodeName, key: str, platform: str, title: str, value: str, **more: Any
) -> Payload:
    unique = f"{id_of(name)}_{key}"
    return {
        "platform": platform,
        "unique_id": unique,
        "default_entity_id": f"{platform}.{unique.replace('-', '_')}",
        "name": title,
        "value_template": "{{ " + value + " }}",
        "expire_after": EXPIRES_S,
        **more,
    }


def _state(one: Known, zones: Sequence[ZoneNow], found: Sequence[Finding]) -> Payload:
    """Of a node that is away nothing else is known: its last figures are old."""
    away = any(finding.cause in AWAY for finding in found)
    health = {} if away else (one.look.health or {})
    state = {} if away else (one.look.state or {})
    told = {
        "connection": "OFF" if away else "ON",
        "problem": "ON" if any(finding.severity != "note" for finding in found) else "OFF",
        "words": _words(found),
        "camera": health.get("observing") or state.get("observing"),
        "temperature_c": health.get("temperature_c"),
    }
    for zone in zones:
        told |= _zone_state(zone)
    return told


def _words(found: Sequence[Finding]) -> Payload:
    """The worst, in words."""
    if not found:
        return {"said": "정상입니다", "to_do": ""}
    words = said(found[0].cause, found[0].figures, "ko")
    return {"said": words.said, "to_do": words.to_do}


def _zone_state(zone: ZoneNow) -> Payload:
    wait_min = None if zone.wait_s is None else round(zone.wait_s / 60)
    return {f"{zone.zone}_people": zone.people, f"{zone.zone}_wait": wait_min}


def _encoded(payload: Payload) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()
