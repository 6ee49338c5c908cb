"""What the door writes into the log of what it has committed: one line an event, not a message."""

import logging
from collections.abc import Sequence

from edge.wire.messages import NodeState
from edge.wire.topics import NodeName
from hub.density.store.intake import Outcome
from hub.devices.hearing import Heard, Refused, StateSaid

log = logging.getLogger(__name__)


class Events:
    """Remembers what was said last of each node, so that a retained message is no news."""

    def __init__(self) -> None:
        self._condition: dict[NodeName, str] = {}

    def committed(self, heard: Sequence[Heard], outcome: Outcome) -> None:
        """Say what of a batch is an event."""
        for one in heard:
            if isinstance(one, StateSaid) and one.state is not None:
                self._say_condition(one.node, one.state)
        for loss in outcome.losses:
            told = {"node": loss.node, "spool": loss.spool, "windows": loss.windows}
            log.error("counts lost", extra={**told, "reason": loss.reason})
        if outcome.refused:
            _say_refused(heard, outcome.refused)

    def _say_condition(self, node: NodeName, state: NodeState) -> None:
        condition = "online" if state.observing == "ok" else state.observing
        condition = condition if state.online else "offline"
        if self._condition.get(node) == condition:
            return
        self._condition[node] = condition
        level = logging.WARNING if condition in ("offline", "fault") else logging.INFO
        told = {"node": node, "version": state.version}
        told |= {"fault": state.fault} if state.fault else {}
        log.log(level, "node %s", condition, extra=told)


def _say_refused(heard: Sequence[Heard], times: int) -> None:
    """One line a batch: a broken node must not fill the log. The letters hold each."""
    first = next((one for one in heard if isinstance(one, Refused)), None)
    told = {"topic": first.topic, "reason": first.reason} if first else {}
    log.warning("messages refused", extra={"times": times, **told})
