"""What the door writes into its log: each event once, whatever comes again."""

import logging
from typing import Any

import pytest

from hub.density.store.intake import Loss, Outcome
from hub.devices import hearing
from hub.ingest.events import Events
from hub.kit import clock
from tests.hub.ingest.conftest import Node, Office, until
from tests.hub.watch import office as messages


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "hub.ingest.events"]


def hear(events: Events, *said: tuple[str, bytes], outcome: Outcome | None = None) -> None:
    heard = [hearing.read(topic, payload, clock.now()) for topic, payload in said]
    events.committed(heard, outcome or Outcome())


def test_a_node_is_said_once_for_each_thing_it_becomes(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    events = Events()
    for state in (
        messages.birth(),
        messages.birth(),  # retained: heard again after each reconnect
        messages.birth(observing="fault", fault="no camera"),
        messages.birth(observing="fault", fault="no camera"),
        messages.birth(online=False),
        messages.birth(session=2),
    ):
        hear(events, state)
    assert said(caplog) == ["node online", "node fault", "node offline", "node online"]
    assert vars(caplog.records[1])["fault"] == "no camera"


def test_a_loss_is_said_with_its_reason(caplog: pytest.LogCaptureFixture):
    loss = Loss(messages.CAM_1, messages.SPOOL, 7, "given up")
    hear(Events(), outcome=Outcome(losses=[loss]))
    (record,) = caplog.records
    assert (record.getMessage(), record.levelname) == ("counts lost", "ERROR")
    assert (vars(record)["windows"], vars(record)["reason"]) == (7, "given up")


def test_a_flood_of_refusals_is_a_line_a_batch(caplog: pytest.LogCaptureFixture):
    hear(Events(), *[("x", b"{")] * 500, outcome=Outcome(refused=500))
    (record,) = caplog.records
    assert (record.getMessage(), vars(record)["times"]) == ("messages refused", 500)


def test_the_real_door_says_what_was_lost_and_refused(
    ingest: Any, office: Office, node: Node, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    node.say(b"{")
    node.count(4, oldest=3)
    until(lambda: {"counts lost", "messages refused"} <= set(said(caplog)))
    (lost,) = [record for record in caplog.records if record.getMessage() == "counts lost"]
    assert vars(lost)["windows"] == 2
