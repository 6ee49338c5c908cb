"""For each alarm of rules.yml: figures over two hours, a minute apart, that must and must not fire.

`NOTATION` is promtool's: `1x120` is 1 and 120 times the same again, `0+5x120` grows by 5, `_` is
a figure that is not there. `labels` are what the fired alarm must carry beside its own.
"""

from dataclasses import dataclass, field

HEALTHY = {
    'up{job="web", instance="w"}': "1x120",
    'up{job="ingest", instance="i"}': "1x120",
    'up{job="worker", instance="k"}': "1x120",
    "cheongsa_database_up": "1x120",
    "cheongsa_ingest_connected": "1x120",
    'cheongsa_node_online{site="s", node="n"}': "1x120",
    'cheongsa_node_health_age_seconds{site="s", node="n"}': "10x120",
    'cheongsa_zone_age_seconds{site="s", node="n", zone="z"}': "4x120",
    'cheongsa_node_paused{site="s", node="n"}': "0x120",
}
NODE = {"site": "s", "node": "n"}
OF_NODE = '{site="s", node="n"}'


@dataclass(frozen=True)
class Alarm:
    """What makes one alarm ring."""

    bad: dict[str, str]
    good: dict[str, str] = field(default_factory=dict)
    """What comes close to it and must not."""
    labels: dict[str, str] = field(default_factory=dict)
    at: str = "2h"


def _node(name: str, bad: str, good: str) -> Alarm:
    figure = f"cheongsa_node_{name}{OF_NODE}"
    return Alarm({figure: bad}, {figure: good}, NODE)


def _gauge(name: str, bad: str, good: str, **labels: str) -> Alarm:
    inside = ", ".join(f'{key}="{value}"' for key, value in labels.items())
    return Alarm(
        {f"cheongsa_{name}{{{inside}}}": bad}, {f"cheongsa_{name}{{{inside}}}": good}, labels
    )


def _histogram(name: str, fast_s: str, slow_s: str) -> Alarm:
    def of(below_fast: str) -> dict[str, str]:
        told = {fast_s: below_fast, slow_s: "0+600x120", "+Inf": "0+600x120"}
        return {f'cheongsa_{name}_bucket{{le="{le}"}}': values for le, values in told.items()}

    return Alarm(of("0+10x120"), of("0+599x120"))


ALARMS: dict[str, Alarm] = {
    # absence is an alarm: a process that is gone, and one that was never there
    "WebAway": Alarm({'up{job="web", instance="w"}': "1x60 _x60"}),
    "IngestAway": Alarm({'up{job="ingest", instance="i"}': "0x120"}),
    "WorkerAway": Alarm({'up{job="worker", instance="k"}': "_x120"}),
    "ReplicaAway": Alarm(
        {'up{job="ingest", instance="i2"}': "0x120"},
        {'up{job="ingest", instance="i2"}': "1x118 0x1 1x1"},
        {"job": "ingest", "instance": "i2"},
    ),
    "FiguresAbsent": Alarm({"cheongsa_database_up": "1x60 _x60"}),
    "DatabaseAway": Alarm({"cheongsa_database_up": "1x60 0x60"}),
    "BrokerAway": Alarm({"cheongsa_ingest_connected": "0x120"}),
    "NodesAbsent": Alarm({f"cheongsa_node_online{OF_NODE}": "_x120"}),
    "NodeSilent": _node("health_age_seconds", "10x60 130+60x59", "10x118 119x1"),
    "NodeFault": _node("fault", "0x60 1x60", "0x118 1x1 0x1"),
    "NodeConfigRefused": _node("config_refused", "1x120", "0x120"),
    "NodeTwin": _node("twin", "1x120", "0x120"),
    "ZoneLate": Alarm(
        {'cheongsa_zone_age_seconds{site="s", node="n", zone="z"}': "4x60 64+60x59"},
        {
            'cheongsa_zone_age_seconds{site="s", node="n", zone="z"}': "4x60 64+60x59",
            f"cheongsa_node_paused{OF_NODE}": "1x120",
        },
        {**NODE, "zone": "z"},
    ),
    "IngestLate": _histogram("ingest_lag_seconds", "30", "60"),
    "IngestStuck": Alarm(
        {
            'cheongsa_ingest_unacknowledged{instance="i"}': "40x120",
            'cheongsa_ingest_committed_timestamp_seconds{instance="i"}': "0x120",
        },
        {
            'cheongsa_ingest_unacknowledged{instance="i"}': "40x120",
            'cheongsa_ingest_committed_timestamp_seconds{instance="i"}': "0+60x120",
        },
        {"instance": "i"},
    ),
    "WorkerSilent": _gauge("worker_silence_seconds", "5x60 65+60x59", "55x120"),
    "JobsLate": _gauge("job_oldest_seconds", "0+60x120", "800x120", task="density.roll_up"),
    "JobsFailed": Alarm(
        {'cheongsa_jobs{task="density.learn", state="failed"}': "1x120"},
        {'cheongsa_jobs{task="density.learn", state="waiting"}': "1x120"},
        {"task": "density.learn"},
    ),
    "ForecastLate": _gauge("forecast_age_seconds", "0+60x120", "60x120"),
    "CheckpointLate": _gauge("trip_checkpoint_age_days", "3x120", "2x120"),
    "BoardSlow": _histogram("board_read_seconds", "0.5", "1"),
    "WindowsLost": _node("windows_lost", "0x90 7x30", "7x120"),
    "WindowsMissing": _node("windows_missing", "3x120", "0x110 3x10"),
    "WindowsSetAside": _node("outbox_set_aside", "1x120", "0x120"),
    "MessagesRefused": _gauge("ingest_refused_total", "0x115 4x5", "4x120"),
    "ClockUnknown": _gauge("samples_unsynced", "0+5x120", "900x120"),
    "CheckpointUnfiled": Alarm(
        {"cheongsa_trip_checkpoints_unfiled": "1x200"},
        {"cheongsa_trip_checkpoints_unfiled": "1x100 0x100"},
        at="3h",
    ),
    "OutboxFilling": _node("outbox_oldest_seconds", "0+60x120", "3500x120"),
    "NodeDiskFull": _node("disk_free_bytes", "4e8x120", "6e8x120"),
    "NodeHot": _node("temperature_celsius", "83x120", "79x120"),
    "NodePowerWeak": Alarm(
        {'cheongsa_node_throttled{site="s", node="n", why="under_voltage"}': "1x120"},
        {'cheongsa_node_throttled{site="s", node="n", why="throttled"}': "1x120"},
        NODE,
    ),
    "DiskFilling": Alarm(
        {"cheongsa_disk_free_bytes": "9x120", "cheongsa_disk_size_bytes": "100x120"},
        {"cheongsa_disk_free_bytes": "11x120", "cheongsa_disk_size_bytes": "100x120"},
    ),
    "ConnectionsFull": Alarm(
        {"cheongsa_database_connections": "90x120", "cheongsa_database_connections_max": "97x120"},
        {"cheongsa_database_connections": "40x120", "cheongsa_database_connections_max": "97x120"},
    ),
    "TransactionStuck": _gauge("database_longest_transaction_seconds", "0+60x120", "20x120"),
    "DaysEnding": _gauge("samples_ahead_days", "0.5x120", "2.5x120"),
    "RetentionStuck": Alarm(
        {"cheongsa_samples_kept_days": "96x200"}, {"cheongsa_samples_kept_days": "91x200"}, at="3h"
    ),
    "QuarterDue": _gauge("trip_quarters_due", "1x120", "0x120"),
    "RollupBehind": _gauge("rollup_backlog", "60000x120", "4000x120"),
    "TimescaleJobsFailed": _gauge("timescale_jobs_failed", "1x120", "0x120"),
    "InboxFull": _gauge("ingest_inbox", "12000x120", "900x120", instance="i"),
    "StreamsFull": Alarm(
        {
            'cheongsa_streams{instance="w"}': "950x120",
            'cheongsa_streams_max{instance="w"}': "1000x120",
        },
        {
            'cheongsa_streams{instance="w"}': "850x120",
            'cheongsa_streams_max{instance="w"}': "1000x120",
        },
        {"instance": "w"},
    ),
}
