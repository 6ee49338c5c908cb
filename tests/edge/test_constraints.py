"""What a Raspberry Pi is told to install exists for it, and agrees with what we ask for."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLIBC = {"bookworm": 36, "trixie": 41}
PYTHON = {"bookworm": "311", "trixie": "313"}
PARTS = [0, 5, 12, 17, 24, 26, 27, 28, 31, 34, 35, 36, 38, 39, 40, 41]


def constraints(name):
    text = (ROOT / f"firmware-config/constraints-{name}.txt").read_text()
    return dict(line.split("==") for line in text.splitlines() if re.match(r"[a-z]", line))


def test_bookworm_keeps_the_binary_interface_of_apt_numpy():
    """NumPy 1.24 in apt; extensions built for 1.x do not load with 2.x."""
    assert constraints("bookworm")["numpy"].startswith("1.")


def test_trixie_keeps_the_minor_version_of_apt_numpy():
    assert constraints("trixie")["numpy"].startswith("2.2.")


@pytest.mark.parametrize("name", ["bookworm", "trixie"])
def test_opencv_still_has_its_people_detector(name):
    assert constraints(name)["opencv-python-headless"].startswith("4.")


@pytest.mark.parametrize("name", ["bookworm", "trixie"])
def test_every_package_of_a_node_has_a_wheel_for_the_pi(name, tmp_path):
    """Asks the package index that pip uses here; without a network it cannot be known."""
    report = tmp_path / "report.json"
    answer = subprocess.run(
        [*pip(name, report), *edge_packages()], capture_output=True, text=True, check=False
    )
    if answer.returncode and is_offline(answer.stderr):
        pytest.skip("THE PACKAGE INDEX CANNOT BE REACHED: wheels for the Pi were not looked up")
    assert answer.returncode == 0, answer.stderr[-2000:]
    found = {
        each["metadata"]["name"].lower(): each for each in json.loads(report.read_text())["install"]
    }
    for package, version in constraints(name).items():
        assert found[package]["metadata"]["version"] == version
    for package in ("numpy", "opencv-python-headless", "onnxruntime", "openvino", "ncnn"):
        assert "aarch64" in found[package]["download_info"]["url"]


def pip(name, report):
    platforms = [f"manylinux_2_{n}_aarch64" for n in PARTS if n <= GLIBC[name]]
    return [
        *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-cache-dir"),
        *("--retries", "1", "--timeout", "15", "--disable-pip-version-check"),
        *("--target", str(report.parent / "none"), "--report", str(report)),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", PYTHON[name]),
        *(part for p in (*platforms, "manylinux2014_aarch64") for part in ("--platform", p)),
        *("--constraint", str(ROOT / f"firmware-config/constraints-{name}.txt")),
    ]


def edge_packages():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["edge"]]


def is_offline(stderr):
    signs = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError")
    return any(sign in stderr for sign in signs)
