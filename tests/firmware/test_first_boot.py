"""The first-boot script: its steps, as far as they can go where there is no Pi.

Not tried: a real card and kernel, apt on a Pi, raspi-config's overlay, the camera.
"""

import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from hub.devices import bundle, node_files_command
from hub.kit.embedded import broker as brokers
from tests.conftest import Database
from tests.firmware.test_bundle import card, laid_out
from tests.system.trusted_office import ROOT, open_office

SECTOR_BYTES = 512
MIB = 2**20
GIB = 2**30
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def first_boot(own: Path, root: Path, *steps: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(own / "first-boot.sh"), *steps],
        env={"PATH": PATH, "CARD": str(own), "ROOT": str(root), **env},
        capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "boot", bundle.files(card()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for folder in ("etc", "boot/firmware"):
        (root / folder).mkdir(parents=True)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    (root / "boot/firmware/config.txt").write_text("arm_64bit=1\n")
    return root


def test_the_hub_is_known_without_a_name_server_and_a_second_run_changes_nothing(
    own: Path, root: Path
):
    for _ in range(2):
        assert first_boot(own, root, "know_the_hub", "set_system").returncode == 0
    hosts = (root / "etc/hosts").read_text().splitlines()
    assert hosts[0] == "127.0.0.1 localhost"
    assert sorted(hosts[1:]) == [
        "10.1.2.3 board.city.go.kr # cheongsa",
        "10.1.2.4 broker.city.go.kr # cheongsa",
        "fd00::3 board.city.go.kr # cheongsa",
    ]
    config = (root / "boot/firmware/config.txt").read_text()
    assert config.startswith("arm_64bit=1\n")
    assert config.count("# cheongsa") == 1
    assert (root / "etc/chrony/sources.d/cheongsa.sources").read_text().startswith("server board")
    assert "RuntimeWatchdogSec" in (root / "etc/systemd/system.conf.d/cheongsa.conf").read_text()


def test_what_stops_it_is_written_where_a_card_reader_shows_it(own: Path, root: Path):
    (own / "node.conf").write_text(
        (own / "node.conf").read_text() + "HUB_URL=https://127.0.0.1:9\n"
    )
    done = first_boot(own, root, "get_model", PROGRAM="")
    assert done.returncode == 1
    assert "모델을 받지 못했어요" in (own / "status.txt").read_text()


@pytest.mark.parametrize(
    ("card_gib", "system_gib"), [(32, 8.0), (8, None), (4, False)], ids=["32 GB", "8 GB", "4 GB"]
)
def test_a_card_gets_a_small_part_for_what_must_be_kept(
    own: Path, root: Path, tmp_path: Path, card_gib: int, system_gib: float | bool | None
):
    if not shutil.which("sfdisk", path=PATH):
        pytest.skip("SFDISK IS NOT INSTALLED: cards were not parted")
    image = tmp_path / "card.img"
    with image.open("wb") as file:
        file.truncate(card_gib * GIB)
    start = 8192
    layout = f"label: dos\n{start},{512 * MIB // SECTOR_BYTES},c\n,{2 * GIB // SECTOR_BYTES},L\n"
    sfdisk(str(image), layout)
    parted = first_boot(own, root, "part", TO_PART=str(image))
    parts = parts_of(image)
    if system_gib is False:
        assert parted.returncode == 1
        assert len(parts) == 2
        return
    assert parted.returncode == 0, parted.stderr
    assert first_boot(own, root, "part", TO_PART=str(image)).returncode == 0
    parts = parts_of(image)
    assert len(parts) == 3
    assert parts[2][1] == GIB
    assert parts[1][1] >= 5 * GIB
    if system_gib:
        assert parts[1][1] == system_gib * GIB
    assert all(a[0] + a[1] <= b[0] for a, b in pairwise(parts))


def sfdisk(image: str, script: str) -> None:
    path = shutil.which("sfdisk", path=PATH)
    assert path
    subprocess.run([path, "--quiet", image], input=script, text=True, check=True)


def parts_of(image: Path) -> list[tuple[int, int]]:
    """Where each begins and how long it is, in bytes."""
    path = shutil.which("sfdisk", path=PATH)
    assert path
    told = subprocess.run([path, "--json", str(image)], capture_output=True, check=True)
    parts = json.loads(told.stdout)["partitiontable"]["partitions"]
    return [(one["start"] * SECTOR_BYTES, one["size"] * SECTOR_BYTES) for one in parts]


@pytest.mark.timeout(600)
@pytest.mark.skipif(brokers.mosquitto() is None, reason="mosquitto 2 is not installed")
def test_from_the_card_to_an_enrolled_node_with_nothing_but_the_hub(
    tmp_path: Path, root: Path, database: Database
):
    """The hub's card, the hub's wheels and model over its TLS, and the one-time code."""
    shelves = tmp_path / "node-files"
    fill(shelves)
    with open_office(tmp_path, database, HUB_NODE_FILES_DIR=str(shelves)) as office:
        answer = office.post("/api/v1/nodes/demo/cam-1/card", {"release": "trixie"})
        assert answer.status_code == 200, answer.text
        zipped = tmp_path / "card.zip"
        zipped.write_bytes(answer.content)
        shutil.unpack_archive(zipped, tmp_path / "boot")
        own = tmp_path / "boot" / "cheongsa"
        steps = ("know_the_hub", "get_program", "get_model", "set_program")
        done = first_boot(own, root, *steps)
        assert done.returncode == 0, done.stdout + done.stderr
        env = dict(
            line.split("=", 1) for line in (root / "etc/cheongsa/edge.env").read_text().splitlines()
        )
        env = {name: text.replace("/etc/", f"{root}/etc/") for name, text in env.items()}
        env["EDGE_DATA_DIR"] = str(tmp_path / "data")
        python = root / "opt/cheongsa/venv/bin/python"
        enrolled = subprocess.run(
            [str(python), "-m", "edge", "enrol"], env=env, cwd=tmp_path,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert "enrolled as demo/cam-1" in enrolled.stdout + enrolled.stderr
        assert (tmp_path / "data/identity/node.pem").exists()
        where = subprocess.run(
            [str(python), "-c", "import edge, hub; print(edge.__file__)"],
            cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert str(root) in where.stdout
        model = next((root / "opt/cheongsa/model").iterdir())
        assert model.read_bytes() == next((shelves / "models").iterdir()).read_bytes()


def fill(shelves: Path) -> None:
    """For this machine, not for a Pi: what is installed here, and our own wheel."""
    shelf = shelves / "trixie"
    shelf.mkdir(parents=True)
    node_files_command._put_ours(shelf, None)
    node_files_command._put_model(shelves / "models", ROOT / "edge/scene/model/lunch_queue.onnx")
    (shelves / "bookworm").symlink_to(shelf)
    wheel = next(shelf.glob("cheongsa-*.whl"))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--only-binary", ":all:", "-d", str(shelf), f"{wheel}[edge]"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode and "NewConnectionError" in done.stderr:
        pytest.skip("THE PACKAGE INDEX CANNOT BE REACHED: a node was not installed from the hub")
    assert done.returncode == 0, done.stderr[-2000:]
