"""What the queue says of a job, in our words: one event, and which job."""

import logging

import pytest

from hub.kit import jobs
from hub.kit.jobs import Context, Work
from hub.kit.logs import Lines
from tests.conftest import Database
from tests.hub.kit.test_logs import fields


async def fail(context: Context, timestamp: int) -> None:
    raise ValueError("the numbers\ndo not add up")


async def test_a_job_that_fails_is_one_line_that_names_it(
    database: Database, caplog: pytest.LogCaptureFixture
):
    jobs.apply_schema(database.dsn)
    queue = jobs.app(database.dsn, [Work("test.fails", fail, "0 0 1 1 *")])
    async with queue.open_async():
        await queue.configure_task("test.fails").defer_async(timestamp=0)
        with caplog.at_level(logging.WARNING):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)
    said = [fields(Lines("worker").format(record)) for record in caplog.records]
    (failed,) = [line for line in said if line["level"] == "error"]
    assert (failed["event"], failed["task"]) == ("job failed", "test.fails")
    assert failed["error"] == "ValueError: the numbers\ndo not add up"
    assert "in fail" in failed["trace"]
    assert failed.keys() == {
        "at", "level", "part", "from", "event", "task", "job", "error", "trace",
    }  # fmt: skip
