"""What a phone hands the hub: S, its X, and the S before it for the look at speed."""

from dataclasses import dataclass

from hub.tripproof import cbor
from hub.tripproof.fields import blob, items


@dataclass(frozen=True, slots=True)
class Upload:
    """The body of a PUT, and what TP3 seals."""

    statement: bytes
    sealed: bytes
    before: bytes | None

    @property
    def encoded(self) -> bytes:
        """As deterministic CBOR."""
        return cbor.encode([self.statement, self.sealed, self.before])

    @classmethod
    def decoded(cls, encoded: bytes) -> "Upload":
        """Read an upload; the objects in it are not looked at yet.

        Raises:
            MalformedProof: it is none.
        """
        statement, sealed, before = items(cbor.decode(encoded), 3, 3)
        return cls(blob(statement), blob(sealed), None if before is None else blob(before))
