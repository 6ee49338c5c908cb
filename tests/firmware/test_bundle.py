"""What goes onto a card, read by the programs that will read it."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hub.devices import bundle
from hub.devices.bundle import Card, Door, Model, Wifi
from hub.devices.enrolment import Invitation

MADE_AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
TOLD = Invitation(
    site="demo", node="cam-1", code="K7QD-93MX-A2TB-0F4W", made_at=MADE_AT,
    expires_at=MADE_AT + timedelta(days=1), hub_url="https://board.city.go.kr",
    ca_pem="-----BEGIN CERTIFICATE-----\n", ca_sha256="00",
)  # fmt: skip
HUB = Door("board.city.go.kr", (ip_address("10.1.2.3"), ip_address("fd00::3")), 443)
BROKER = Door("broker.city.go.kr", (ip_address("10.1.2.4"),), 8883)
TIME = Door("board.city.go.kr", (ip_address("10.1.2.3"),), 123, "udp")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZkZmRmZGZkZmRmZGZkZmRmZGZkZmRmZGZkZmRm ops"
typed = st.text(
    st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=32
)
secrets = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=63)


def card(release: bundle.Release = "trixie", **more: object) -> Card:
    model = Model("yolo.onnx", "ab" * 32, "yolo.onnx")
    return Card(TOLD, release, (HUB, BROKER), (TIME,), model, **more)  # type: ignore[arg-type]


def needs(program: str) -> str:
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{program} IS NOT INSTALLED: what it reads was not checked")
    return found


def read_by(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def laid_out(folder: Path, made: dict[str, bytes]) -> Path:
    for name, content in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "cheongsa"


@pytest.mark.parametrize(
    "more", [{}, {"wifi": Wifi("청사 <5G>", 'a"b$c\\d `e', "KR"), "ssh_key": KEY}]
)
def test_cloud_init_reads_what_it_is_given(tmp_path: Path, more: dict[str, Any]):
    program = needs("cloud-init")
    laid_out(tmp_path, bundle.files(card(**more)))
    read_by(program, "schema", "--config-file", str(tmp_path / "user-data"))
    told = yaml.safe_load((tmp_path / "network-config").read_bytes())
    assert told["version"] == 2
    assert ("wifis" in told) == bool(more)
    assert yaml.safe_load((tmp_path / "meta-data").read_bytes())["instance-id"]


@given(typed, secrets)
def test_whatever_a_network_is_called_it_is_read_back_as_typed(ssid: str, password: str):
    made = bundle.files(card(wifi=Wifi(ssid, password, "KR")))
    points = yaml.safe_load(made["network-config"])["wifis"]["wlan0"]["access-points"]
    assert points == {ssid: {"password": password}}
    keyfile = bundle.files(card("bookworm", wifi=Wifi(ssid, password, "KR")))
    lines = dict(
        line.split("=", 1)
        for line in keyfile["cheongsa/wifi.nmconnection"].decode().splitlines()
        if "=" in line
    )
    assert bytes(int(byte) for byte in lines["ssid"].split(";")[:-1]).decode() == ssid
    assert unescaped(lines["psk"]) == password


def unescaped(text: str) -> str:
    """As GLib's keyfile: backslashes and what stands behind them."""
    out, letters = "", iter(text)
    for letter in letters:
        out += {"s": " ", "\\": "\\"}[next(letters)] if letter == "\\" else letter
    return out


@given(
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\n\r"), max_size=60)
)
def test_the_shell_reads_what_was_meant_and_does_nothing_else(mirror: str):
    made = bundle.files(card(apt_mirror=mirror))["cheongsa/node.conf"].decode()
    told = subprocess.run(
        ["sh", "-c", made + 'printf %s "$APT_MIRROR|$MADE_AT_S"'], capture_output=True, check=True
    )
    assert told.stdout.decode() == f"{mirror}|{int(MADE_AT.timestamp())}"


def test_the_firewall_lets_out_to_the_hub_and_the_time_and_nobody_in(tmp_path: Path):
    program = needs("nft")
    own = laid_out(tmp_path, bundle.files(card()))
    text = (own / "nftables.conf").read_text()
    text = text.replace("/etc/nftables/cheongsa-hub.nft", str(own / "hub.nft"))
    rules = tmp_path / "rules.nft"
    rules.write_text(text)
    done = subprocess.run(
        [program, "-c", "-f", str(rules)], capture_output=True, text=True, check=False
    )
    if "Operation not permitted" in done.stderr or "Unable to initialize Netlink" in done.stderr:
        pytest.skip(f"NFT MAY NOT ASK THE KERNEL HERE: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stderr
    hub = (own / "hub.nft").read_text()
    assert "ip daddr 10.1.2.3 tcp dport 443 accept" in hub
    assert "ip6 daddr fd00::3 tcp dport 443 accept" in hub
    assert "ip daddr 10.1.2.4 tcp dport 8883 accept" in hub
    assert "ip daddr 10.1.2.3 udp dport 123 accept" in hub
    assert "dport 22" not in hub
    assert "dport 22" in bundle.files(card(ssh_key=KEY))["cheongsa/hub.nft"].decode()


def test_chrony_reads_whom_to_ask(tmp_path: Path):
    program = needs("chronyd")
    own = laid_out(tmp_path, bundle.files(card()))
    (own / "sources").mkdir()
    (own / "time.sources").rename(own / "sources" / "hub.sources")
    text = (own / "chrony.conf").read_text().replace("/etc/chrony/sources.d", str(own / "sources"))
    (own / "chrony.conf").write_text(text)
    told = read_by(program, "-p", "-f", str(own / "chrony.conf"))
    assert "makestep 1 5" in told
    assert (own / "sources" / "hub.sources").read_text() == "server board.city.go.kr iburst\n"


@pytest.mark.parametrize("release", ["trixie", "bookworm"])
def test_scripts_and_units_hold_to_their_own_checkers(tmp_path: Path, release: bundle.Release):
    own = laid_out(tmp_path, bundle.files(card(release)))
    scripts = [own / "first-boot.sh", *tmp_path.glob("firstrun.sh")]
    assert len(scripts) == (2 if release == "bookworm" else 1)
    read_by(needs("shellcheck"), *map(str, scripts))
    read_by(needs("systemd-analyze"), "verify", str(own / "cheongsa-first-boot.service"))
    for name, kind in (("journald", "Journal"), ("watchdog", "Manager")):
        assert f"[{kind}]" in (own / f"{name}.conf").read_text()


def test_a_card_names_its_node_and_holds_its_code_once():
    made = bundle.files(card())
    env = dict(line.split("=", 1) for line in made["cheongsa/edge.env"].decode().splitlines())
    assert (env["EDGE_SITE"], env["EDGE_NODE"]) == ("demo", "cam-1")
    assert env["EDGE_CARD_MADE_AT"] == "2026-11-21T03:00:00Z"
    assert [name for name, text in made.items() if TOLD.code.encode() in text] == ["cheongsa/code"]
    assert b"authorized_keys" not in json.dumps(list(made)).encode()
    assert "cheongsa/authorized_keys" in bundle.files(card(ssh_key=KEY))


def test_every_setting_on_a_card_is_one_that_nodes_know():
    from edge.settings import Settings, manual

    made = bundle.files(card())["cheongsa/edge.env"].decode()
    for line in made.splitlines():
        assert f"`{line.split('=')[0]}`" in manual()
    env = dict(line.split("=", 1) for line in made.splitlines()) | {
        "EDGE_ENROL_CODE_FILE": os.devnull
    }
    env.pop("EDGE_HUB_CA_FILE")
    env.pop("EDGE_ENROL_CODE_FILE")
    assert Settings.from_env(env).hub_url == "https://board.city.go.kr"
