"""The real worker looks every half minute, and tells."""

import threading
import time
from typing import Any

from hub import worker
from hub.kit import db, jobs
from hub.kit.settings import Settings
from tests.conftest import Database

PATIENCE_S = 120


def test_the_worker_raises_what_is_wrong_and_writes_down_whom_to_tell(
    sync_conn: Any, database: Database
):
    jobs.apply_schema(database.dsn)
    sync_conn.execute("UPDATE node SET twin_at = now() WHERE node = 'cam-1'")
    settings = Settings.model_validate(
        {"database_dsn": database.dsn, "notice_urls": "json://127.0.0.1:9/"}
    )
    stop = threading.Event()
    running = threading.Thread(target=worker.run, args=(settings, stop))
    running.start()
    try:
        with db.connect_sync(database.dsn, autocommit=True) as conn:
            until_s = time.monotonic() + PATIENCE_S
            tried: Any = None
            while time.monotonic() < until_s and not tried:
                time.sleep(0.5)
                tried = conn.execute(
                    "SELECT cause FROM notice JOIN alert USING (alert_id) WHERE tries > 0"
                ).fetchone()
        assert tried == ("twin",)
    finally:
        stop.set()
        running.join()
