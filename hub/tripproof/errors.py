"""What can be wrong with a proof, as one family."""


class TripProofError(Exception):
    """Something about a trip proof does not hold."""


class MalformedProof(TripProofError):
    """These bytes are not what they should be. Nothing in them was believed."""


class BadSignature(TripProofError):
    """The signature does not fit: the content, the header or the key was changed."""


class UnknownKey(TripProofError, LookupError):
    """No key with this id is known here. Bring the key set of the hub that made it."""


class CannotOpen(TripProofError):
    """This key does not open it: another key's, or changed bytes. Try the key of that quarter."""


class LogContradicts(TripProofError):
    """Leaf, path and root do not belong together: something was altered, removed or inserted."""
