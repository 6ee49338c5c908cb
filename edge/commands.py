"""Commands from the hub: each done once, never late, answered as often as it is asked.

A command's id is on the card before anything is done, so that a redelivered restart does not
loop. What a kind of command does is handed in; how results reach the hub is the uplink's.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from edge.wire.messages import Command, CommandResult, Still

log = logging.getLogger(__name__)

FILE_NAME: Final = "commands.db"
REMEMBERED: Final = 500  # the newest; older ones have long expired
LATE: Final = "It came after its time, or this node's clock is wrong. Ask again."
NO_TIME: Final = "This node does not know the time yet, so whether the command is late. Ask again."
NOT_KEPT: Final = "The card takes no writing, so the command could be done twice. Change the card."
INTERRUPTED: Final = "The node restarted before it was done. Ask again."
RESTARTED: Final = "The node restarted."


class NotDoneError(Exception):
    """The command cannot be done now. The message is one sentence: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to. With `later` the answer comes after the restart it asked for."""

    detail: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    still: Still | None = None
    later: bool = False


Act = Callable[[Command], Done]


class Commands:
    """Every command of one node.

    Args:
        folder: where the ids are kept; opened here, never raises.
        acts: what each kind does; may take long and may raise NotDoneError.
        now: the time, or None while nobody has told it.
    """

    def __init__(
        self, folder: Path, acts: Mapping[str, Act], now: Callable[[], datetime | None]
    ) -> None:
        self._acts, self._now = acts, now
        self._kept = _Kept(folder)
        self.results: SimpleQueue[CommandResult] = SimpleQueue()
        """To be told to the hub."""
        self._unfinished = self._kept.unfinished()

    def after_restart(self) -> None:
        """Answer what the last run left open; called once the time is known."""
        if not self._unfinished or (now := self._now()) is None:
            return
        for command, kind in self._unfinished:
            restarted = kind == "restart"
            detail = RESTARTED if restarted else INTERRUPTED
            self._finish(CommandResult(command=command, at=now, done=restarted, detail=detail))
        self._unfinished = []

    def hear(self, payload: bytes) -> None:
        """Take one command in; returns at once. Nonsense is logged and nothing more."""
        try:
            command = Command.model_validate_json(payload)
        except ValidationError as error:
            log.warning("command not understood", extra={"errors": error.error_count()})
            return
        try:
            known = self._kept.begin(command)
        except sqlite3.Error as error:
            log.error("command not kept", extra={"error": str(error)})  # noqa: TRY400
            self._refuse(command, NOT_KEPT)
            return
        if known is None:
            self._begin(command)
        elif known.answer is not None:
            self.results.put(known.answer)

    def _begin(self, command: Command) -> None:
        now = self._now()
        if now is None:
            self._kept.forget(command.command)  # it may come again, and then be in time
            return
        if now > command.expires_at:
            self._refuse(command, LATE)
            return
        log.info("command", extra={"kind": command.kind, "id": command.command})
        threading.Thread(
            target=self._do, args=(command,), name=f"command-{command.kind}", daemon=True
        ).start()

    def _do(self, command: Command) -> None:
        try:
            done = self._acts[command.kind](command)
        except NotDoneError as error:
            self._refuse(command, str(error))
        except Exception:
            log.exception("command failed", extra={"kind": command.kind})
            self._refuse(command, "It failed for a reason that the node's log tells.")
        else:
            if not done.later:
                self._finish(self._result(command, done))

    def _result(self, command: Command, done: Done) -> CommandResult:
        return CommandResult(
            command=command.command,
            at=self._now() or command.issued_at,
            done=True,
            detail=done.detail[:200],
            figures=dict(done.figures),
            still=done.still,
        )

    def _refuse(self, command: Command, why: str) -> None:
        at = self._now() or command.issued_at
        self._finish(CommandResult(command=command.command, at=at, done=False, detail=why[:200]))

    def _finish(self, result: CommandResult) -> None:
        self._kept.finish(result)
        self.results.put(result)


@dataclass(frozen=True, slots=True)
class _Known:
    """A command that came before; its answer, where there is one."""

    answer: CommandResult | None


class _Kept:
    """The ids of commands and their answers, on the card. A picture is not kept."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._path = folder / FILE_NAME
        try:
            self._db: sqlite3.Connection | None = self._open()
        except (sqlite3.Error, OSError) as error:
            log.error("commands cannot be kept", extra={"error": str(error)})  # noqa: TRY400
            self._db = None
        self._pictures: dict[UUID, CommandResult] = {}

    def _open(self) -> sqlite3.Connection:
        try:
            return _open(self._path)
        except sqlite3.DatabaseError:  # damaged: what it held has expired soon
            self._path.unlink(missing_ok=True)
            return _open(self._path)

    def begin(self, command: Command) -> _Known | None:
        """Write the id down; what is known of it, or None where it is new. Raises sqlite3.Error."""
        with self._lock:
            if self._db is None:
                raise sqlite3.OperationalError("no file")
            told = str(command.command), command.kind
            fresh = self._db.execute(
                "INSERT INTO command (command, kind) VALUES (?, ?) ON CONFLICT DO NOTHING", told
            ).rowcount
            if fresh:
                self._db.execute(
                    "DELETE FROM command WHERE nr <= (SELECT max(nr) FROM command) - ?",
                    (REMEMBERED,),
                )
                return None
            row = self._db.execute(
                "SELECT result FROM command WHERE command = ?", told[:1]
            ).fetchone()
        if (picture := self._pictures.get(command.command)) is not None:
            return _Known(picture)
        return _Known(CommandResult.model_validate_json(row[0]) if row and row[0] else None)

    def forget(self, command: UUID) -> None:
        """It was not looked at after all."""
        with self._lock:
            if self._db is not None:
                self._db.execute("DELETE FROM command WHERE command = ?", (str(command),))

    def finish(self, result: CommandResult) -> None:
        """Keep the answer; a sealed picture only in memory, and only the newest."""
        if result.still is not None:
            self._pictures = {result.command: result}
            gone = "The picture was sent, and is not kept. Ask for a new one."
            result = result.model_copy(update={"still": None, "done": False, "detail": gone})
        with self._lock:
            if self._db is None:
                return
            try:
                self._db.execute(
                    "UPDATE command SET result = ? WHERE command = ?",
                    (result.encode(), str(result.command)),
                )
            except sqlite3.Error as error:
                log.error("answer not kept", extra={"error": str(error)})  # noqa: TRY400

    def unfinished(self) -> list[tuple[UUID, str]]:
        """What was begun and never answered."""
        if self._db is None:
            return []
        rows = self._db.execute("SELECT command, kind FROM command WHERE result IS NULL")
        return [(UUID(command), kind) for command, kind in rows]


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # on the card before anything is done
        db.execute(
            "CREATE TABLE IF NOT EXISTS command (nr INTEGER PRIMARY KEY AUTOINCREMENT,"
            " command TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, result BLOB)"
        )
    except sqlite3.Error:
        db.close()
        raise
    return db
