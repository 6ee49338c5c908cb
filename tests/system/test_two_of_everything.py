"""Two ingest, two web and two worker on one broker and one database, killed one by one under load.

Nothing is lost, nothing is stored twice, no browser is left on an old number, and no job is done
by two at once.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from playwright.sync_api import Page, sync_playwright

from hub.kit.embedded import broker as brokers
from tests.system.office import Office
from tests.system.office.road import Road
from tests.web.browser.conftest import BUILD, CHROMIUM_ARGS, chromium

PAGES: Final = 4
FRESH_PATIENCE_S: Final = 60.0
JOBS: Final = 30
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed"),
]

WITNESS: Final = """
window.witness = {boards: 0, lost: 0, old: [], newestMs: 0};
setInterval(() => {
  const answer = document.querySelector('section.answer'), shown = answer?.querySelector('time');
  if (document.querySelector('.lost')) witness.lost += 1;
  if (!shown || ['stale', 'unknown'].includes(answer.dataset.state)) return;
  const ageMs = Date.now() - Date.parse(shown.dateTime);
  witness.boards += 1;
  witness.newestMs = Math.max(witness.newestMs, Date.parse(shown.dateTime));
  if (ageMs > 35_000) witness.old.push(`${shown.dateTime} at ${new Date().toISOString()}`);
}, 200);
"""
"""What a person in front of the page would hold against it: shown as live, 35 s old."""


@contextmanager
def browsers(url: str, how_many: int) -> Iterator[list[Page]]:
    """So many pages of a real Chromium, each with a witness in it."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGS))
        pages = [browser.new_context(locale="ko-KR").new_page() for _ in range(how_many)]
        for page in pages:
            page.add_init_script(WITNESS)
            page.goto(url)
        yield pages
        browser.close()


def seen(page: Page) -> dict[str, Any]:
    return page.evaluate("witness")


def wait_until_fresh(pages: list[Page], after_s: float) -> None:
    """Until each page shows, as live, a number of after that moment."""
    until_s = time.monotonic() + FRESH_PATIENCE_S
    while any(seen(page)["newestMs"] < after_s * 1000 for page in pages):
        assert time.monotonic() < until_s, [seen(page) for page in pages]
        time.sleep(0.2)


def test_killed_one_by_one_nothing_is_lost_and_no_browser_stays_on_an_old_number(tmp_path: Path):
    if not (BUILD / "index.html").exists():
        pytest.skip("the web app is not built: make web")
    hub = {"HUB_WEB_DIR": str(BUILD)}
    with Office(tmp_path, cameras=0, workers=2, window_s=0.2, hub=hub) as office:
        front = Road(*(("127.0.0.1", port) for port in office.web_ports), mqtt=False, seed=1)
        front.open()
        with browsers(f"http://127.0.0.1:{front.port}/", PAGES) as pages:
            wait_until_fresh(pages, time.time())
            for name in ("web-1", "ingest-1", "worker-1", "web-2", "ingest-2", "worker-2"):
                office[name].kill()
                wait_until_fresh(pages, time.time())  # by the one that is left
                office[name].start()
                office.wait_until_live()
            for name in ("web-1", "web-2"):
                office[name].kill()
            for page in pages:
                page.wait_for_selector(".lost")  # it says so, and tries again by itself
            for name in ("web-1", "web-2"):
                office[name].start()
            wait_until_fresh(pages, time.time())
            told = [seen(page) for page in pages]
        front.close()
        verdict = office.verdict()
        assert verdict.nothing_lost, verdict
        assert office.onlooker.lies == []
    assert all(one["boards"] > 50 for one in told)
    assert [one["old"] for one in told] == [[]] * PAGES


def watch_jobs(conn: psycopg.Connection[Any]) -> None:
    """Write down when each job began and when it was let go, however it ended."""
    conn.execute(
        """
        CREATE TABLE seen_job (
            id bigint, task text, doing boolean, worker bigint,
            at timestamptz DEFAULT clock_timestamp()
        );
        CREATE FUNCTION see_job() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE job procrastinate_jobs := coalesce(NEW, OLD);
        BEGIN
            INSERT INTO seen_job (id, task, doing, worker)
            VALUES (job.id, job.task_name, TG_OP = 'UPDATE' AND job.status = 'doing',
                    coalesce(job.worker_id, OLD.worker_id));
            RETURN NULL;
        END $$;
        CREATE TRIGGER see_job AFTER UPDATE OR DELETE ON procrastinate_jobs
            FOR EACH ROW EXECUTE FUNCTION see_job();
        """
    )


def defer_many(conn: psycopg.Connection[Any]) -> None:
    for task in ("density.look_ahead", "density.roll_up"):
        conn.execute(
            """
            INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)
            SELECT 'default', %s, %s, '{"timestamp": 1}' FROM generate_series(1, %s)
            """,
            (task, task, JOBS),
        )


def begun_beside_another(conn: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """Jobs that began while another of the same task was being done."""
    return conn.execute(
        """
        WITH step AS (
            SELECT id, task, doing, at,
                   sum(CASE WHEN doing THEN 1 WHEN was THEN -1 ELSE 0 END)
                       OVER (PARTITION BY task ORDER BY at) AS at_once
              FROM (SELECT *, lag(doing) OVER (PARTITION BY id ORDER BY at) AS was
                      FROM seen_job) s
        )
        SELECT id, task, at FROM step WHERE at_once > 1 AND task LIKE 'density.%'
        """
    ).fetchall()


def test_two_workers_killed_one_by_one_do_every_job_and_never_two_of_a_kind_at_once(
    tmp_path: Path,
):
    with Office(tmp_path, cameras=0, senders=1, webs=1, ingests=1, workers=2) as office:
        with psycopg.connect(office.database.dsn, autocommit=True) as conn:
            watch_jobs(conn)
            defer_many(conn)
            for name in ("worker-1", "worker-2"):
                time.sleep(office.chance.uniform(0.2, 1.0))
                office[name].kill()
                office[name].start()
            until_s = time.monotonic() + 300  # a dead worker's job is taken up after 30 to 90 s
            left = "SELECT count(*) FROM procrastinate_jobs WHERE args = '{\"timestamp\": 1}'"
            while conn.execute(left).fetchone() != (0,):
                assert time.monotonic() < until_s
                time.sleep(0.5)
            assert begun_beside_another(conn) == []
            begun = conn.execute("SELECT count(DISTINCT id) FROM seen_job WHERE doing").fetchone()
            assert begun is not None
            assert begun[0] >= 2 * JOBS
            again = conn.execute(
                """
                SELECT id, count(*), count(DISTINCT worker) FROM seen_job
                 WHERE doing GROUP BY id HAVING count(*) > 1
                """
            ).fetchall()
        assert len(again) <= 2 * 3  # in hand when a worker died: three at once, two were killed
        assert all(times == workers for _, times, workers in again)  # by another each time
