"""Commands on the node: once, never late, answered as often as asked."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import commands as module
from edge.commands import Commands, Done, NotDoneError
from edge.wire.messages import Command, CommandResult

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class World:
    """A node that notes what it did."""

    def __init__(self, folder: Path, now: datetime | None = NOW) -> None:
        self.did: list[str] = []
        self.now = now
        self.fails: Exception | None = None
        acts = {kind: self._act(kind) for kind in ("identify", "bench", "preview", "still")}
        self.commands = Commands(folder, {**acts, "restart": self._restart}, lambda: self.now)

    def _act(self, kind: str) -> Any:
        def act(_command: Command) -> Done:
            self.did.append(kind)
            if self.fails:
                raise self.fails
            return Done("done")

        return act

    def _restart(self, _command: Command) -> Done:
        self.did.append("restart")
        return Done(later=True)

    def answer(self, patience_s: float = 5.0) -> CommandResult:
        return self.commands.results.get(timeout=patience_s)

    def wait_until_did(self, times: int) -> None:
        until_s = time.monotonic() + 5
        while len(self.did) < times:
            assert time.monotonic() < until_s
            time.sleep(0.01)


def ask(kind: str = "identify", **more: Any) -> Command:
    told = {"command": uuid4(), "kind": kind, "issued_at": NOW}
    return Command(**{**told, "expires_at": NOW + timedelta(seconds=45), **more})


def test_a_command_is_done_once_and_answered_as_often_as_it_comes(tmp_path: Path):
    world, command = World(tmp_path), ask()
    world.commands.hear(command.encode())
    first = world.answer()
    assert first.done
    for _ in range(3):
        world.commands.hear(command.encode())
        assert world.answer() == first
    assert world.did == ["identify"]


def test_a_restart_that_comes_again_after_the_restart_does_not_loop(tmp_path: Path):
    command = ask("restart")
    before = World(tmp_path)
    before.commands.hear(command.encode())
    before.wait_until_did(1)
    after = World(tmp_path)
    after.commands.after_restart()
    assert after.answer().detail == module.RESTARTED
    after.commands.hear(command.encode())
    assert after.answer().done
    assert after.did == []


def test_what_a_restart_cut_off_is_answered_as_not_done(tmp_path: Path):
    command = ask("bench")
    before = World(tmp_path)
    assert before.commands._kept.begin(command) is None
    after = World(tmp_path)
    after.commands.after_restart()
    assert not after.answer().done


def test_a_late_command_is_refused(tmp_path: Path):
    world = World(tmp_path, NOW + timedelta(seconds=46))
    world.commands.hear(ask().encode())
    assert world.answer().detail == module.LATE
    assert world.did == []


def test_without_the_time_a_command_waits_for_its_next_coming(tmp_path: Path):
    world, command = World(tmp_path, None), ask()
    world.commands.hear(command.encode())
    assert world.commands.results.empty()
    world.now = NOW
    world.commands.hear(command.encode())
    assert world.answer().done


def test_why_something_cannot_be_done_is_told(tmp_path: Path):
    world = World(tmp_path)
    world.fails = NotDoneError("No light.")
    world.commands.hear(ask().encode())
    assert world.answer().detail == "No light."


def test_a_node_that_cannot_write_its_card_does_nothing(tmp_path: Path):
    (tmp_path / "commands.db").mkdir()
    world = World(tmp_path)
    world.commands.hear(ask("restart").encode())
    assert world.answer().detail == module.NOT_KEPT
    assert world.did == []


def test_a_damaged_file_is_begun_anew(tmp_path: Path):
    (tmp_path / "commands.db").write_bytes(b"no database" * 1000)
    world = World(tmp_path)
    world.commands.hear(ask().encode())
    assert world.answer().done


@given(payload=st.binary(max_size=300))
def test_nonsense_is_no_command(tmp_path_factory: pytest.TempPathFactory, payload: bytes):
    world = World(tmp_path_factory.mktemp("node"))
    world.commands.hear(payload)
    assert world.commands.results.empty()
    assert world.did == []
