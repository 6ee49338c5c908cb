"""The old auditor key names the new one, so that a phone need not believe the hub about it."""

from dataclasses import dataclass
from typing import Final

from hub.tripproof import cbor, sign1
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import HASH_BYTES, blob, integer, items, octets
from hub.tripproof.keys import PublicKey, fingerprint
from hub.tripproof.leaf import quarter
from hub.tripproof.provider import Signer

TYP: Final = "handover"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Handover:
    """From the fingerprint that is pinned to the keys of a new quarter."""

    old: bytes
    quarter: int
    seal: PublicKey
    sign_key: PublicKey
    signed_at: int

    @property
    def new(self) -> bytes:
        """The fingerprint to pin from now on."""
        return fingerprint(self.quarter, self.seal, self.sign_key)

    def sign(self, signer: Signer) -> bytes:
        """Signed with the old auditor signing key."""
        told = [self.old, self.quarter, self.seal.encoded, self.sign_key.encoded, self.signed_at]
        payload = cbor.encode([VERSION, *told])
        if _read(payload) != self:
            raise MalformedProof("Not a handover that can be read back.")
        return sign1.sign(signer, payload, TYP)


def verified(encoded: bytes, key: PublicKey) -> Handover:
    """The handover, once the old key's signature was checked.

    Raises:
        MalformedProof: these bytes are none.
        BadSignature: `key` did not sign them.
    """
    return _read(sign1.read(encoded, TYP).verify(key))


def _read(payload: bytes) -> Handover:
    version, old, number, seal, sign, signed_at = items(cbor.decode(payload), 6, 6)
    integer(version, VERSION, VERSION)
    keys = PublicKey.decoded(blob(seal)), PublicKey.decoded(blob(sign))
    return Handover(octets(old, HASH_BYTES), quarter(number), *keys, integer(signed_at))
