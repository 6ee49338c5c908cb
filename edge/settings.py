"""Every EDGE_ variable: unit, default, one sentence. Read once in `__main__`, handed down.

A secret `X` may come as `X_FILE`, the path of a file that holds it. A variable that is set but
empty counts as not set. What is looked at by whom (camera, model) is chosen in `edge.sources`.
"""

# ruff: noqa: RUF009 - `setting` is dataclasses.field with a sentence
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, Self, Union, get_args, get_origin, get_type_hints
from urllib.parse import SplitResult, unquote, urlsplit

from edge.wire.topics import NodeName, NotATopic

SECRETS: Final = frozenset({"broker_password", "enrol_code"})
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


class SettingsError(Exception):
    """An EDGE_ variable cannot be used. The message names it and says what to give."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the MQTT broker is, and as whom the node speaks to it."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None = field(repr=False)


def setting(default: Any, about: str, *, shown: bool = True) -> Any:
    """A field of Settings with its sentence for the manual; a secret is not `shown` in a repr."""
    return field(default=default, metadata={"about": about}, repr=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a node is told from outside."""

    site: str = setting("demo", "The office, 1-32 of a-z, 0-9 and '-'.")
    node: str = setting("cam-1", "This camera computer, 1-32 of a-z, 0-9 and '-'.")
    broker_url: str = setting(
        "mqtt://127.0.0.1:1883",
        "MQTT broker: mqtt://user@host:port, or mqtts:// for TLS.",
        shown=False,  # somebody will write a password into it
    )
    broker_password: str | None = setting(None, "Password of the node's broker user.", shown=False)
    broker_ca_file: Path | None = setting(
        None, "CA certificate (PEM) for mqtts://; without it the system's are used."
    )
    broker_cert_file: Path | None = setting(
        None, "The node's own certificate (PEM) for mqtts://; its CN is site/node."
    )
    broker_key_file: Path | None = setting(None, "The private key (PEM) of that certificate.")
    hub_url: str | None = setting(
        None, "The hub's HTTPS address, where the node enrols; it names the broker then."
    )
    hub_ca_file: Path | None = setting(
        None, "CA certificate (PEM) of the hub's HTTPS; without it the system's are used."
    )
    enrol_code: str | None = setting(
        None, "One-time code of this node, made on the hub.", shown=False
    )
    card_made_at: str | None = setting(
        None, "When the card was made, as 2026-11-02T03:00:00Z: no earlier time is believed."
    )
    mqtt_version: Literal["auto", "5", "3.1.1"] = setting(
        "auto", "MQTT version; auto tries 5, and 3.1.1 where the broker does not answer."
    )
    data_dir: Path = setting(
        Path("edge-data"), "Folder of the outbox and of the configuration in force."
    )
    camera: str | None = setting(
        None, "File, device number, rtsp:// URL or picamera2; without it one is chosen."
    )
    model: Path | None = setting(None, "Detector file or folder; without it one is chosen.")
    confidence: float = setting(0.25, "Least detector confidence of a person, 0 to 1.")
    threads: int = setting(2, "CPU threads of the detector.")
    frames_per_s: float | None = setting(
        None, "Frames looked at a second, instead of what the configuration says."
    )
    window_s: float | None = setting(
        None, "Seconds that one count covers, instead of what the configuration says."
    )
    clock_trusted: bool = setting(
        False,
        "Yes where something outside keeps this machine's clock right and its kernel does not "
        "know, as in a container or a virtual machine.",
    )
    outbox_days: float = setting(7.0, "Days a count is kept without an answer from the hub.")
    outbox_mb: int = setting(256, "Most space of the outbox, in MB (10^6 bytes).")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "INFO", "Least severe line that is logged."
    )

    def __post_init__(self) -> None:
        self.name  # noqa: B018 - a bad id is refused here
        self.broker  # noqa: B018
        self.card_made  # noqa: B018
        _check_hub_url(self.hub_url)
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise SettingsError(f"EDGE_{name.upper()}={value} is not within {low} to {high}.")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read EDGE_ variables. Raises SettingsError."""
        kinds = get_type_hints(cls)
        given = {f.name: _read(env, f.name, kinds[f.name]) for f in fields(cls)}
        settings = cls(**{name: value for name, value in given.items() if value is not None})
        settings._check_files()
        return settings

    def _check_files(self) -> None:
        """Certificates are read when the broker is called: better told now."""
        for name in ("broker_ca_file", "broker_cert_file", "broker_key_file", "hub_ca_file"):
            if (path := getattr(self, name)) is not None:
                _check_readable(f"EDGE_{name.upper()}", path)

    @property
    def name(self) -> NodeName:
        """The node's full name, `site/node`."""
        try:
            return NodeName(self.site, self.node)
        except NotATopic as error:
            raise SettingsError(f"EDGE_SITE and EDGE_NODE: {error}.") from error

    @property
    def secrets(self) -> frozenset[str]:
        """What must never be seen in a log."""
        try:
            camera = urlsplit(self.camera or "").password
        except ValueError:  # of an address that cannot be read, all: it may stand anywhere
            camera = self.camera
        told = (self.broker.password, unquote(camera or ""), self.enrol_code)
        return frozenset(s for s in told if s)

    @property
    def broker(self) -> Broker:
        """The broker URL, taken apart. A password in the URL is used where no other is given."""
        return broker_of(self.broker_url, self.broker_password)

    @property
    def card_made(self) -> datetime | None:
        """`card_made_at` as a time."""
        try:
            made = datetime.fromisoformat(self.card_made_at) if self.card_made_at else None
        except ValueError as error:
            raise SettingsError(f"EDGE_CARD_MADE_AT={self.card_made_at!r} is no time.") from error
        return made if made is None or made.tzinfo else made.replace(tzinfo=UTC)


def broker_of(text: str, password: str | None = None) -> Broker:
    """A broker URL, taken apart. Raises SettingsError."""
    url, port = _split_url(text)
    return Broker(
        host=url.hostname or "",
        port=port,
        tls=url.scheme == "mqtts",
        user=unquote(url.username) if url.username else None,
        password=password or (unquote(url.password) if url.password else None),
    )


def _check_hub_url(text: str | None) -> None:
    """Codes go over HTTPS or not at all."""
    try:
        url = urlsplit(text or "https://hub")
        is_whole = url.scheme == "https" and bool(url.hostname) and url.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise SettingsError("EDGE_HUB_URL is no HTTPS address. Give https://hub.city.go.kr.")


_RANGES: Final[tuple[tuple[str, float, float], ...]] = (
    ("confidence", 0.01, 0.99),
    ("threads", 1, 64),
    ("frames_per_s", 0.1, 30.0),
    ("window_s", 1.0, 60.0),
    ("outbox_days", 0.01, 366.0),
    ("outbox_mb", 1, 100_000),
)


def manual() -> str:
    """Every variable as a Markdown table; the manual's copy is tested against it."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for f in fields(Settings):
        key = f"EDGE_{f.name.upper()}"
        key = f"`{key}` or `{key}_FILE`" if f.name in SECRETS else f"`{key}`"
        default = "" if f.default is None else f"`{f.default}`"
        rows.append(f"| {key} | {default} | {f.metadata['about']} |")
    return "\n".join(rows)


def _split_url(text: str) -> tuple[SplitResult, int]:
    hint = "Give mqtt://user@host:1883 or mqtts://user@host:8883."
    try:
        url = urlsplit(text)
        port = url.port or _PORTS.get(url.scheme, 0)
    except ValueError as error:
        raise SettingsError(f"EDGE_BROKER_URL cannot be read ({error}). {hint}") from error
    if url.scheme not in _PORTS or not url.hostname:
        raise SettingsError(f"EDGE_BROKER_URL is not an MQTT address. {hint}")
    return url, port


def _read(env: Mapping[str, str], name: str, kind: Any) -> Any:
    key = f"EDGE_{name.upper()}"
    text = env.get(key, "").strip()
    if not text and name in SECRETS and (path := env.get(f"{key}_FILE")):
        text = _from_file(key, Path(path))
    return _parse(key, text, kind) if text else None


def _check_readable(key: str, path: Path) -> None:
    try:
        path.open("rb").close()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{key}: {path} cannot be read ({error}).") from error


def _from_file(key: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{key}_FILE: {path} cannot be read ({error}).") from error


def _parse(key: str, text: str, kind: Any) -> Any:
    if get_origin(kind) in (types.UnionType, Union):  # `X | None`: absent is handled above
        kind = next(k for k in get_args(kind) if k is not type(None))
    if get_origin(kind) is Literal:
        return _one_of(key, text, get_args(kind))
    if kind is bool:
        return _one_of(key, text.lower(), (*_TRUE, *_FALSE)) in _TRUE
    try:
        return kind(text)
    except ValueError as error:
        raise SettingsError(f"{key}={text!r} is not a number.") from error


def _one_of(key: str, text: str, allowed: tuple[str, ...]) -> str:
    for choice in allowed:
        if text.lower() == choice.lower():
            return choice
    raise SettingsError(f"{key}={text!r} is not one of {', '.join(sorted(allowed))}.")
