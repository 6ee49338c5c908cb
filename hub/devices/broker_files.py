"""What a broker for enrolled nodes reads, kept in one folder: `python -m hub ca keep`.

`ca.pem` says who vouches for nodes, `broker.pem` and `broker.key` who the broker is itself, and
`revoked.pem` whom it refuses. The CA's own key lies elsewhere. A file is written whole, and only
where it would say something else: what watches the folder tells the broker of nothing less.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from hub.devices import enrolment, pki, pki_files

SERVER: Final = "broker"
REVOKED: Final = "revoked.pem"
RENEW_BEFORE: Final = timedelta(days=60)  # of the 397 days that a server's certificate lasts

Revocations = Sequence[tuple[str, datetime]]
"""Serials in hex, and since when each is refused."""


def keep(
    folder: Path, authority: pki.Authority, host: str, revoked: Revocations, now: datetime
) -> None:
    """Write what is missing, ends soon, is of another CA or for another host.

    Args:
        folder: of the broker alone.
        authority: signs the broker's certificate and the list.
        host: the name or address by which nodes reach the broker.
        revoked: whom the broker is to refuse.
        now: by the hub's clock.
    """
    if not _serves(folder, authority, host, now):
        pki_files.make_server(authority, folder, SERVER, [host], now)
    if _text_of(folder / pki_files.CERTIFICATE) != authority.pem:
        pki_files.write(folder / pki_files.CERTIFICATE, authority.pem, mode=0o644)
    write_list(folder / REVOKED, authority, revoked, now)


def write_list(file: Path, authority: pki.Authority, revoked: Revocations, now: datetime) -> bool:
    """Write the list unless the file says the same; whether it was written."""
    text = enrolment.revocation_list(authority, revoked, now)
    if pki.lists_the_same(_text_of(file), text):
        return False
    pki_files.write(file, text, mode=0o644)
    return True


def _serves(folder: Path, authority: pki.Authority, host: str, now: datetime) -> bool:
    """Whether the broker's key and certificate are there, belong together, and will do."""
    try:
        key = (folder / f"{SERVER}.key").read_bytes()
        told = pki.read_certificate(_text_of(folder / f"{SERVER}.pem"))
        is_own = serialization.load_pem_private_key(key, None).public_key() == told.public_key()
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    lasts = now < told.not_valid_after_utc - RENEW_BEFORE
    return is_own and lasts and pki.is_server(told, authority, [host])


def _text_of(file: Path) -> str:
    """What the file says; one that is not there says nothing."""
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:
        return ""
