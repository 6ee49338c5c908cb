"""X at rest: wrapped by a key that lies outside database and backups, one for each quarter.

Destroying a quarter's key file makes its X unreadable here at one stroke; leaves, receipts and
verdicts still verify. `WrapKeys` is the folder of those files.
"""

import contextlib
import os
import re
import secrets
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.tripproof import cbor
from hub.tripproof.errors import CannotOpen, UnknownKey
from hub.tripproof.fields import blob, integer, items, octets
from hub.tripproof.leaf import quarter

LABEL: Final = "cheongsa/tripproof/v1/wrap"
VERSION: Final = 1
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
FILE: Final = re.compile(r"(\d{5})\.wrap")


def wrap(key: bytes, in_quarter: int, sealed: bytes) -> bytes:
    """X as it is stored."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = _bound(in_quarter, sha256(sealed).digest())
    return cbor.encode([VERSION, in_quarter, nonce, AESGCM(key).encrypt(nonce, sealed, bound)])


def quarter_of(stored: bytes) -> int:
    """Which quarter's key unwraps it.

    Raises:
        MalformedProof: it is nothing that `wrap` made.
    """
    return _read(stored)[0]


def unwrap(key: bytes, stored: bytes, sealed_hash: bytes) -> bytes:
    """X again, for the leaf that holds its hash.

    Raises:
        MalformedProof: it is nothing that `wrap` made.
        CannotOpen: another quarter's key, another leaf's X, or changed.
    """
    number, nonce, hidden = _read(stored)
    try:
        return AESGCM(key).decrypt(nonce, hidden, _bound(number, sealed_hash))
    except InvalidTag as error:
        raise CannotOpen(CannotOpen.__doc__) from error


class WrapKeys:
    """The folder of wrap keys: one file of 32 random bytes for each quarter, mode 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, in_quarter: int) -> bytes:
        """The key of a quarter.

        Raises:
            UnknownKey: it was destroyed, or never made.
        """
        try:
            key = self._file(in_quarter).read_bytes()
        except FileNotFoundError as error:
            raise UnknownKey(f"The wrap key of quarter {in_quarter} is not here.") from error
        return octets(key, KEY_BYTES)

    def made(self, in_quarter: int) -> bytes:
        """The key of a quarter, made if there is none.

        Written apart and linked into its place: whoever comes second reads the first one's, and
        nobody reads half a key.
        """
        with contextlib.suppress(UnknownKey):
            return self.of(in_quarter)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder) as fresh:  # mode 0600
            fresh.write(secrets.token_bytes(KEY_BYTES))
            fresh.flush()
            os.fsync(fresh.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, self._file(in_quarter))
        return self.of(in_quarter)

    def destroy(self, in_quarter: int) -> None:
        """Overwrite and remove the key of a quarter. What it wrapped cannot be read here again.

        One that is gone already stays gone.
        """
        file = self._file(in_quarter)
        if not file.exists():
            return
        with file.open("r+b") as held:
            held.write(bytes(KEY_BYTES))
            held.flush()
            os.fsync(held.fileno())
        file.unlink()

    def quarters(self) -> list[int]:
        """The quarters whose key is here."""
        names = (FILE.fullmatch(file.name) for file in self._folder.glob("*.wrap"))
        return sorted(int(name[1]) for name in names if name)

    def _file(self, in_quarter: int) -> Path:
        return self._folder / f"{quarter(in_quarter)}.wrap"


def _bound(in_quarter: int, sealed_hash: bytes) -> bytes:
    return cbor.encode([LABEL, in_quarter, sealed_hash])


def _read(stored: bytes) -> tuple[int, bytes, bytes]:
    version, number, nonce, hidden = items(cbor.decode(stored), 4, 4)
    integer(version, VERSION, VERSION)
    return quarter(number), octets(nonce, NONCE_BYTES), blob(hidden)
