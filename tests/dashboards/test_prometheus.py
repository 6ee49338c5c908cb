"""A real Prometheus reads real processes: each query of each panel and alarm finds its figures."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.kit import db, jobs, migrate
from hub.kit.embedded import postgres as postgreses
from hub.kit.embedded.broker import Broker
from tests.dashboards import grafana
from tests.hub.watch import office
from tests.web.conftest import free_port

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "dashboards/prometheus"
PATIENCE_S = 120.0
# Told only where there is something to tell: TimescaleDB, a forecast, a log of trips, a dropped
# stream.
NOT_HERE = {
    "cheongsa_forecast_age_seconds",
    "cheongsa_timescale_jobs_failed",
    "cheongsa_trip_checkpoint_age_days",
    "cheongsa_trip_checkpoints_unfiled",
    "ALERTS",
}


@contextmanager
def running(command: list[str], **env: str) -> Iterator[None]:
    child = subprocess.Popen(command, env=os.environ | env, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        child.wait(20)


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def until(found: Any, what: str) -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            if got := found():
                return got
        except OSError:
            pass
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        time.sleep(0.3)


def configuration(folder: Path, ports: dict[str, int], own: int) -> Path:
    """The shipped configuration, with addresses of this machine for the names of services."""
    told = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    for job in told["scrape_configs"]:
        job.pop("dns_sd_configs", None)
        port = ports.get(job["job_name"], own)
        job["static_configs"] = [{"targets": [f"127.0.0.1:{port}"]}]
    told["global"] |= {
        "scrape_interval": "1s",
        "scrape_timeout": "1s",
        "evaluation_interval": "1s",
    }
    told["rule_files"] = [str(PROMETHEUS / "rules.yml")]
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True))
    return file


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that has read web, ingest and worker of a living office."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("Prometheus is not installed: apt-get install prometheus")
    from hub.kit.embedded import broker as brokers

    folder = tmp_path_factory.mktemp("prometheus")
    own, ports = free_port(), {name: free_port() for name in ("web", "ingest", "worker")}
    with ExitStack() as stack:
        database = postgreses.start(folder / "data", {"fsync": "off"})
        stack.callback(database.forget)
        with db.connect_sync(database.dsn(), autocommit=True) as conn:
            migrate.migrate(conn)
        jobs.apply_schema(database.dsn())
        office.live(database.dsn())
        broker: Broker = brokers.start(folder / "data", ["demo/cam-1"])
        stack.callback(broker.stop)
        env = {
            "HUB_DATABASE_DSN": database.dsn(),
            "HUB_BROKER_URL": broker.url(),
            "HUB_BROKER_PASSWORD": broker.passwords["hub"],
            "HUB_PORT": str(web := free_port()),
        }
        for name, port in ports.items():
            command = [sys.executable, "-m", "hub", name]
            stack.enter_context(running(command, **env, HUB_METRICS_PORT=str(port)))
        told = configuration(folder, ports, own)
        stack.enter_context(
            running(
                [
                    program,
                    f"--config.file={told}",
                    f"--storage.tsdb.path={folder / 'tsdb'}",
                    f"--web.listen-address=127.0.0.1:{own}",
                ]
            )
        )
        address = f"http://127.0.0.1:{own}/api/v1"
        until(lambda: all_are_up(address), "all four to be read")
        until(lambda: get(f"http://127.0.0.1:{web}/api/v1/density"), "the board")
        say_something(broker)
        until(lambda: value(address, "sum(cheongsa_ingest_rows_total) > 0"), "a row")
        until(lambda: value(address, "sum(cheongsa_http_request_seconds_count) > 0"), "a request")
        yield address


def say_something(broker: Broker) -> None:
    """A node tells a window and something nobody understands."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    node = Client(CallbackAPIVersion.VERSION2)
    node.username_pw_set("demo/cam-1", broker.passwords["demo/cam-1"])
    node.connect(broker.host, broker.port)
    node.loop_start()
    for topic, payload in (office.count(7, oldest=3), (office.CAM_1.topic("health"), b"?")):
        node.publish(topic, payload, qos=1).wait_for_publish(20)
    node.disconnect()
    node.loop_stop()
    node.on_message = node.on_connect = None


def all_are_up(address: str) -> bool:
    found = get(f"{address}/query?query=up")["data"]["result"]
    return [one["value"][1] for one in found] == ["1"] * 4


def value(address: str, expression: str) -> list[Any]:
    query = urllib.parse.urlencode({"query": expression})
    told = get(f"{address}/query?{query}")
    assert told["status"] == "success", told
    return told["data"]["result"]


def figures_of(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:cheongsa|process)_\w+|\bup\b|\bALERTS\b", expression))


def test_every_figure_of_every_panel_is_told_by_a_real_process(prometheus: str):
    known = set(get(f"{prometheus}/label/__name__/values")["data"])
    for query in grafana.queries("expr"):
        figures = figures_of(query.text)
        assert figures, query
        assert figures - known <= NOT_HERE, query


def test_every_panel_s_expression_is_answered(prometheus: str):
    for query in grafana.queries("expr"):
        value(prometheus, grafana.promql_of(query.text))


def test_every_figure_of_every_alarm_is_told_and_every_rule_is_in_health(prometheus: str):
    known = set(get(f"{prometheus}/label/__name__/values")["data"])
    until(lambda: all(rule["lastEvaluation"] > "2" for rule in rules(prometheus)), "all rules")
    for rule in rules(prometheus):
        assert rule["health"] == "ok", rule
        assert figures_of(rule["query"]) - known <= NOT_HERE, rule["name"]


def rules(address: str) -> list[dict[str, Any]]:
    return [rule for group in get(f"{address}/rules")["data"]["groups"] for rule in group["rules"]]


def test_what_was_lost_and_refused_rings_or_is_told(prometheus: str):
    (lost,) = value(prometheus, 'max(cheongsa_node_windows_lost{node="cam-1"})')
    assert lost["value"][1] == "2"
    (refused,) = value(prometheus, "sum(cheongsa_ingest_refused_total)")
    assert refused["value"][1] == "1"


def test_no_figure_has_a_series_for_what_a_stranger_says(prometheus: str):
    """Labels come from the site file and from the code: what comes over the wire makes none."""
    series = get(f"{prometheus}/series?match[]={{__name__=~%22cheongsa_.%2B%22}}")["data"]
    assert len(series) < 400
    assert {one.get("node") for one in series} == {None, "cam-1", "cam-2"}
    assert {one.get("site") for one in series} == {None, "demo"}
