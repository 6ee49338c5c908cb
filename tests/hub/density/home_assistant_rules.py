"""What Home Assistant takes: its documented rules of device discovery, as far as we use them.

From its documentation: integration "MQTT" ("Discovery topic", "Device discovery payload",
"Discovery payload"), "MQTT Sensor", "MQTT Binary sensor", "Sensor" ("Device class", "State class").
What a template yields is worked out here too: ours only pick a value out of the state.
"""

import json
import re
from typing import Any

TOPIC = re.compile(r"homeassistant/device/[a-zA-Z0-9_-]+/config")
PICKS = re.compile(r"\{\{ value_json((?:\.[a-z_]+|\['[^']+'\])+)(?: \| tojson)? \}\}")
UNITS = {"temperature": {"°C", "°F", "K"}, "duration": {"d", "h", "min", "s", "ms"}}
BINARY = {"connectivity", "problem"}
STATE_MOST_CHARS = 255


def check_announcement(topic: str, payload: bytes) -> dict[str, Any]:
    """The announcement of a device; AssertionError where Home Assistant would not take it."""
    assert TOPIC.fullmatch(topic), topic
    told = json.loads(payload)
    device, origin = told["device"], told["origin"]  # both are required
    assert device.get("identifiers") or device.get("connections")
    assert all(isinstance(one, str) and one for one in device["identifiers"])
    texts = {key: text for key, text in device.items() if key != "identifiers"}
    assert all(isinstance(text, str) and text for text in texts.values()), texts
    assert device.get("configuration_url", "http://").startswith(("http://", "https://"))
    assert isinstance(origin["name"], str)
    assert origin["name"]
    assert told["components"]
    for key, entity in told["components"].items():
        _check_entity(key, entity, told.get("state_topic"))
    unique = [entity["unique_id"] for entity in told["components"].values()]
    assert len(set(unique)) == len(unique)
    return told


def _check_entity(key: str, entity: dict[str, Any], shared_topic: str | None) -> None:
    platform = entity["platform"]
    assert platform in ("sensor", "binary_sensor")
    assert set(entity) > {"platform"}, f"{key}: with nothing else it would be removed"
    assert entity["unique_id"]
    topic = entity.get("state_topic", shared_topic)
    assert topic
    assert not set(topic) & set("+#\0")
    assert isinstance(entity["expire_after"], int)
    assert entity["expire_after"] > 0
    assert PICKS.fullmatch(entity["value_template"])
    assert re.fullmatch(rf"{platform}\.[a-z0-9_]+", entity["default_entity_id"])
    assert entity.get("entity_category", "diagnostic") == "diagnostic"  # `config` is not for these
    (_check_sensor if platform == "sensor" else _check_binary)(entity)


def _check_sensor(entity: dict[str, Any]) -> None:
    kind = entity.get("device_class")
    assert kind in (None, "enum", "temperature", "duration")
    if kind == "enum":
        assert entity["options"]
        assert not {"state_class", "unit_of_measurement"} & set(entity)
    else:
        assert entity["state_class"] in ("measurement", "total", "total_increasing")
        assert entity["unit_of_measurement"] in UNITS.get(kind or "", {"명"})
        assert "options" not in entity


def _check_binary(entity: dict[str, Any]) -> None:
    assert entity["device_class"] in BINARY
    assert not {"state_class", "unit_of_measurement", "options"} & set(entity)


def states(announced: dict[str, Any], state: bytes) -> dict[str, Any]:
    """What each entity shows; None is unknown. AssertionError where one cannot show it."""
    told = json.loads(state)
    shown: dict[str, Any] = {}
    for key, entity in announced["components"].items():
        value = _picked(entity["value_template"], told)
        _check_value(entity, value)
        if template := entity.get("json_attributes_template"):
            assert isinstance(_picked(template, told), dict)
        shown[key] = value
    return shown


def _picked(template: str, told: Any) -> Any:
    found = PICKS.fullmatch(template)
    assert found, template
    for name, quoted in re.findall(r"\.([a-z_]+)|\['([^']+)'\]", found[1]):
        told = told.get(name or quoted)  # one that is missing shows nothing: it changes nothing
    return told


def _check_value(entity: dict[str, Any], value: Any) -> None:
    if value is None:
        return  # "None": unknown
    assert len(str(value)) <= STATE_MOST_CHARS
    if entity["platform"] == "binary_sensor":
        assert value in ("ON", "OFF")
    elif "options" in entity:
        assert value in entity["options"]
    else:
        assert isinstance(value, int | float)
