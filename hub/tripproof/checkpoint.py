"""A checkpoint: how long the log is and its root, as a signed note that fits on paper.

C2SP tlog-checkpoint in a C2SP signed-note, signatures of type 0x02 (ECDSA P-256). A second office
adds its own line over the same text; whoever holds one can later show that the log is another.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from hub.tripproof import provider
from hub.tripproof.errors import BadSignature, MalformedProof, UnknownKey
from hub.tripproof.fields import UINT_MAX, integer
from hub.tripproof.keys import PublicKey
from hub.tripproof.provider import Signer
from hub.tripproof.tree import SIZE_MAX

MAX_CHARS: Final = 4_096
SIGNERS_MAX: Final = 16
KEY_ID_BYTES: Final = 4
NAME: Final = re.compile(r"[a-z0-9.\-/]{1,64}")
TEXT: Final = re.compile(
    r"(?P<origin>[a-z0-9.\-/]{1,64})\n(?P<size>0|[1-9][0-9]{0,15})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\ntime (?P<time>0|[1-9][0-9]{0,9})\n"
)
LINE: Final = re.compile(
    r"— (?P<name>[a-z0-9.\-/]{1,64}) (?P<signature>[A-Za-z0-9+/]{4,128}={0,2})"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One signature line: a name, 4 bytes of the key's hash, and the signature (DER)."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's length and root at a time (s), with who signed that."""

    origin: str
    size: int
    root: bytes
    at: int
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\ntime {self.at}\n"

    @property
    def note(self) -> str:
        """The whole signed note."""
        return f"{self.text}\n{''.join(map(str, self.lines))}"

    def signed(self, signer: Signer, name: str | None = None) -> "Checkpoint":
        """The same with one more line: the log's own, or that of the cosigner `name`."""
        der = _der(signer.sign(self.text.encode()))
        line = Line(named(name or self.origin), key_id(signer.public), der)
        return Checkpoint(self.origin, self.size, self.root, self.at, (*self.lines, line))

    def verify(self, key: PublicKey, name: str | None = None) -> None:
        """Check the line of the log, or of the cosigner `name`.

        Raises:
            UnknownKey: no line is of this key and name.
            BadSignature: it did not sign this text.
        """
        wanted = (name or self.origin, key_id(key))
        for line in self.lines:
            if (line.name, line.key_id) == wanted:
                provider.verify(key, self.text.encode(), _raw(line.signature))
                return
        raise UnknownKey(f"{wanted[0]} did not sign this checkpoint with this key.")


def read(note: str) -> Checkpoint:
    """Read a signed note without checking who signed it.

    Raises:
        MalformedProof: it is not a checkpoint.
    """
    text, parted, signatures = note[: MAX_CHARS + 1].rpartition("\n\n")
    told = TEXT.fullmatch(text + "\n") if parted and len(note) <= MAX_CHARS else None
    if not told or not signatures.endswith("\n"):
        raise MalformedProof("Not a checkpoint.")
    lines = tuple(_line(line) for line in signatures[:-1].split("\n"))
    if len(lines) > SIGNERS_MAX or lines[0].name != told["origin"]:
        raise MalformedProof("The log's own signature comes first, and there are at most 16.")
    size, at = integer(int(told["size"]), 0, SIZE_MAX), integer(int(told["time"]), 0, UINT_MAX)
    return Checkpoint(told["origin"], size, _bytes(told["root"]), at, lines)


def key_id(key: PublicKey) -> bytes:
    """How a line names its key: 4 bytes of SHA-256 of the DER SubjectPublicKeyInfo."""
    return sha256(key.spki).digest()[:KEY_ID_BYTES]


def named(name: object) -> str:
    """A name that a note can carry.

    Raises:
        MalformedProof: it cannot.
    """
    if type(name) is not str or not NAME.fullmatch(name):
        raise MalformedProof("A log's name has 1 to 64 of a-z, 0-9, dot, hyphen and slash.")
    return name


def _line(line: str) -> Line:
    told = LINE.fullmatch(line)
    if not told:
        raise MalformedProof("Not a signature line.")
    value = _bytes(told["signature"])
    return Line(told["name"], value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    """Base64 in its one spelling."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedProof("Not base64.") from error
    if _base64(value) != text:
        raise MalformedProof("Not base64 in its one spelling.")
    return value


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


def _raw(der: bytes) -> bytes:
    """`r ‖ s` of a DER signature in its one encoding."""
    try:
        r, s = decode_dss_signature(der)
        raw = r.to_bytes(32) + s.to_bytes(32)
    except (ValueError, OverflowError) as error:
        raise BadSignature(BadSignature.__doc__) from error
    if _der(raw) != der:
        raise BadSignature(BadSignature.__doc__)
    return raw
