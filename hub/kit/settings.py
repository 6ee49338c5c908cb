"""Every HUB_ variable: unit, default, one sentence. Read once in `__main__`, handed down.

A secret `X` may come as `X_FILE`, the path of a file that holds it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self, cast
from urllib.parse import unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

Port = Annotated[int, Field(ge=1, le=65_535)]
Listed = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda text: text.replace(",", " ").split() if isinstance(text, str) else text),
]
_WEB = r"^https?://[^\s?#{}]+$"


class SettingsError(Exception):
    """A HUB_ variable is missing or cannot be read. The message names it and says what to give."""


class Settings(BaseModel):
    """What the hub's programs are told from outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_dsn: str = Field(description="PostgreSQL, as a libpq URL.", repr=False)
    broker_url: str = Field(
        "mqtt://hub@127.0.0.1:1883", description="MQTT broker: mqtt://user@host:port or mqtts://..."
    )
    broker_password: SecretStr | None = Field(
        None, description="Password of the hub's broker user."
    )
    broker_ca_file: Path | None = Field(None, description="CA certificate for mqtts://.")
    node_broker_url: str | None = Field(
        None,
        description="The broker as enrolled nodes reach it, as mqtts://broker.city.go.kr:8883.",
    )
    ca_dir: Path | None = Field(
        None, description="Folder of the hub's own CA (`python -m hub ca init`), to enrol nodes."
    )
    certificate_days: int = Field(
        90, ge=1, le=825, description="Days a node's certificate lasts; renewed after two thirds."
    )
    node_files_dir: Path | None = Field(
        None, description="Folder of what nodes fetch (`python -m hub node-files`)."
    )
    node_time_servers: Listed = Field(
        (), description="Whom nodes ask for the time; without any, the hub's own host."
    )
    node_apt_mirror: str | None = Field(
        None,
        pattern=r"^https?://[A-Za-z0-9._:/-]+$",
        description="Debian mirror that nodes without internet install from, on first boot.",
    )
    trip_dir: Path | None = Field(
        None,
        description="Folder of the trip proof's signing keys (`python -m hub trip keys`); `backup` "
        "copies them into a file of their own.",
    )
    trip_wrap_dir: Path | None = Field(
        None,
        description="Folder of the keys that X is wrapped with at rest; in no backup, because what "
        "is destroyed there must be gone. Without it `wrap` in HUB_TRIP_DIR.",
    )
    trip_tiles: str | None = Field(
        None,
        pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/{}?=&-]*$",
        description="Map tiles for the auditor, as https://tiles.city.go.kr/{z}/{x}/{y}.png; "
        "without them places are drawn as a sketch. Whoever serves them sees which are asked for.",
    )
    trip_checkpoint_dir: Path | None = Field(
        None, description="Folder where `worker` puts the trip log's checkpoint of each day."
    )
    trip_checkpoint_urls: SecretStr | None = Field(
        None,
        description="Whom `worker` mails it to: apprise URLs (mailtos://, https://, ...).",
    )
    trip_destroy_after_days: int | None = Field(
        None,
        ge=0,
        le=3650,
        description="Days after which `worker` destroys a quarter's coordinates that nobody needs "
        "any more; without it it only says that they are due.",
    )
    data_go_kr_key: SecretStr | None = Field(
        None,
        description="The office's key at data.go.kr (일반 인증키, Decoding), for business numbers; "
        "each of the three services below needs its own 활용신청.",
    )
    business_status_url: str = Field(
        "https://api.odcloud.kr/api/nts-businessman/v1",
        pattern=_WEB,
        description="국세청 사업자등록정보, or a relay to it.",
    )
    business_status_daily: int = Field(
        1_000_000,
        ge=1,
        le=1_000_000_000,
        description="Calls a day of it by this key, from all processes; data.go.kr says how many "
        "it granted (활용신청 상세, 일일 트래픽).",
    )
    procurement_url: str = Field(
        "https://apis.data.go.kr/1230000/ao/UsrInfoService02/getPrcrmntCorpBasicInfo02",
        pattern=_WEB,
        description="나라장터 조달업체 기본정보, or a relay to it.",
    )
    procurement_daily: int = Field(
        1_000,
        ge=1,
        le=1_000_000_000,
        description="Calls a day of it; the default is a caution of ours, not what was granted.",
    )
    mail_order_url: str = Field(
        "https://apis.data.go.kr/1130000/MllBsDtl_3Service/getMllBsInfoDetail_3",
        pattern=_WEB,
        description="공정위 통신판매사업자 등록상세, or a relay to it.",
    )
    mail_order_daily: int = Field(
        1_000,
        ge=1,
        le=1_000_000_000,
        description="Calls a day of it; the default is a caution of ours, not what was granted.",
    )
    host: str = Field("127.0.0.1", description="Address that `web` listens on.")
    port: Port = Field(8000, description="Port that `web` listens on.")
    web_dir: Path = Field(Path("dashboards/web/build"), description="Folder of the built web app.")
    trusted_hosts: Listed = Field(
        ("127.0.0.1", "localhost"), description="Host names that `web` answers to."
    )
    trusted_proxies: Listed = Field(
        (),
        description="Addresses or networks of proxies whose X-Forwarded-For is believed.",
    )
    board_open: bool = Field(
        True, description="Whether the board is shown to everybody who reaches it; else signed in."
    )
    oidc_issuer: str | None = Field(None, description="OpenID Connect provider of the office.")
    oidc_client_id: str = Field("cheongsa", description="Our name at the provider.")
    oidc_client_secret: SecretStr | None = Field(None, description="Our secret at the provider.")
    oidc_name: str = Field("", description="What people call the provider: on the button.")
    oidc_groups_claim: str = Field("groups", description="Claim of the ID token with the groups.")
    oidc_groups: Listed = Field((), description="Which group has which role: group=role ...")
    notice_urls: SecretStr | None = Field(
        None,
        description="Whom `worker` tells of sick nodes: apprise URLs (mailtos://, https://, ...).",
    )
    law_key: SecretStr | None = Field(
        None,
        description="Our key (OC) for the open API of the Ministry of Government Legislation, for "
        "`python -m hub rules fetch-law`.",
    )
    law_url: str = Field(
        "https://www.law.go.kr/DRF",
        pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$",
        description="Where that API is.",
    )
    frame_ancestors: str = Field(
        "'self'", description="CSP frame-ancestors of /embed/: which intranet pages may show it."
    )
    stream_clients_max: int = Field(12_000, ge=1, description="Live streams per `web` process.")
    pool_size: int = Field(8, ge=1, le=90, description="Database connections per process.")
    metrics_host: str = Field(
        "127.0.0.1", description="Address of /metrics in `web`, `ingest` and `worker`."
    )
    metrics_port: Port | None = Field(
        None, description="Port of that /metrics, for Prometheus; without it there is none."
    )
    public_url: str | None = Field(
        None, description="Address that people open, as https://board.city.go.kr."
    )
    public_ca_file: Path | None = Field(
        None, description="CA certificate of that address, where the office has its own CA."
    )
    app_password: SecretStr | None = Field(
        None,
        description="Password of the database user that `web` and `ingest` are; `migrate` sets it.",
    )
    reader_password: SecretStr | None = Field(
        None, description="Password of the user that dashboards read the database with."
    )

    @property
    def notice_addresses(self) -> tuple[str, ...]:
        """The apprise URLs of `notice_urls`, between spaces or lines."""
        return tuple(self.notice_urls.get_secret_value().split()) if self.notice_urls else ()

    @property
    def checkpoint_addresses(self) -> tuple[str, ...]:
        """The apprise URLs of `trip_checkpoint_urls`."""
        told = self.trip_checkpoint_urls
        return tuple(told.get_secret_value().split()) if told else ()

    def check_broker(self) -> None:
        """Raise SettingsError where the broker's address or its CA can never be used."""
        try:
            url = urlsplit(self.broker_url)
            is_whole = url.scheme in ("mqtt", "mqtts") and bool(url.hostname) and url.port != 0
        except ValueError:
            is_whole = False
        if not is_whole:
            raise SettingsError(
                "HUB_BROKER_URL: this is no MQTT address. Give mqtt://hub@host:1883 or "
                "mqtts://hub@host:8883."
            )
        ca = self.broker_ca_file
        if ca is not None and not ca.is_file():
            raise SettingsError(f"HUB_BROKER_CA_FILE: there is no file {ca}.")

    @property
    def secrets(self) -> frozenset[str]:
        """What must never be seen in a log."""
        known = [
            self.broker_password,
            self.app_password,
            self.reader_password,
            self.oidc_client_secret,
            self.law_key,
            self.data_go_kr_key,
        ]
        told = {secret.get_secret_value() for secret in known if secret}
        told |= {*self.notice_addresses, *self.checkpoint_addresses}
        told |= {_password_of(self.database_dsn), _password_in(self.broker_url)}
        return frozenset(unquote(secret) for secret in told if secret)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read HUB_ variables. Raises SettingsError."""
        given = {name: text for name in cls.model_fields if (text := _read(env, name)) is not None}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from error


def _password_of(dsn: str) -> str | None:
    """The password in a DSN; of one that cannot be read, all of it, for it may stand anywhere."""
    try:
        return cast("str | None", conninfo_to_dict(dsn).get("password"))
    except ProgrammingError:
        return dsn


def _password_in(url: str) -> str | None:
    """As `_password_of`, in an address."""
    try:
        return urlsplit(url).password
    except ValueError:
        return url


def manual() -> str:
    """The table of docs/install.md: every variable, its default and what it is for."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, told in Settings.model_fields.items():
        default = "" if told.is_required() or told.default is None else f"`{_shown(told.default)}`"
        rows.append(f"| `HUB_{name.upper()}` | {default} | {told.description} |")
    return "\n".join(rows)


def _shown(default: object) -> str:
    return ", ".join(default) if isinstance(default, tuple) else str(default)


def _read(env: Mapping[str, str], name: str) -> str | None:
    key = f"HUB_{name.upper()}"
    if env.get(key):  # a variable that is set but empty counts as not set
        return env[key]
    return _from_file(key, Path(env[f"{key}_FILE"])) if f"{key}_FILE" in env else None


def _from_file(key: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError) as error:  # ValueError: it is no text
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise SettingsError(f"{key}_FILE: {path} cannot be read ({why}).") from error


def _sentence(error: ValidationError) -> str:
    """Name the variables and what is wrong; never the value, which may be a secret."""
    wrong: list[Any] = error.errors(include_input=False, include_url=False)
    told = "; ".join(f"HUB_{str(e['loc'][0]).upper()}: {e['msg']}" for e in wrong)
    return f"{told}. `python -m hub settings` lists every variable, its unit and default."
