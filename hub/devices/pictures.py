"""Calibration pictures: a key for one picture, held by the page that asked, and by nobody else.

The hub makes the pair, sends the public half to the node, hands the private half to the browser
and forgets it. Whoever has the database, its backup or the broker's traffic has a picture that
cannot be opened. See docs/decisions/0165.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SHOWN_FOR: Final = timedelta(minutes=10)
KEY_PATTERN: Final = r"^[A-Za-z0-9_-]{43}$"
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class WrongKey(Exception):
    """This key does not open this picture."""


class PictureForgotten(LookupError):
    """Ten minutes are over, or the picture is not here yet."""


def new_key() -> tuple[str, bytes]:
    """The private half for the browser, the public half for the node."""
    private = X25519PrivateKey.generate()
    text = base64.urlsafe_b64encode(private.private_bytes_raw()).rstrip(b"=").decode()
    return text, private.public_key().public_bytes_raw()


def unseal(sealed: bytes, key: str, command: bytes) -> bytes:
    """The JPEG. Raises WrongKey."""
    try:
        private = X25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(key + "="))
        return _SUITE.decrypt(sealed, private, command)
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise WrongKey from error


def is_shown(answered_at: datetime, now: datetime) -> bool:
    """Whether the picture may still be seen."""
    return now <= answered_at + SHOWN_FOR
