"""Whom a node believes on the network, when its own clock cannot be believed.

A Pi has no clock battery: after a power cut it may be 1970, and every certificate begins in the
future. So TLS is told to leave the dates alone (OpenSSL's NO_CHECK_TIME), and they are checked here
against the least time that it can be: when the card was made, what the hub said last, and the
system clock where NTP keeps it. When a certificate begins is not asked: its CA has signed it.
What this gives away: somebody with the key of a server certificate that ended since then, and
whose end this node had no way to learn of. See docs/decisions/0151.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python's ssl does not name


class EndedCertificateError(Exception):
    """The server's certificate ended before the earliest time that it can be now."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificates for TLS, as PEM files."""

    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None
    least: datetime | None = None
    """The earliest time that it can be now; None: the system clock is right."""


def context(tls: Tls) -> ssl.SSLContext:
    """For a client. Raises OSError, which ssl.SSLError is."""
    made = ssl.create_default_context(cafile=str(tls.ca_file) if tls.ca_file else None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.least is not None:
        made.verify_flags |= NO_CHECK_TIME
    if tls.cert_file is not None:
        made.load_cert_chain(tls.cert_file, tls.key_file)
    return made


def check_end(sock: object, least: datetime | None) -> None:
    """Raise EndedCertificateError where the server's certificate had ended by `least`."""
    if least is None or not isinstance(sock, ssl.SSLSocket):
        return
    ends = (sock.getpeercert() or {}).get("notAfter")
    if not isinstance(ends, str) or ssl.cert_time_to_seconds(ends) < least.timestamp():
        raise EndedCertificateError(
            f"The server's certificate ended on {ends}, and it is {least:%Y-%m-%d %H:%M} or later. "
            "Renew it on the server; or its clock is wrong."
        )


def least_of(*known: datetime | None, system_is_synced: bool) -> datetime:
    """The latest of what is known to be past."""
    past = [at for at in known if at is not None]
    if system_is_synced:
        past.append(datetime.now(UTC))
    return max(past, default=datetime.fromtimestamp(0, UTC))
