"""What the reader holds beforehand. Without it a file can only agree with itself."""

from dataclasses import dataclass

from hub.tripproof import record
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.errors import TripProofError
from hub.tripproof.keys import KeySet, PublicKey, Use, keyset
from hub.tripproof.leaf import LeafType


@dataclass(frozen=True, slots=True)
class Held:
    """The hub's keys, checkpoints from before, and, of an auditor, the key that opens."""

    keys: KeySet | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    auditor: AuditorKey | None = None


class Trusted:
    """The hub's keys as far as they are believed: those held, and those that they signed for."""

    def __init__(self, keys: KeySet) -> None:
        self.keys = keys

    def signer(self, kid: bytes) -> PublicKey:
        """The hub's signing key of this id.

        Raises:
            UnknownKey: it is not believed.
        """
        return self.keys.find(kid, Use.HUB_SIGNS)

    def learn(self, body: bytes) -> None:
        """Believe a newer key set too, where a key already believed signed its record."""
        try:
            told = record.verified(body, self.signer(record.read(body).kid))
            keys = told.fields.get("keys")
            if told.type is LeafType.KEYS and isinstance(keys, bytes):
                self.keys = keyset((*self.keys.keys, *KeySet.decoded(keys).keys))
        except TripProofError:
            return  # not believed: whatever it signs will be said to be unknown
