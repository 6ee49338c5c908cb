"""The inside of HPKE (RFC 9180), for a private key that never leaves its module.

The Diffie-Hellman step is done there, the rest here; `provider` uses `cryptography`'s whole of it.
"""

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.tripproof.errors import CannotOpen

POINT_BYTES: Final = 65
KEM: Final = b"KEM\x00\x10"  # DHKEM(P-256, HKDF-SHA256)
SUITE: Final = b"HPKE\x00\x10\x00\x01\x00\x02"  # with HKDF-SHA256 and AES-256-GCM
BASE_MODE: Final = b"\x00"


def open_box(shared_x: bytes, recipient: bytes, box: bytes, info: bytes) -> bytes:
    """Open a box.

    Args:
        shared_x: the x coordinate of our private key times the box's point, 32 bytes.
        recipient: our public key, uncompressed.
        box: `enc ‖ ct`.
        info: what the box is bound to.

    Raises:
        CannotOpen: another key's, another header's, or changed.
    """
    key, nonce = key_and_nonce(shared_x, box[:POINT_BYTES], recipient, info)
    try:
        return AESGCM(key).decrypt(nonce, box[POINT_BYTES:], b"")
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(CannotOpen.__doc__) from error


def key_and_nonce(
    shared_x: bytes, ephemeral: bytes, recipient: bytes, info: bytes
) -> tuple[bytes, bytes]:
    """The AEAD's key and first nonce (RFC 9180 4.1 and 5.1)."""
    prk = _extract(KEM, b"", b"eae_prk", shared_x)
    shared = _expand(KEM, prk, b"shared_secret", ephemeral + recipient, 32)
    psk_id = _extract(SUITE, b"", b"psk_id_hash", b"")
    context = BASE_MODE + psk_id + _extract(SUITE, b"", b"info_hash", info)
    secret = _extract(SUITE, shared, b"secret", b"")
    return (
        _expand(SUITE, secret, b"key", context, 32),
        _expand(SUITE, secret, b"base_nonce", context, 12),
    )


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """One block is enough: nothing longer than a hash is asked for."""
    told = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, told + b"\x01", "sha256")[:length]
