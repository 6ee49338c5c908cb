"""The auditor's key file: both private keys of a quarter under a passphrase.

Made in the auditor's browser (WebCrypto has PBKDF2 and AES-GCM, no Argon2) and read there or by
the offline verifier. It never reaches the hub. Format: docs/trip-protocol.md, 9.2.
"""

import base64
import binascii
import json
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from hub.tripproof.errors import CannotOpen, MalformedProof
from hub.tripproof.fields import integer
from hub.tripproof.keys import PublicKey, base64url, fingerprint
from hub.tripproof.leaf import quarter
from hub.tripproof.provider import SoftwareKey

FORMAT: Final = "cheongsa-auditor-key"
KDF, CIPHER = "PBKDF2-HMAC-SHA256", "AES-256-GCM"
MAX_BYTES: Final = 4_096
ITERATIONS: Final = 1_000_000
ITERATIONS_LOW: Final = 600_000  # OWASP's figure for PBKDF2-HMAC-SHA256
ITERATIONS_HIGH: Final = 10_000_000  # a file must not keep a reader busy for minutes
PASSPHRASE_MIN_CHARS: Final = 16
LENGTHS: Final = {"salt": 16, "iv": 12, "seal": 65, "sign": 65, "fingerprint": 32, "secret": 80}
BOUND: Final = (
    "format", "version", "quarter", "kdf", "iterations", "salt",
    "cipher", "iv", "seal", "sign", "fingerprint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuditorKey:
    """A quarter's two private keys: one opens what is sealed, one signs handovers."""

    quarter: int
    seal: SoftwareKey
    sign: SoftwareKey

    @property
    def fingerprint(self) -> bytes:
        """What phones pin and the consent prints."""
        return fingerprint(self.quarter, self.seal.public, self.sign.public)

    @classmethod
    def new(cls, in_quarter: int) -> "AuditorKey":
        """Fresh keys."""
        return cls(quarter(in_quarter), SoftwareKey.new(), SoftwareKey.new())


def locked(key: AuditorKey, passphrase: str, *, iterations: int = ITERATIONS) -> str:
    """The key file.

    Raises:
        MalformedProof: the passphrase is too short.
    """
    salt, iv = secrets.token_bytes(LENGTHS["salt"]), secrets.token_bytes(LENGTHS["iv"])
    told: dict[str, Any] = {
        "format": FORMAT, "version": 1, "quarter": key.quarter,
        "kdf": KDF, "iterations": iterations, "salt": base64url(salt),
        "cipher": CIPHER, "iv": base64url(iv),
        "seal": base64url(key.seal.public.uncompressed),
        "sign": base64url(key.sign.public.uncompressed),
        "fingerprint": base64url(key.fingerprint),
    }  # fmt: skip
    hidden = _secret(key.seal) + _secret(key.sign)
    cipher = AESGCM(_derived(passphrase, salt, iterations))
    told["secret"] = base64url(cipher.encrypt(iv, hidden, _bound(told)))
    return json.dumps(told, indent=1) + "\n"


def unlocked(file: str, passphrase: str) -> AuditorKey:
    """The keys in a key file.

    Raises:
        MalformedProof: it is no key file.
        CannotOpen: another passphrase, or the file was changed.
    """
    told = _told(file)
    octets = {name: _octets(told[name], length) for name, length in LENGTHS.items()}
    key = _derived(passphrase, octets["salt"], told["iterations"])
    try:
        hidden = AESGCM(key).decrypt(octets["iv"], octets["secret"], _bound(told))
    except InvalidTag as error:
        raise CannotOpen("Another passphrase, or the key file was changed.") from error
    read = AuditorKey(quarter(told["quarter"]), _private(hidden[:32]), _private(hidden[32:]))
    points = (read.seal.public.uncompressed, read.sign.public.uncompressed, read.fingerprint)
    if points != (octets["seal"], octets["sign"], octets["fingerprint"]):
        raise MalformedProof("The file's public keys are not those of its private keys.")
    return read


def announced(file: str) -> tuple[int, PublicKey, PublicKey]:
    """What a key file says without its passphrase: the quarter, both public keys. Unproven."""
    told = _told(file)
    points = (_octets(told[name], LENGTHS[name]) for name in ("seal", "sign"))
    seal, sign = map(PublicKey.uncompressed_point, points)
    return quarter(told["quarter"]), seal, sign


def _told(file: str) -> dict[str, Any]:
    if len(file) > MAX_BYTES:
        raise MalformedProof("Too long for a key file.")
    try:
        told = json.loads(file)
    except (ValueError, RecursionError) as error:
        raise MalformedProof("Not a key file: not JSON.") from error
    if not isinstance(told, dict) or set(told) != {*BOUND, "secret"}:
        raise MalformedProof("Not a key file: fields are missing, or too many.")
    if (told["format"], told["kdf"], told["cipher"]) != (FORMAT, KDF, CIPHER):
        raise MalformedProof("Not a key file of this kind.")
    integer(told["version"], 1, 1)
    integer(told["iterations"], ITERATIONS_LOW, ITERATIONS_HIGH)
    quarter(told["quarter"])
    return told


def _bound(told: dict[str, Any]) -> bytes:
    return "\n".join(str(told[name]) for name in BOUND).encode()


def _derived(passphrase: str, salt: bytes, iterations: int) -> bytes:
    written = unicodedata.normalize("NFC", passphrase)
    if len(written) < PASSPHRASE_MIN_CHARS:
        raise MalformedProof(f"A passphrase has at least {PASSPHRASE_MIN_CHARS} characters.")
    kdf = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=iterations)
    return kdf.derive(written.encode("utf-8", "surrogatepass"))


def _secret(key: SoftwareKey) -> bytes:
    return key.private.private_numbers().private_value.to_bytes(32)


def _private(secret: bytes) -> SoftwareKey:
    try:
        return SoftwareKey.of(ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()))
    except ValueError as error:
        raise MalformedProof("Not a private key of P-256.") from error


def _octets(value: object, length: int) -> bytes:
    try:
        padded = value + "=" * (-len(value) % 4) if isinstance(value, str) else ""
        read = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedProof("Not base64url.") from error
    if len(read) != length or base64url(read) != value:
        raise MalformedProof(f"Not base64url of {length} bytes.")
    return read
