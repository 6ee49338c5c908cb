"""How the machine is: measured, or None."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import health
from edge.health import Pace


def a_pi(root: Path) -> None:
    """The files of a hot Raspberry Pi that was short of power at start."""
    for name, text in {
        "proc/loadavg": "1.25 0.9 0.7 2/345 6789\n",
        "proc/meminfo": "MemTotal: 4000 kB\nMemFree: 10 kB\nMemAvailable: 1000 kB\n",
        "sys/class/thermal/thermal_zone0/temp": "71250\n",
        "sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_a_pi_says_how_it_is(tmp_path: Path):
    a_pi(tmp_path)
    machine = health.look(tmp_path, tmp_path)
    assert machine.temperature_c == 71.25
    assert machine.throttled == 0x50005
    assert machine.load_1m == 1.25
    assert machine.memory_used_percent == 75.0
    assert (machine.disk_free_bytes or 0) > 0


def test_the_wi_fi_is_read_as_the_kernel_writes_it(tmp_path: Path):
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/wireless").write_text(
        "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"
        " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"
        " wlan0: 0000   54.  -56.  -256        0      0      0      0      0        0\n"
    )
    assert health.look(tmp_path, tmp_path).wifi_dbm == -56.0


def test_what_cannot_be_measured_is_none(tmp_path: Path):
    machine = health.look(tmp_path / "gone", tmp_path)
    assert machine == health.Machine(None, None, None, None, None, None)


@given(noise=st.binary(max_size=60))
def test_no_nonsense_in_proc_or_sys_stops_the_node(
    noise: bytes, tmp_path_factory: pytest.TempPathFactory
):
    root = tmp_path_factory.mktemp("root")
    a_pi(root)
    for path in root.rglob("*"):
        if path.is_file():
            path.write_bytes(noise)
    health.look(root, root)


def test_this_machine_can_be_looked_at(tmp_path: Path):
    machine = health.look(tmp_path)
    assert 0.0 < (machine.memory_used_percent or 0.0) < 100.0
    assert machine.load_1m is not None


def test_the_pace_is_that_of_the_last_half_minute():
    pace = Pace()
    assert (pace.frames_per_s(5.0), pace.inference_ms(5.0), pace.age_s(5.0)) == (0.0, None, None)
    for i in range(400):
        pace.note(i / 4, 0.02 if i % 2 else 0.04)
    assert pace.frames_per_s(100.0) == 4.0
    assert pace.inference_ms(100.0) in (20.0, 40.0)
    assert pace.age_s(101.0) == 1.25
    assert pace.frames_per_s(200.0) == 0.0
    assert pace.inference_ms(200.0) is None
