"""Every HUB_ variable: unit, default, one sentence. Read once in `__main__`, handed down.

A secret `X` may come as `X_FILE`, the path of a file that holds it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """A HUB_ variable is missing or cannot be read. The message names it and says what to give."""


def setting(about: str, default: Any = MISSING) -> Any:
    """A field of Settings with its sentence for the manual."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the hub's programs are told from outside."""

    database_dsn: str = setting(
        "PostgreSQL, as a libpq URL. May hold a password: HUB_DATABASE_DSN_FILE."
    )
    broker_url: str = setting(
        "MQTT broker: mqtt://user@host:1883 or mqtts://...", "mqtt://127.0.0.1:1883"
    )
    broker_password: str | None = setting("Password of the hub's broker user.", None)
    broker_ca_file: Path | None = setting("CA certificate for mqtts://.", None)
    host: str = setting("Address that `web` listens on.", "127.0.0.1")
    port: int = setting("Port that `web` listens on.", 8000)
    web_dir: Path = setting("Folder of the built web app.", Path("dashboards/web/build"))
    trusted_hosts: tuple[str, ...] = setting(
        "Host names that `web` answers to, separated by commas.", ("127.0.0.1", "localhost")
    )
    frame_ancestors: str = setting(
        "CSP frame-ancestors of /embed/: which intranet pages may show the board.", "'self'"
    )
    stream_clients_max: int = setting("Open live streams per `web` process.", 12_000)
    pool_size: int = setting("Database connections per process.", 8)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read HUB_ variables. Raises SettingsError."""
        given = {f.name: _read(env, f.name, f.type) for f in fields(cls)}
        told = {name: value for name, value in given.items() if value is not None}
        if "database_dsn" not in told:
            raise SettingsError(
                "HUB_DATABASE_DSN is not set. Give a PostgreSQL URL, or use `make run`, which brings one."
            )
        return cls(**told)


def _read(env: Mapping[str, str], name: str, kind: Any) -> Any:
    key = f"HUB_{name.upper()}"
    text = env.get(key)
    if text is None and (path := env.get(f"{key}_FILE")):
        text = _from_file(key, Path(path))
    return None if text is None else _parse(key, text, kind)


def _from_file(key: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"{key}_FILE: {path} cannot be read ({error.strerror}).") from error


def _parse(key: str, text: str, kind: Any) -> Any:
    try:
        if kind is int:
            return int(text)
        if kind is Path or kind == Path | None:
            return Path(text)
        if kind == tuple[str, ...]:
            return tuple(part.strip() for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(f"{key}={text!r} is not a whole number.") from error
    return text
