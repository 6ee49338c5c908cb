"""Keys that stay in a PKCS#11 module: a token, an HSM, a validated software module.

A `Pkcs11Key` is a `Signer` and an `Opener` like the software one; only what needs the private key
is done in the module (`pip install cheongsa[hsm]`). Tried with SoftHSM 2.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

import pkcs11
from pkcs11.util.ec import encode_named_curve_parameters

from hub.tripproof import hpke
from hub.tripproof.errors import CannotOpen, MalformedProof, UnknownKey
from hub.tripproof.keys import PublicKey

SHARED: Final[dict[Any, Any]] = {
    pkcs11.Attribute.SENSITIVE: False,
    pkcs11.Attribute.EXTRACTABLE: True,
    pkcs11.Attribute.TOKEN: False,
}
"""The shared secret leaves the module for the rest of HPKE; the private key never does."""


@contextmanager
def session(module: str, token: str, pin: str) -> Iterator[Any]:
    """A session with a token, to be kept as long as its keys are used."""
    with pkcs11.lib(module).get_token(token_label=token).open(rw=True, user_pin=pin) as opened:
        yield opened


class Pkcs11Key:
    """A P-256 key in a module, by its label."""

    def __init__(self, session: Any, label: str) -> None:
        self._private = _found(session, label, pkcs11.ObjectClass.PRIVATE_KEY)
        held = _found(session, label, pkcs11.ObjectClass.PUBLIC_KEY)
        self.public = PublicKey.uncompressed_point(bare(held[pkcs11.Attribute.EC_POINT]))

    def sign(self, message: bytes) -> bytes:
        """ES256 over `message`: hashed here, signed there, because not every module hashes."""
        return self._private.sign(sha256(message).digest(), mechanism=pkcs11.Mechanism.ECDSA)

    def open(self, box: bytes, info: bytes) -> bytes:
        """Open an HPKE box.

        Raises:
            CannotOpen: another key's, another header's, or changed.
        """
        point = box[: hpke.POINT_BYTES]
        try:
            PublicKey.uncompressed_point(point)  # a point off the curve would give the key away
            shared = self._private.derive_key(
                pkcs11.KeyType.GENERIC_SECRET,
                256,
                mechanism_param=(pkcs11.KDF.NULL, None, point),
                template=SHARED,
            )
        except (pkcs11.PKCS11Error, MalformedProof) as error:
            raise CannotOpen(CannotOpen.__doc__) from error
        secret = shared[pkcs11.Attribute.VALUE]
        return hpke.open_box(secret, self.public.uncompressed, box, info)


def make(session: Any, label: str, *, opens: bool) -> Pkcs11Key:
    """Make a key in the module, for opening or for signing; it cannot be taken out again."""
    use = pkcs11.MechanismFlag.DERIVE if opens else pkcs11.MechanismFlag.SIGN
    other = pkcs11.MechanismFlag.DERIVE if opens else pkcs11.MechanismFlag.VERIFY
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
    hidden = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
    parameters.generate_keypair(
        store=True, label=label, capabilities=use | other, private_template=hidden
    )
    return Pkcs11Key(session, label)


def bare(point: bytes) -> bytes:
    """A public point as modules give it: bare, or in an OCTET STRING, whose head is no sign.

    A bare point may begin with the same two bytes.
    """
    return point[-hpke.POINT_BYTES :]


def _found(session: Any, label: str, kind: Any) -> Any:
    try:
        return session.get_key(object_class=kind, label=label)
    except pkcs11.NoSuchKey as error:
        raise UnknownKey(f"The module has no key {label!r}. Make it first.") from error
