"""What a message from a node says, or why it is refused: pure, one message in, one meaning out.

The topic names the node. A refused count is held (never sent again) where its envelope can be
read and names that node; one that names another node is refused and holds nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import ValidationError

from edge.wire.messages import (
    MAX_PAYLOAD_BYTES,
    MAX_RESULT_BYTES,
    SCHEMA_VERSION,
    CommandResult,
    ConfigReported,
    CountObserved,
    Envelope,
    Message,
    NodeHealth,
    NodeState,
    Preview,
)
from edge.wire.topics import ROOT, NodeName, NotATopic, Subject, parse

AHEAD_MAX: Final = timedelta(minutes=10)  # a window may begin this far after the hub's now
KEPT_FOR: Final = timedelta(days=90)  # samples older than this are forgotten; see schema 0002
ENVELOPE_MAX_BYTES: Final = 256 * 1024  # an oversize count is looked at this far, to hold it
REASON_MAX_CHARS: Final = 400

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Refused:
    """For the dead letters. `envelope` is set where its seq is to be held."""

    topic: str
    payload: bytes
    reason: str
    node: NodeName | None = None
    envelope: Envelope | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Something a node said, as it came and as it is read."""

    node: NodeName
    subject: Subject | str
    payload: bytes

    def refused(self, reason: str, envelope: Envelope | None = None) -> Refused:
        """The same message, found later to be one that cannot be stored."""
        topic = f"{ROOT}/{self.node}/{self.subject}"
        return Refused(topic, self.payload, _short(reason), self.node, envelope)


@dataclass(frozen=True, slots=True)
class Counted(Said):
    """A window that can be stored."""

    count: CountObserved


@dataclass(frozen=True, slots=True)
class StateSaid(Said):
    """Birth, change or will; None: it was removed from the broker."""

    state: NodeState | None


@dataclass(frozen=True, slots=True)
class HealthSaid(Said):
    """How the node fares."""

    health: NodeHealth


@dataclass(frozen=True, slots=True)
class ConfigSaid(Said):
    """Which configuration the node runs; None: it was removed from the broker."""

    reported: ConfigReported | None


@dataclass(frozen=True, slots=True)
class ResultSaid(Said):
    """What became of a command."""

    result: CommandResult


@dataclass(frozen=True, slots=True)
class PreviewSaid(Said):
    """What the node sees, while somebody draws."""

    preview: Preview


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty payload where nothing is retained: somebody cleaned up."""


Heard = Counted | StateSaid | HealthSaid | ConfigSaid | ResultSaid | PreviewSaid | Refused | Nothing


class _UnreadableError(Exception):
    """The message holds to its topic but not to the contract."""


def read(topic: str, payload: bytes, now: datetime) -> Heard:
    """Say what `payload` on `topic` means at the hub's `now`. Raises nothing."""
    try:
        node, subject = parse(topic)
    except NotATopic as error:
        return Refused(topic, payload, _short(str(error)))
    try:
        return _read(node, subject, payload, now)
    except _UnreadableError as error:
        envelope = _envelope(payload) if subject == "counts" else None
        ours = envelope is not None and envelope.node == str(node)
        return Refused(topic, payload, _short(str(error)), node, envelope if ours else None)


def _read(node: NodeName, subject: str, payload: bytes, now: datetime) -> Heard:
    match subject:
        case "counts" if payload:
            return Counted(node, subject, payload, _count(node, payload, now))
        case "health" if payload:
            return HealthSaid(node, subject, payload, _message(NodeHealth, payload))
        case "state":
            state = _message(NodeState, payload) if payload else None
            return StateSaid(node, subject, payload, state)
        case "config/reported":
            reported = _message(ConfigReported, payload) if payload else None
            return ConfigSaid(node, subject, payload, reported)
        case "preview" if payload:
            return PreviewSaid(node, subject, payload, _message(Preview, payload))
        case "counts" | "health" | "preview":
            return Nothing()
        case _:
            return _read_result(node, subject, payload)


def _read_result(node: NodeName, subject: str, payload: bytes) -> Heard:
    match subject.split("/"):
        case ["command", command, "result"] if payload:
            result = _message(CommandResult, payload, MAX_RESULT_BYTES)
            if _uuid(command) != result.command:
                raise _UnreadableError("the topic and the payload name two commands")
            return ResultSaid(node, subject, payload, result)
        case ["command", _, "result"]:
            return Nothing()  # somebody cleaned up
        case _:
            raise _UnreadableError(f"a node says nothing on {subject[:100]!r}")


def _count(node: NodeName, payload: bytes, now: datetime) -> CountObserved:
    try:
        count = _message(CountObserved, payload)
    except _UnreadableError:
        _check_version(payload)
        raise
    if count.node != str(node):
        raise _UnreadableError(f"the topic is {node}'s and the payload names {count.node!r}")
    if count.clock_synced:
        _check_time(count.window_start, now)
    return count


def _check_version(payload: bytes) -> None:
    """Say "unknown version" rather than what a later version looks like to this one."""
    envelope = _envelope(payload)
    if envelope is not None and envelope.schema_version != SCHEMA_VERSION:
        raise _UnreadableError(f"version {envelope.schema_version} is not known: update the hub")


def _check_time(window_start: datetime, now: datetime) -> None:
    if window_start > now + AHEAD_MAX:
        raise _UnreadableError(f"the window begins {window_start - now} ahead of the hub's clock")
    if window_start < now - KEPT_FOR:
        raise _UnreadableError(
            f"the window is older than the {KEPT_FOR.days} days samples are kept"
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _message(kind: type[M], payload: bytes, most_bytes: int = MAX_PAYLOAD_BYTES) -> M:
    if len(payload) > most_bytes:
        raise _UnreadableError(f"{len(payload)} bytes; the most is {most_bytes}")
    try:
        return kind.model_validate_json(payload)
    except ValidationError as error:
        raise _UnreadableError(_told(error)) from error


def _envelope(payload: bytes) -> Envelope | None:
    if len(payload) > ENVELOPE_MAX_BYTES:
        return None
    try:
        return Envelope.model_validate_json(payload)
    except ValidationError:
        return None


def _told(error: ValidationError) -> str:
    """The first three faults, each with its place; without the input, which is kept beside it."""
    faults: list[Any] = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(str(p) for p in f['loc']) or 'payload'}: {f['msg']}" for f in faults[:3]]
    more = [f"and {len(faults) - 3} more"] if len(faults) > 3 else []
    return "; ".join(told + more)


def _short(reason: str) -> str:
    return reason.replace("\x00", "\\0")[:REASON_MAX_CHARS]
