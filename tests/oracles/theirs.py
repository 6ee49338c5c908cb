"""The other side: cwt, pyhpke and scitt-cose say what they make of our bytes, and make their own.

Runs in the environment of `tests/oracles/env.sh`, knows nothing of the hub. One question in JSON on
standard input, one answer on standard output; bytes are hex.
"""

import json
import sys
from importlib import resources

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cwt import COSE, COSEKey  # pyright: ignore[reportMissingImports]
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey  # pyright: ignore[reportMissingImports]
from scitt_cose import merkle  # pyright: ignore[reportMissingImports]
from scitt_cose.receipt import verify_receipt  # pyright: ignore[reportMissingImports]

SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


def private(told: dict) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(told["secret"], 16), ec.SECP256R1())


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, public)


def cose_key(told: dict, key: ec.EllipticCurvePrivateKey, *, signs: bool) -> COSEKey:
    """As a COSE_Key with the algorithm and the id of ours."""
    numbers = key.private_numbers()
    x, y = (n.to_bytes(32, "big") for n in (numbers.public_numbers.x, numbers.public_numbers.y))
    kid = bytes.fromhex(told["kid"])
    fields = {1: 2, 2: kid, 3: -7, 4: [1] if signs else [2], -1: 1, -2: x, -3: y}
    if signs:
        fields[-4] = numbers.private_value.to_bytes(32, "big")
    return COSEKey.new(fields)


def verified(told: dict) -> dict:
    """What cwt reads in a COSE_Sign1 of ours."""
    key = cose_key(told, private(told), signs=False)
    header, _, payload = COSE.new().decode_with_headers(bytes.fromhex(told["signed"]), key)
    return {"payload": payload.hex(), "labels": sorted(header)}


def signed(told: dict) -> dict:
    """What cwt signs over the same payload and header."""
    key = cose_key(told, private(told), signs=True)
    head = {int(label): _value(value) for label, value in told["header"].items()}
    made = COSE.new(deterministic_header=True).encode_and_sign(
        bytes.fromhex(told["payload"]), key, protected=head, unprotected={}
    )
    return {"signed": made.hex()}


def _value(value: object) -> object:
    return (
        bytes.fromhex(value[4:]) if isinstance(value, str) and value.startswith("hex ") else value
    )


def opened(told: dict) -> dict:
    """What pyhpke finds in a box of ours."""
    box = bytes.fromhex(told["box"])
    context = SUITE.create_recipient_context(
        box[:65], KEMKey.from_pyca_cryptography_key(private(told)), bytes.fromhex(told["info"])
    )
    return {"plaintext": context.open(box[65:]).hex()}


def boxed(told: dict) -> dict:
    """A box of pyhpke's."""
    public = KEMKey.from_pyca_cryptography_key(private(told).public_key())
    enc, context = SUITE.create_sender_context(public, bytes.fromhex(told["info"]))
    return {"box": (enc + context.seal(bytes.fromhex(told["plaintext"]))).hex()}


def receipted(told: dict) -> dict:
    """What scitt-cose makes of a receipt of ours."""
    found = verify_receipt(
        bytes.fromhex(told["receipt"]),
        leaf_entry_hex=told["leaf"],
        log_public_key_pem=pem(private(told)),
    )
    return {"ok": found.ok, "root": found.root, "issuer": found.issuer, "errors": found.errors}


def grown(told: dict) -> dict:
    """Root, paths and consistency of scitt-cose's over the same leaves."""
    leaves, size = told["leaves"], len(told["leaves"])
    return {
        "root": merkle.merkle_root(leaves),
        "inclusion": [merkle.inclusion_proof(leaves, index) for index in range(size)],
        "consistency": [merkle.consistency_proof(leaves, old, size) for old in range(1, size)],
    }


def vectors(told: dict) -> dict:
    """A file of cryptography's vectors, as text."""
    file = resources.files("cryptography_vectors").joinpath(told["file"])
    return {"text": file.read_text("utf-8")}


ANSWERS = {
    one.__name__: one for one in (verified, signed, opened, boxed, receipted, grown, vectors)
}

if __name__ == "__main__":
    question = json.load(sys.stdin)
    json.dump(ANSWERS[question.pop("ask")](question), sys.stdout)
