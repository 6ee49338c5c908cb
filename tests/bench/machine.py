"""Which machine the figures of a run are from, in the words of docs/performance.md."""

import importlib.metadata
import os
import platform
import re
import subprocess
from pathlib import Path

import psycopg

from hub.kit.embedded import broker, postgres

GIB = 1024**3
RIVALS = [*Path(__file__).parents[2].glob(".venv-bench/lib/python*/site-packages")]
RIVAL_LIBRARIES = ("torch", "ultralytics", "supervision")
LIBRARIES = ("numpy", "openvino", "ncnn", "onnxruntime", "psycopg", "paho-mqtt", "uvicorn")


def described() -> dict[str, str]:
    """The machine and what was installed on it, each with its name."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{_memory_gib():.0f} GiB",
        "system": f"{_system()}, Linux {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "PostgreSQL": _postgresql(),
        "broker": _broker(),
        **{name: importlib.metadata.version(name) for name in LIBRARIES},
        **_rivals(),
        **_timescale(),
    }


def _rivals() -> dict[str, str]:
    """What stands in the environment of tests/bench/env.sh."""
    found = importlib.metadata.distributions(path=[str(path) for path in RIVALS])
    versions = {each.name: each.version for each in found}
    return {name: versions[name] for name in RIVAL_LIBRARIES if name in versions}


def _timescale() -> dict[str, str]:
    dsn = os.environ.get("TEST_TIMESCALE_DSN")
    if not dsn:
        return {}
    with psycopg.connect(dsn) as conn:
        row = conn.execute(
            """
            SELECT default_version, current_setting('server_version')
              FROM pg_available_extensions
             WHERE name = 'timescaledb'
            """
        ).fetchone()
    return {"TimescaleDB": f"{row[0]} on PostgreSQL {row[1].split()[0]}"} if row else {}


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    return found[1].strip() if found else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB


def _system() -> str:
    return platform.freedesktop_os_release()["PRETTY_NAME"]


def _postgresql() -> str:
    return _last_word([postgres.wheel_dir() / "bin/postgres", "--version"])


def _broker() -> str:
    mosquitto = broker.mosquitto()
    if mosquitto is None:
        return f"amqtt {importlib.metadata.version('amqtt')}"
    return f"mosquitto {_first_version([mosquitto, '-h'])}"


def _last_word(command: list[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]


def _first_version(command: list[str | Path]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", said.stdout + said.stderr)
    return found[0] if found else "of unknown version"
