"""What is copied onto the card of a new node: made for it, and for it alone. Pure.

What is the same for every node lies in `firmware-config/node`, and goes along as it is. What is
made here is text that a person typed (a network's name, its password, a key), so it is written
by JSON, which YAML contains, or quoted for the shell: nothing typed can become a command.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, Final, Literal
from uuid import NAMESPACE_DNS, uuid5
from zipfile import ZIP_DEFLATED, ZipFile

from hub.devices.enrolment import Invitation

Release = Literal["trixie", "bookworm"]
Proto = Literal["tcp", "udp"]
TEMPLATES: Final = Path(__file__).parents[2] / "firmware-config"
NTP: Final = 123
SSH_KEY: Final = (
    r"^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]{1,40}|ssh-rsa)"
    r" [A-Za-z0-9+/=]{40,4000}( [!-~]{1,100})?$"
)
_STATIC: Final = (
    "first-boot.sh", "cheongsa-first-boot.service", "nftables.conf", "chrony.conf",
    "journald.conf", "watchdog.conf", "config.txt",
)  # fmt: skip
_WAIT_FOR_NETWORK: Final = "systemctl start --no-block cheongsa-first-boot.service"


@dataclass(frozen=True, slots=True)
class Wifi:
    """A network of the office. An empty password: an open one."""

    ssid: str
    password: str
    country: str
    """Two letters: which channels the law allows there."""


@dataclass(frozen=True, slots=True)
class Door:
    """Something that the node must reach: who, at which of its addresses, through which door."""

    host: str
    addresses: tuple[IPv4Address | IPv6Address, ...]
    port: int
    proto: Proto = "tcp"


@dataclass(frozen=True, slots=True)
class Model:
    """The detector that nodes get from the hub."""

    file: str
    sha256: str
    opens: str
    """What the node is told to load: the file, or the folder that a .tar becomes."""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that makes one card."""

    told: Invitation
    release: Release
    doors: tuple[Door, ...]
    time: tuple[Door, ...]
    model: Model
    apt_mirror: str | None = None
    wifi: Wifi | None = None
    ssh_key: str | None = None

    @property
    def hostname(self) -> str:
        """As a DHCP server will list it."""
        return f"{self.told.site}-{self.told.node}"[:63].rstrip("-")


def files(card: Card) -> dict[str, bytes]:
    """Path on the boot partition, and what is in it."""
    own = {
        "node.conf": _node_conf(card),
        "edge.env": _edge_env(card),
        "code": card.told.code + "\n",
        "hub-ca.pem": card.told.ca_pem,
        "hosts": "".join(dict.fromkeys(_hosts((*card.doors, *card.time)))),
        "hub.nft": _hub_nft(card),
        "time.sources": "".join(f"server {door.host} iburst\n" for door in card.time),
        "hostname": card.hostname + "\n",
        "cheongsa-edge.service": _text("systemd/cheongsa-edge.service"),
    }
    own |= {name: _text(f"node/{name}") for name in _STATIC}
    if card.ssh_key:
        own |= {"authorized_keys": card.ssh_key + "\n", "sshd.conf": _text("node/sshd.conf")}
    made = {f"cheongsa/{name}": text for name, text in own.items()}
    made |= _bookworm(card) if card.release == "bookworm" else _trixie(card)
    made["읽어 주세요.txt"] = _text(f"node/read-me-{card.release}.txt").replace("\n", "\r\n")
    return {name: text.encode() for name, text in made.items()}


def zipped(made: Mapping[str, bytes]) -> bytes:
    """As one file to download. It holds the code: nobody keeps it."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(made.items()):
            archive.writestr(name, content)
    return out.getvalue()


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def _node_conf(card: Card) -> str:
    told = {
        "HUB_URL": card.told.hub_url,
        "RELEASE": card.release,
        "MADE_AT_S": str(int(card.told.made_at.timestamp())),
        "APT_MIRROR": card.apt_mirror or "",
        "MODEL": card.model.file,
        "MODEL_SHA256": card.model.sha256,
    }
    return "".join(f"{name}={shlex.quote(text)}\n" for name, text in told.items())


def _edge_env(card: Card) -> str:
    told = {
        "EDGE_SITE": card.told.site,
        "EDGE_NODE": card.told.node,
        "EDGE_HUB_URL": card.told.hub_url,
        "EDGE_HUB_CA_FILE": "/etc/cheongsa/hub-ca.pem",
        "EDGE_ENROL_CODE_FILE": "/etc/cheongsa/code",
        "EDGE_CARD_MADE_AT": f"{card.told.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "EDGE_CAMERA": "picamera2",
        "EDGE_MODEL": f"/opt/cheongsa/model/{card.model.opens}",
    }
    return "".join(f"{name}={text}\n" for name, text in told.items())


def _hosts(doors: Iterable[Door]) -> Iterable[str]:
    for door in doors:
        if not _is_address(door.host):
            yield from (f"{address} {door.host}\n" for address in door.addresses)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _hub_nft(card: Card) -> str:
    rules = [
        f"    {'ip' if address.version == 4 else 'ip6'} daddr {address}"
        f" {door.proto} dport {door.port} accept\n"
        for door in (*card.doors, *card.time)
        for address in door.addresses
    ]
    ssh = "    tcp dport 22 ct state new limit rate 6/minute accept\n" if card.ssh_key else ""
    chains = {"hub": "".join(dict.fromkeys(rules)), "asked": ssh}
    inner = "".join(f"  chain {name} {{\n{rules}  }}\n" for name, rules in chains.items())
    return f"table inet cheongsa {{\n{inner}}}\n"


def _trixie(card: Card) -> dict[str, str]:
    instance = {"instance-id": f"cheongsa-{card.told.made_at:%Y%m%dT%H%M%S}-{card.hostname}"}
    return {
        "user-data": "#cloud-config\n" + _yaml(user_data(card)),
        "meta-data": _yaml(instance),
        "network-config": _yaml(network(card.wifi)),
    }


def user_data(card: Card) -> dict[str, Any]:
    """What cloud-init does on the first boot."""
    return {
        "hostname": card.hostname,
        "manage_etc_hosts": False,
        "ssh_pwauth": False,
        "disable_root": True,
        "growpart": {"mode": "off"},  # first-boot.sh leaves room for what must be kept
        "resize_rootfs": False,
        "runcmd": [
            "install -m 644 /boot/firmware/cheongsa/cheongsa-first-boot.service"
            " /etc/systemd/system/",
            "systemctl enable cheongsa-first-boot.service",
            _WAIT_FOR_NETWORK,
        ],
        # without `default` in it nobody is made who could sign in; whom SSH was asked for,
        # first-boot.sh makes
        "users": [
            {
                "name": "cheongsa-edge",
                "system": True,
                "no_create_home": True,
                "lock_passwd": True,
                "shell": "/usr/sbin/nologin",
            }
        ],
    }


def network(wifi: Wifi | None) -> dict[str, Any]:
    """Netplan, version 2: by cable always, by Wi-Fi where there is one."""
    told: dict[str, Any] = {
        "version": 2,
        "ethernets": {"eth0": {"dhcp4": True, "dhcp6": True, "optional": True}},
    }
    if wifi:
        access = {"password": wifi.password} if wifi.password else {}
        told["wifis"] = {
            "wlan0": {
                "dhcp4": True,
                "optional": True,
                "regulatory-domain": wifi.country,
                "access-points": {wifi.ssid: access},
            }
        }
    return told


def _bookworm(card: Card) -> dict[str, str]:
    made = {"firstrun.sh": _text("node/firstrun.sh")}
    if card.wifi:
        made["cheongsa/wifi.nmconnection"] = connection(card.wifi, card.hostname)
        made["cheongsa/wifi-country"] = card.wifi.country + "\n"
    return made


def connection(wifi: Wifi, hostname: str) -> str:
    """A keyfile of NetworkManager."""
    name = ";".join(str(byte) for byte in wifi.ssid.encode()) + ";"
    lines = [
        "[connection]", "id=cheongsa", "type=wifi",
        f"uuid={uuid5(NAMESPACE_DNS, hostname)}",
        "[wifi]", "mode=infrastructure", f"ssid={name}",
    ]  # fmt: skip
    if wifi.password:
        lines += ["[wifi-security]", "key-mgmt=wpa-psk", f"psk={_keyfile(wifi.password)}"]
    lines += ["[ipv4]", "method=auto", "[ipv6]", "method=auto"]
    return "\n".join(lines) + "\n"


def _keyfile(text: str) -> str:
    """As GKeyFile reads it: a backslash, and a space at the start, would be lost."""
    text = text.replace("\\", "\\\\")
    return re.sub(r"^ ", r"\\s", text)


def _yaml(told: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
