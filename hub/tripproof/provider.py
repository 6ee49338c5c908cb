"""Who does the cryptography: sign, verify, seal, open. The software of `cryptography` by default.

The seam is here so that a validated module or an HSM can be put in (see `pkcs11`): private keys
are only ever met as a `Signer` or an `Opener`.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hub.tripproof.errors import BadSignature, CannotOpen
from hub.tripproof.keys import PublicKey

SIGNATURE_BYTES: Final = 64
ES256: Final = ec.ECDSA(hashes.SHA256())
SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
BOX_OVERHEAD_BYTES: Final = 65 + 16  # the ephemeral point and the tag


class Signer(Protocol):
    """A private key that signs."""

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """ES256 over `message`: `r ‖ s`, 64 bytes."""
        ...


class Opener(Protocol):
    """A private key that opens what was sealed to it."""

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        ...

    def open(self, box: bytes, info: bytes) -> bytes:
        """The plaintext of an HPKE box.

        Raises:
            CannotOpen: another key's, another header's, or changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class SoftwareKey:
    """A private key in this process: a `Signer` and an `Opener`. One key, one of the two uses."""

    private: ec.EllipticCurvePrivateKey
    public: PublicKey

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey) -> "SoftwareKey":
        """Wrap a P-256 private key."""
        return cls(private, PublicKey(private.public_key()))

    @classmethod
    def new(cls) -> "SoftwareKey":
        """A fresh key."""
        return cls.of(ec.generate_private_key(ec.SECP256R1()))

    def sign(self, message: bytes) -> bytes:
        """ES256 over `message`."""
        r, s = decode_dss_signature(self.private.sign(message, ES256))
        return r.to_bytes(32) + s.to_bytes(32)

    def open(self, box: bytes, info: bytes) -> bytes:
        """Open an HPKE box."""
        try:
            return SUITE.decrypt(box, self.private, info)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(CannotOpen.__doc__) from error


def verify(key: PublicKey, message: bytes, signature: bytes) -> None:
    """Check an ES256 signature `r ‖ s`.

    Raises:
        BadSignature: it does not fit.
    """
    if len(signature) != SIGNATURE_BYTES:
        raise BadSignature(BadSignature.__doc__)
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        key.point.verify(der, message, ES256)
    except InvalidSignature as error:
        raise BadSignature(BadSignature.__doc__) from error


def seal(key: PublicKey, plaintext: bytes, info: bytes) -> bytes:
    """Seal to `key`: an HPKE box, 81 bytes longer than `plaintext`."""
    return SUITE.encrypt(plaintext, key.point, info)
