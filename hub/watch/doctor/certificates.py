"""Certificates: of the broker, of those who vouch for it, and of the address people open."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from hub.kit import broker_probe
from hub.kit.settings import Settings
from hub.watch.doctor.broker import broker_of
from hub.watch.doctor.finding import Finding, first_line, found

SOON_DAYS: Final = 30
PATIENCE_S: Final = 4.0


def look(settings: Settings, now: datetime) -> Iterator[Finding]:
    """All that are in use; none where nothing is encrypted."""
    if settings.broker_ca_file is not None:
        yield from _authority(settings.broker_ca_file, now)
    broker = broker_of(settings)
    if broker.is_tls:
        yield from _shown(
            f"{broker.host}:{broker.port}", lambda: broker_probe.handshake(broker), now
        )
    if settings.public_url is not None and settings.public_url.startswith("https://"):
        where = urlsplit(settings.public_url)
        host, port = where.hostname or "", where.port or 443
        yield from _shown(f"{host}:{port}", lambda: _handshake(host, port, settings), now)


def _authority(path: Path, now: datetime) -> Iterator[Finding]:
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(path)
        vouchers = context.get_ca_certs()
    except (OSError, ssl.SSLError) as error:
        yield found("certificate.unreadable", where=path, reason=first_line(error))
        return
    for voucher in vouchers:
        yield judge(str(path), voucher, now)


def _shown(where: str, take: Any, now: datetime) -> Iterator[Finding]:
    try:
        yield judge(where, take(), now)
    except ssl.SSLCertVerificationError as error:
        expired = "expired" in error.verify_message
        code = "certificate.expired" if expired else "certificate.untrusted"
        yield found(code, where=where, until="", reason=error.verify_message)
    except OSError as error:
        yield found("certificate.unseen", where=where, reason=first_line(error))


def judge(where: str, certificate: dict[str, Any], now: datetime) -> Finding:
    """What the end of its days means."""
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    days = (until - now).days
    told = {"where": where, "days": days, "until": f"{until:%Y-%m-%d}", "reason": "expired"}
    if until <= now:
        return found("certificate.expired", **told)
    return found("certificate.soon" if days < SOON_DAYS else "certificate.ok", **told)


def _handshake(host: str, port: int, settings: Settings) -> dict[str, Any]:
    ca = settings.public_ca_file
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    with (
        socket.create_connection((host, port), timeout=PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        return secure.getpeercert() or {}
