"""The authority on the hub's disk: `ca.pem` for everybody, `ca.key` for its owner alone.

The key is in no database and in no backup of one: who reads a dump cannot make nodes. Keep a copy
of the folder where the server is not; without it every node must be enrolled anew.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.devices import pki
from hub.devices.pki import Authority

CERTIFICATE: Final = "ca.pem"
KEY: Final = "ca.key"


class NoAuthority(Exception):
    """There is no authority in this folder. Make one with `python -m hub ca init`."""


class AuthorityThere(Exception):
    """This folder has an authority already. Another would make every enrolled node a stranger."""


def make(folder: Path, name: str, now: datetime) -> Authority:
    """A new authority in this folder. Raises AuthorityThere."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = pki.new_authority(name, now)
    write(folder / KEY, _pem_of_key(authority.key), mode=0o600, anew=True)
    write(folder / CERTIFICATE, authority.pem, mode=0o644, anew=False)
    return authority


def load(folder: Path | None) -> Authority:
    """The authority in this folder. Raises NoAuthority."""
    if folder is None:
        raise NoAuthority("HUB_CA_DIR is not set.")
    try:
        key = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
        certificate = pki.read_certificate((folder / CERTIFICATE).read_text())
    except (OSError, ValueError) as error:
        raise NoAuthority(f"{folder}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NoAuthority(f"{folder / KEY} is no key on an elliptic curve.")
    return Authority(certificate, key)


def make_server(
    authority: Authority, folder: Path, stem: str, names: Sequence[str], now: datetime
) -> None:
    """Write `{stem}.key` and `{stem}.pem` for a broker or HTTPS door with these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    _write_both(folder, stem, key, pki.issue_server(authority, names, key.public_key(), now))


def make_reader(authority: Authority, folder: Path, stem: str, name: str, now: datetime) -> None:
    """Write `{stem}.key` and `{stem}.pem` for somebody who only hears."""
    key = ec.generate_private_key(ec.SECP256R1())
    _write_both(folder, stem, key, pki.issue_reader(authority, name, key.public_key(), now))


def _write_both(
    folder: Path, stem: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> None:
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    write(folder / f"{stem}.key", _pem_of_key(key), mode=0o600)
    write(folder / f"{stem}.pem", pki.pem_of(certificate), mode=0o644)


def write(path: Path, text: str, *, mode: int, anew: bool = False) -> None:
    """Put a file there whole or not at all. Raises AuthorityThere where `anew` and it is there."""
    if anew and path.exists():
        raise AuthorityThere(str(path))
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
