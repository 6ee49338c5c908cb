"""How the machine under the node is: temperature, throttling, load, memory, disk.

Read from /proc and /sys, and from vcgencmd where only it knows. What cannot be measured is None,
never zero.
"""

import os
import subprocess
from collections import deque
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_PI_THROTTLED: Final = "sys/devices/platform/soc/soc:firmware/get_throttled"
_VCGENCMD_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Machine:
    """One look at the computer."""

    temperature_c: float | None
    throttled: int | None
    load_1m: float | None
    memory_used_percent: float | None
    disk_free_bytes: int | None
    wifi_dbm: float | None


def look(data_dir: Path, root: Path = Path("/")) -> Machine:
    """Look at the computer. `root` holds proc and sys; a test hands in its own."""
    return Machine(
        temperature_c=temperature_c(root),
        throttled=_throttled(root),
        load_1m=_load_1m(root / "proc/loadavg"),
        memory_used_percent=_memory_used_percent(root / "proc/meminfo"),
        disk_free_bytes=_disk_free_bytes(data_dir),
        wifi_dbm=_wifi_dbm(root / "proc/net/wireless"),
    )


def temperature_c(root: Path) -> float | None:
    """Of the processor; None where there is no thermometer."""
    return _temperature_c(root / "sys/class/thermal/thermal_zone0/temp")


def software_version() -> str:
    """The version of this program."""
    try:
        return version("cheongsa")
    except PackageNotFoundError:
        return "unpackaged"


class Pace:
    """How fast the loop goes: over the last half minute of frames."""

    def __init__(self, over_s: float = 30.0) -> None:
        self._over_s = over_s
        self._frames: deque[tuple[float, float]] = deque(maxlen=1000)

    def note(self, at_s: float, inference_s: float) -> None:
        """A frame was counted at monotonic `at_s`."""
        self._frames.append((at_s, inference_s))

    def frames_per_s(self, now_s: float) -> float:
        """Frames counted a second; 0.0 when none came."""
        times = [at for at, _ in list(self._frames) if now_s - at <= self._over_s]
        if not times:
            return 0.0
        return round(len(times) / max(now_s - times[0], 1.0), 2)

    def inference_ms(self, now_s: float) -> float | None:
        """Median time to find the people in one frame; None when no frame came."""
        spent = sorted(s for at, s in list(self._frames) if now_s - at <= self._over_s)
        return round(spent[len(spent) // 2] * 1e3, 1) if spent else None

    def age_s(self, now_s: float) -> float | None:
        """How old the newest counted frame is; None before the first."""
        return round(now_s - self._frames[-1][0], 2) if self._frames else None


def _temperature_c(path: Path) -> float | None:
    try:
        return int(path.read_text()) / 1000
    except (OSError, ValueError):
        return None


def _throttled(root: Path) -> int | None:
    """The bits of a Raspberry Pi's `get_throttled`."""
    try:
        return int((root / _PI_THROTTLED).read_text(), 16)
    except (OSError, ValueError):
        return _vcgencmd_throttled()


def _vcgencmd_throttled() -> int | None:
    try:
        told = subprocess.run(
            ["vcgencmd", "get_throttled"],  # noqa: S607 - where it lies differs between releases
            capture_output=True,
            text=True,
            timeout=_VCGENCMD_S,
            check=True,
        )
        return int(told.stdout.partition("=")[2], 16)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _load_1m(path: Path) -> float | None:
    try:
        return float(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _memory_used_percent(path: Path) -> float | None:
    try:
        fields = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
        total, free = (int(fields[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
        return round(100 * (1 - free / total), 1)
    except (OSError, ValueError, KeyError, IndexError, ZeroDivisionError):
        return None


def _disk_free_bytes(folder: Path) -> int | None:
    try:
        stat = os.statvfs(folder)
    except OSError:
        return None
    return stat.f_bavail * stat.f_frsize


def _wifi_dbm(path: Path) -> float | None:
    """The signal level of the first Wi-Fi interface; see proc_net(5): two lines of heads."""
    try:
        first = path.read_text().splitlines()[2].split()
        level = float(first[3])
    except (OSError, ValueError, IndexError):
        return None
    return level if -120.0 <= level < 0.0 else None
