"""What the worker tells Prometheus of the whole office, read from a real database."""

import math
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hub.devices import hearing, refusals
from hub.kit import clock, jobs
from hub.watch import figures
from tests.conftest import Database
from tests.hub.watch import office
from tests.web.conftest import free_port

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def told(dsn: str) -> dict[str, float]:
    """`name{label values}` -> value."""
    return {
        f"{s.name}{{{','.join(s.labels.values())}}}": s.value
        for family in figures.read(dsn)
        for s in family.samples
    }


def test_losses_and_holes_are_counted_apart(database: Database):
    office.live(database.dsn)
    said = told(database.dsn)
    assert said["cheongsa_node_windows_lost{demo,cam-1}"] == 2
    assert said["cheongsa_node_windows_missing{demo,cam-1}"] == 1
    office.hear(database.dsn, office.count(5, oldest=3))
    assert told(database.dsn)["cheongsa_node_windows_missing{demo,cam-1}"] == 0


def test_a_node_tells_how_it_fares_and_a_silent_one_is_infinitely_late(database: Database):
    office.live(database.dsn)
    said = told(database.dsn)
    assert said["cheongsa_node_online{demo,cam-1}"] == 1
    assert said["cheongsa_node_temperature_celsius{demo,cam-1}"] == 61.5
    assert said["cheongsa_node_memory_used_ratio{demo,cam-1}"] == pytest.approx(0.41)
    assert said["cheongsa_node_outbox_windows{demo,cam-1}"] == 7
    assert said["cheongsa_node_throttled{demo,cam-1,under_voltage}"] == 1
    assert said["cheongsa_node_throttled{demo,cam-1,frequency_capped}"] == 0
    assert said["cheongsa_node_health_age_seconds{demo,cam-1}"] < 60
    assert said["cheongsa_node_online{demo,cam-2}"] == 0
    assert said["cheongsa_node_health_age_seconds{demo,cam-2}"] == math.inf
    assert said["cheongsa_zone_age_seconds{demo,cam-2,all}"] == math.inf
    assert "cheongsa_node_temperature_celsius{demo,cam-2}" not in said


def test_a_zone_is_as_old_as_the_end_of_its_newest_window(database: Database):
    office.settle(database.dsn)
    office.hear(database.dsn, office.count(1, age_s=100.0))
    assert 100 <= told(database.dsn)["cheongsa_zone_age_seconds{demo,cam-1,queue}"] < 160


def test_dead_letters_are_told_by_class_and_every_class_is_always_there(database: Database):
    office.live(database.dsn)
    said = told(database.dsn)
    assert said["cheongsa_dead_letters{malformed}"] == 1
    assert said["cheongsa_dead_letters{unregistered}"] == 1
    assert said["cheongsa_dead_letters_forgotten{}"] == 0
    assert {name for name in refusals.CLASSES if f"cheongsa_dead_letters{{{name}}}" in said} == set(
        refusals.CLASSES
    )


NOW = clock.now()
REFUSED = {
    "malformed": ("cheongsa/v1/demo/cam-1/counts", b"{"),
    "version": office.count(1, schema_version=2),
    "foreign": ("cheongsa/v1/demo/cam-2/counts", office.count(1)[1]),
    "future": office.count(1, age_s=-86_400.0),
    "old": office.count(1, age_s=200 * 86_400.0),
    "size": ("cheongsa/v1/demo/cam-1/health", b" " * 100_000),
    "topic": ("cheongsa/v1/demo/cam-1/nonsense", b"{}"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_refusal_is_in_its_class(name: str):
    heard = hearing.read(*REFUSED[name], NOW)
    assert isinstance(heard, hearing.Refused)
    assert refusals.class_of(heard.reason) == name


@pytest.mark.parametrize("topic", ["nothing", "cheongsa/v1/Demo/cam-1/counts"])
def test_a_topic_that_is_not_ours_is_a_class(topic: str):
    heard = hearing.read(topic, b"{}", NOW)
    assert isinstance(heard, hearing.Refused)
    assert refusals.class_of(heard.reason) == "topic"


def test_the_database_tells_how_full_it_is(database: Database):
    office.live(database.dsn)
    jobs.apply_schema(database.dsn)
    said = told(database.dsn)
    assert said["cheongsa_database_size_bytes{}"] > 1_000_000
    assert (
        1 <= said["cheongsa_database_connections{}"] < said["cheongsa_database_connections_max{}"]
    )
    assert 0 <= said["cheongsa_samples_kept_days{}"] < 2
    if database.kind == "plain":
        assert said["cheongsa_samples_ahead_days{}"] > 0
        assert said["cheongsa_rollup_backlog{}"] >= 1
    else:
        assert said["cheongsa_timescale_jobs_failed{}"] == 0


def test_without_a_database_only_that_is_told():
    (family,) = figures.Office("postgresql:///nothing?host=/nowhere").collect()
    assert [(s.name, s.value) for s in family.samples] == [("cheongsa_database_up", 0)]


@contextmanager
def process(part: str, dsn: str, **env: str) -> Iterator[int]:
    """A real `ingest` or `worker`; yields the port of its figures."""
    port = free_port()
    named = {"HUB_DATABASE_DSN": dsn, "HUB_METRICS_PORT": str(port), "HUB_PORT": str(free_port())}
    running = subprocess.Popen([sys.executable, "-m", "hub", part], env=os.environ | named | env)
    try:
        yield port
    finally:
        running.terminate()
        running.wait(15)


def scraped(port: int, want: str = "", patience_s: float = 40.0) -> Series:
    """What it tells, once `want` is among it."""
    end_s = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            text = ""
        if text and want in text:
            break
        assert time.monotonic() < end_s, f"{want} is not told: {text[-2000:]}"
        time.sleep(0.2)
    return {
        (s.name, tuple(sorted(s.labels.items()))): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


def test_a_real_worker_tells_of_the_office_and_of_its_queue(database: Database):
    office.live(database.dsn)
    jobs.apply_schema(database.dsn)
    with process("worker", database.dsn) as port:
        said = scraped(port, "cheongsa_worker_silence_seconds ", 90.0)
    names = {name for name, _ in said}
    assert said["cheongsa_database_up", ()] == 1
    assert said["cheongsa_jobs", (("state", "failed"), ("task", "density.roll_up"))] == 0
    assert said["cheongsa_worker_silence_seconds", ()] < 60
    assert "process_resident_memory_bytes" in names


def test_a_real_web_tells_its_board_on_the_port_of_its_own(database: Database):
    office.live(database.dsn)
    with process("web", database.dsn) as port:
        said = scraped(port, "cheongsa_last_sample_age_seconds{")
    assert said["cheongsa_last_sample_age_seconds", (("site", "demo"),)] < 600
    assert said["cheongsa_streams_max", ()] == 12_000


def test_a_port_that_is_taken_is_said_in_one_sentence(database: Database):
    with process("ingest", database.dsn) as port:
        scraped(port, "cheongsa_ingest_inbox")
        second = subprocess.run(
            [sys.executable, "-m", "hub", "ingest"],
            env=os.environ | {"HUB_DATABASE_DSN": database.dsn, "HUB_METRICS_PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert second.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in second.stderr
    assert "Traceback" not in second.stderr
