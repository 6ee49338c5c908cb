"""The office's figures for Prometheus, read from the database when they are asked for.

Labels are names from the site file, kinds of jobs and classes of refusals: nothing that comes over
the wire can make a new series. Every worker tells the same figures; ask for the `max` of them.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub.density.jobs import WORKS
from hub.devices import refusals
from hub.kit import clock, db
from hub.kit.jobs import UPKEEP
from hub.kit.presence import DATABASE
from hub.watch.store import office, server, trips
from hub.watch.store.office import NodeFigures
from hub.watch.store.server import QueueFigures

FRESH_S: Final = 5.0  # several who ask at once cost the database one reading
NEVER: Final = float("inf")
KNOWN_TASKS: Final = tuple(work.name for work in (*UPKEEP, *WORKS))

TWIN_FOR_S: Final = 3600.0


def _has_twin(node: NodeFigures) -> bool:
    return node.twin_age_s is not None and node.twin_age_s < TWIN_FOR_S


# NodeHealth's field, the figure's name, its help, what it is multiplied with.
NODE_HEALTH: Final = (
    ("temperature_c", "temperature_celsius", "Temperature of the node's processor.", 1),
    ("load_1m", "load1", "Load of the node over a minute.", 1),
    ("memory_used_percent", "memory_used_ratio", "Memory in use on the node, 0 to 1.", 0.01),
    ("disk_free_bytes", "disk_free_bytes", "Free space where the node keeps its outbox.", 1),
    ("frames_per_s", "frames_per_second", "Pictures the node looks at.", 1),
    ("inference_ms", "inference_seconds", "Time of the detector on one picture.", 0.001),
    ("frame_age_s", "frame_age_seconds", "Age of the newest picture the node looked at.", 1),
    ("camera_reopened", "camera_reopened", "Times the camera was opened again since start.", 1),
    ("outbox_depth", "outbox_windows", "Windows in the node's outbox, not committed yet.", 1),
    ("outbox_oldest_age_s", "outbox_oldest_seconds", "Age of the oldest of them.", 1),
    ("outbox_dropped", "outbox_dropped", "Windows the node gave up: full, or too old.", 1),
    ("outbox_set_aside", "outbox_set_aside", "Messages that were refused again and again.", 1),
    ("clock_offset_ms", "clock_offset_seconds", "The node's clock against the hub's.", 0.001),
    ("uptime_s", "uptime_seconds", "Since the node's start.", 1),
)
# The figure's name, its help, its value.
NODE: Final[tuple[tuple[str, str, Callable[[NodeFigures], float | None]], ...]] = (
    ("online", "1 while the node says so.", lambda n: n.online),
    ("paused", "1 while it counts nothing on purpose.", lambda n: n.observing == "paused"),
    ("fault", "1 while its camera or model is broken.", lambda n: n.observing == "fault"),
    ("twin", "1 where another machine spoke under its name, in the last hour.", _has_twin),
    ("config_refused", "1 where it refused its configuration.", lambda n: bool(n.config_refused)),
    (
        "health_age_seconds",
        "Since its last health; never: +Inf.",
        lambda n: _or_never(n.health_age_s),
    ),
    ("windows_lost", "Windows written down as lost.", lambda n: n.lost),
    ("windows_missing", "Windows not come yet, below one that has.", lambda n: n.missing),
)
THROTTLED: Final = ("under_voltage", "frequency_capped", "throttled", "soft_temperature_limit")


class Office(Collector):
    """Registered once in each worker. `has_shelf`: checkpoints are to lie in a folder as well."""

    def __init__(self, dsn: str, *, has_shelf: bool = False) -> None:
        self._dsn, self._has_shelf = dsn, has_shelf
        self._lock = threading.Lock()
        self._kept: Sequence[Metric] = ()
        self._read_at_s = -FRESH_S

    def collect(self) -> Iterator[Metric]:
        """The figures, at most FRESH_S old; without a database only that it is away."""
        with self._lock:
            if time.monotonic() - self._read_at_s >= FRESH_S:
                self._kept, self._read_at_s = self._read(), time.monotonic()
            yield from self._kept

    def describe(self) -> list[Metric]:
        """Nothing: registering must not wait for the database."""
        return []

    def _read(self) -> list[Metric]:
        try:
            seen = read(self._dsn, has_shelf=self._has_shelf)
        except db.FAILED as error:
            DATABASE.away(error)
            return [_gauge("cheongsa_database_up", "1 while the database answers.", 0)]
        DATABASE.back()
        return [_gauge("cheongsa_database_up", "1 while the database answers.", 1), *seen]


def read(dsn: str, *, has_shelf: bool = False) -> list[Metric]:
    """Every figure that the database knows. Raises db.FAILED."""
    with db.connect_sync(dsn, autocommit=True) as conn:
        now = clock.now()
        return [
            *_nodes(office.nodes(conn, now)),
            *_zones(office.zones(conn, now)),
            _dead_letters(office.refusals(conn)),
            _gauge(
                "cheongsa_dead_letters_forgotten",
                "Refused, and no longer among the letters.",
                office.forgotten_refusals(conn),
            ),
            *_server(conn, now),
            *_jobs(conn, now),
            *_trips(conn, now, has_shelf=has_shelf),
            *_disk(),
        ]


def _gauge(name: str, about: str, value: float | None) -> GaugeMetricFamily:
    """One figure without labels; no series where it is not known."""
    family = GaugeMetricFamily(name, about, labels=[] if value is None else None)
    if value is not None:
        family.add_metric([], value)
    return family


def _nodes(seen: Sequence[NodeFigures]) -> Iterator[Metric]:
    for name, about, value_of in NODE:
        yield _per_node(seen, name, about, value_of)
    for field, name, about, times in NODE_HEALTH:
        yield _per_node(seen, name, about, partial(_said, field, times))
    yield _throttled(seen)


def _per_node(
    seen: Sequence[NodeFigures],
    name: str,
    about: str,
    value_of: Callable[[NodeFigures], float | None],
) -> Metric:
    """One family by site and node; no series where a node does not say."""
    family = GaugeMetricFamily(f"cheongsa_node_{name}", about, labels=["site", "node"])
    for node in seen:
        if (value := value_of(node)) is not None:
            family.add_metric([node.site, node.node], float(value))
    return family


def _said(field: str, times: float, node: NodeFigures) -> float | None:
    value = (node.health or {}).get(field)
    return None if value is None else value * times


def _or_never(age_s: float | None) -> float:
    return NEVER if age_s is None else age_s


def _throttled(seen: Sequence[NodeFigures]) -> Metric:
    family = GaugeMetricFamily(
        "cheongsa_node_throttled", "1 while the board limits the node.",
        labels=["site", "node", "why"],
    )  # fmt: skip
    for node in seen:
        bits: int | None = (node.health or {}).get("throttled")
        if bits is None:
            continue
        for place, why in enumerate(THROTTLED):
            family.add_metric([node.site, node.node, why], bits >> place & 1)
    return family


def _zones(seen: Sequence[office.ZoneFigures]) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "cheongsa_zone_age_seconds", "Since the end of the zone's newest window; never: +Inf.",
        labels=["site", "node", "zone"],
    )  # fmt: skip
    for zone in seen:
        family.add_metric([zone.site, zone.node, zone.zone], _or_never(zone.age_s))
    yield family


def _dead_letters(reasons: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(
        "cheongsa_dead_letters", "Messages refused, among the letters still kept.", labels=["class"]
    )
    times = dict.fromkeys(refusals.CLASSES, 0)
    for reason, count in reasons.items():
        times[refusals.class_of(reason)] += count
    for name, count in times.items():
        family.add_metric([name], count)
    return family


def _server(conn: Any, now: datetime) -> Iterator[Metric]:
    seen = server.server(conn)
    days = server.sample_days(conn, now)
    told = {"version": metadata.version("cheongsa"), "schema": seen.schema, "kind": days.kind}
    info = GaugeMetricFamily("cheongsa_info", "What runs here; always 1.", labels=list(told))
    info.add_metric(list(told.values()), 1)
    yield info
    yield _gauge("cheongsa_database_size_bytes", "Size of the database.", seen.size_bytes)
    yield _gauge("cheongsa_database_connections", "Clients of the server.", seen.connections)
    yield _gauge("cheongsa_database_connections_max", "As many it lets in.", seen.connections_max)
    yield _gauge("cheongsa_database_longest_transaction_seconds", "The oldest that still runs.",
                 seen.longest_transaction_s)  # fmt: skip
    yield _gauge("cheongsa_samples_kept_days", "Age of the oldest day of samples.", days.kept_days)
    yield _gauge("cheongsa_samples_ahead_days", "Room made for the days to come.", days.ahead_days)
    yield _gauge("cheongsa_samples_unsynced", "Samples whose time nobody vouches for.",
                 server.unsynced(conn))  # fmt: skip
    yield _gauge("cheongsa_rollup_backlog", "Minutes that wait to be rolled up.",
                 server.rollup_backlog(conn, days.kind))  # fmt: skip
    yield _gauge("cheongsa_timescale_jobs_failed", "TimescaleDB's jobs that failed when last run.",
                 server.timescale_failures(conn, days.kind))  # fmt: skip
    yield _gauge("cheongsa_forecast_age_seconds", "Since the newest forecast.",
                 office.newest_forecast_age_s(conn, now))  # fmt: skip


def _jobs(conn: Any, now: datetime) -> Iterator[Metric]:
    seen = server.queue(conn, now)
    state = GaugeMetricFamily("cheongsa_jobs", "Jobs by state.", labels=["task", "state"])
    oldest = GaugeMetricFamily(
        "cheongsa_job_oldest_seconds", "How long the oldest waiting job has waited.",
        labels=["task"],
    )  # fmt: skip
    by_task = {one.task: one for one in seen or ()}
    for name in KNOWN_TASKS if seen is not None else ():
        one = by_task.get(name, QueueFigures(name, 0, 0, 0, None))
        for which in ("waiting", "running", "failed"):
            state.add_metric([name, which], getattr(one, which))
        oldest.add_metric([name], max(0.0, one.oldest_s or 0.0))
    yield state
    yield oldest
    yield _gauge("cheongsa_worker_silence_seconds", "Since any worker's last heartbeat.",
                 server.worker_silence_s(conn, now))  # fmt: skip


def _trips(conn: Any, now: datetime, *, has_shelf: bool) -> Iterator[Metric]:
    daily = trips.daily(conn)
    due = sum(one.is_due for one in trips.quarters(conn))
    yield _gauge("cheongsa_trip_quarters_due", "Quarters of coordinates nobody needs.", due)
    since = daily.newest or daily.begun_on
    today = now.astimezone(clock.SEOUL).date()
    yield _gauge("cheongsa_trip_checkpoint_age_days", "Since the day of the newest checkpoint.",
                 None if since is None else (today - since).days)  # fmt: skip
    yield _gauge("cheongsa_trip_checkpoints_unfiled", "Days whose checkpoint lies in no file.",
                 daily.unfiled if has_shelf else None)  # fmt: skip


def _disk() -> Iterator[Metric]:
    """The disk this process stands on: on one machine the database's too, most often."""
    disk = shutil.disk_usage(Path.cwd())
    yield _gauge("cheongsa_disk_size_bytes", "The disk this worker stands on.", disk.total)
    yield _gauge("cheongsa_disk_free_bytes", "What is free of it.", disk.free)
