"""Writes the vectors of the trip proof: `python -m tests.vectors.tripproof.make`.

Good cases by what they are, bad ones by their defect. Every key is a test key, computed from its
name (`tests/hub/tripproof/world.py`): it protects nothing and must never be used. Signatures are
those of RFC 6979 and boxes have computed ephemeral keys, so that this writes the same bytes each
time. What the fields mean is in README.md beside this.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.tripproof import (
    auditor_key,
    base45,
    cbor,
    challenge,
    checkpoint,
    codes,
    handover,
    leaf,
    pointer,
    seal,
    sign1,
    tree,
)
from hub.tripproof.ask import Ask, Purpose
from hub.tripproof.bundle import Entry
from hub.tripproof.keys import base64url
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.statement import Search
from hub.tripproof.upload import Upload
from hub.tripproof.verdict import Grade
from tests.hub.tripproof.world import (
    AUDITOR,
    DEVICE,
    HUB,
    HUB_OPENS,
    NOW,
    OFFICE_2,
    Log,
    SteadyKey,
    key,
    keys,
    log_of,
    said,
    sealed,
)

HERE = Path(__file__).parent
Case = dict[str, Any]
PASSPHRASE = "시험용 열쇠 파일의 긴 암호문"
STATEMENT = said()


def plain(told: bytes) -> Any:
    """Whatever CBOR holds."""
    return cbor.decode(told)


CLAIMS: dict[Any, Any] = plain(STATEMENT.payload)
TRIP = -65537


def case(what: str, told: bytes | str, **beside: Any) -> Case:
    """One case: what kind of object, its bytes (hex) or text, and what it is read with."""
    named = {"hex": told.hex()} if isinstance(told, bytes) else {"text": told}
    return {"what": what, **named, **beside}


def public(one: SoftwareKey) -> str:
    return one.public.encoded.hex()


def of_device(told: bytes, **beside: Any) -> Case:
    return case("statement", told, key=public(DEVICE), **beside)


def signed(
    head: bytes, payload: object, by: SteadyKey = DEVICE, unprotected: object = None
) -> bytes:
    """A COSE_Sign1 with whatever header and payload, well signed."""
    told = payload if isinstance(payload, bytes) else cbor.encode(payload)
    signature = by.sign(sign1.to_sign(head, told))
    whole = [head, {} if unprotected is None else unprotected, told, signature]
    return cbor2.dumps(cbor2.CBORTag(18, whole), canonical=True)


def head(typ: str = "", by: SteadyKey = DEVICE) -> bytes:
    return sign1.protected(by.public.kid, typ)


def claims(**changes: Any) -> bytes:
    """The claims with some of the trip's changed (`t8=0`) or left out (`t8=None`), well signed."""
    inner = {**CLAIMS[TRIP], **{int(name[1:]): value for name, value in changes.items()}}
    inner = {label: value for label, value in inner.items() if value is not None}
    return signed(head(), {**CLAIMS, TRIP: inner})


def good() -> Iterator[tuple[str, Case]]:
    log, whole = log_of(6), STATEMENT.sign(DEVICE)
    gives = {"cti": STATEMENT.cti.hex(), "trip": STATEMENT.trip}
    yield "statement", of_device(whole, gives=gives)
    every = said(photo=bytes(range(32)), search=Search(5, 12, 8, 60), note="현장 점검", queued=True)
    yield "statement-with-everything", of_device(every.sign(DEVICE), gives=gives)
    bare = said(fix=None, trip="", challenge=bytes(16))
    yield "statement-without-place-and-order", of_device(bare.sign(DEVICE), gives={"trip": ""})
    yield "sealed", case("sealed", sealed(whole), **_secret(AUDITOR.seal), gives=whole.hex())
    upload = Upload(whole, sealed(whole), None).encoded
    yield "upload", case("upload", upload, gives={"statement": whole.hex()})
    carried = sealed(upload, seal.For.HUB)
    yield "carried", case("carried", carried, **_secret(HUB_OPENS), gives=upload.hex())
    body = log.entries[3].body or b""
    yield "verdict", case("verdict", body, key=public(HUB), gives={"trip": STATEMENT.trip})
    yield "record", case("record", log.entries[0].body or b"", key=public(HUB))
    for kind, made in _leaves().items():
        yield f"leaf-{kind}", case("leaf", made.encoded, gives={"type": int(made.type)})
    for size, index in ((1, 0), (7, 3), (7, 6)):
        of = log_of(size - 1)
        beside = {"leaf": of.entries[index].leaf.hex(), "key": public(HUB)}
        root = tree.root(size, of.nodes).hex()
        name = f"receipt-of-{index}-in-{size}"
        yield name, case("receipt", of.receipt(index), **beside, gives=root)
    yield "checkpoint", case("checkpoint", log.checkpoint().note, key=public(HUB))
    cosigned = log.checkpoint().signed(OFFICE_2, "gamsa.example").note
    yield "checkpoint-cosigned", case("checkpoint", cosigned, key=public(HUB))
    for old in (1, 4, 6, 7):
        yield f"consistency-{old}-to-7", _consistency(log, old, 7)
    yield "pointer", case("pointer", _pointer(STATEMENT.trip, 3), key=public(HUB))
    given = challenge.Challenges(DEVICE.public.kid, NOW, NOW + 86_400, (bytes(16), b"c" * 16))
    yield "challenges", case("challenges", given.sign(HUB), key=public(HUB))
    asked = Ask(Purpose.CHALLENGES, NOW, b"12345678", 3).sign(DEVICE)
    yield "ask", case("ask", asked, key=public(DEVICE))
    new = handover.Handover(
        AUDITOR.fingerprint, 20271, key("next opens").public, key("next signs").public, NOW
    )
    yield "handover", case("handover", new.sign(AUDITOR.sign), key=public(AUDITOR.sign))
    yield "key-set", case("keys", keys().encoded)
    yield "code-sealed", case("code", codes.text(codes.Code.SEALED, sealed(whole)))
    yield "key-file", case("key file", _key_file(1_000_000), passphrase=PASSPHRASE)
    held = {"keys": keys().encoded.hex(), "checkpoint": log.checkpoint(4).note}
    yield "bundle", case("bundle", log.bundle(3, held=4).encoded, **held, gives="genuine")
    yield "export", case("export", _export(log), **held, gives="genuine")


def bad() -> Iterator[tuple[str, Case]]:
    yield from _bad_statements()
    yield from _bad_claims()
    yield from _bad_sealed()
    yield from _bad_of_hub()
    yield from _bad_receipts()
    yield from _bad_checkpoints()
    yield from _bad_texts()
    yield from _bad_bundles()


def _bad_statements() -> Iterator[tuple[str, Case]]:
    whole = STATEMENT.sign(DEVICE)
    payload, other = STATEMENT.payload, key("other device")
    no_kid = cbor.encode({1: -7})
    eddsa = cbor.encode({1: -8, 4: DEVICE.public.kid})
    malformed = {
        "without-its-tag": whole[1:],
        "tagged-as-mac": b"\xd1" + whole[1:],
        "with-an-unprotected-header": signed(head(), payload, unprotected={4: b"12345678"}),
        "with-an-array-for-a-header": signed(head(), payload, unprotected=[]),
        "without-a-key-id": signed(no_kid, payload),
        "as-eddsa": signed(eddsa, payload),
        "typed-as-a-verdict": signed(head("verdict"), payload),
        "with-a-detached-payload": cbor.encode(cbor2.CBORTag(18, [head(), {}, None, whole[-64:]])),
        "with-a-short-signature": cbor.encode(
            cbor2.CBORTag(18, [head(), {}, payload, whole[-64:-1]])
        ),
        "with-something-after-it": whole + b"\x00",
        "cut-short": whole[:-1],
        "empty": b"",
        "in-an-indefinite-array": whole[:1] + b"\x9f" + whole[2:] + b"\xff",
        "with-a-long-length": whole[:1] + b"\x98\x04" + whole[2:],
        "nested-too-deep": b"\x81" * 2_000 + b"\x00",
        "larger-than-2048-bytes": signed(head(), {**CLAIMS, 1: "x" * 2_048}),
        "naming-another-key": signed(head(by=other), payload),
    }
    for name, told in malformed.items():
        yield f"statement-{name}", of_device(told, error="MalformedProof")
    forged = {
        "signed-by-another-key": STATEMENT.sign(other),
        "with-another-payload": whole.replace(b"2026-0001234", b"2026-0001235"),
        "with-a-zero-signature": whole[:-64] + bytes(64),
    }
    for name, told in forged.items():
        yield f"statement-{name}", of_device(told, error="BadSignature")


def _bad_claims() -> Iterator[tuple[str, Case]]:
    inner = CLAIMS[TRIP]
    unordered = cbor2.dumps({6: NOW, 1: "5670000", 7: CLAIMS[7], TRIP: inner})
    twice = b"\xa5" + STATEMENT.payload[1:10] + STATEMENT.payload[1:]
    defects = {
        "claims-out-of-order": signed(head(), unordered),
        "claims-with-a-key-twice": signed(head(), twice),
        "claims-with-an-unknown-one": signed(head(), {**CLAIMS, 8: b""}),
        "claims-without-an-issuer": signed(head(), {k: v for k, v in CLAIMS.items() if k != 1}),
        "claims-with-a-float-for-latitude": claims(t4=35.2),
        "claims-with-a-bignum": claims(t8=2**70),
        "claims-with-a-true": claims(t12=True),
        "claims-with-a-date-tag": claims(t7=cbor2.CBORTag(1, NOW)),
        "claims-of-another-version": claims(t0=2),
        "latitude-beyond-the-pole": claims(t4=900_000_001),
        "longitude-beyond-180": claims(t5=-1_800_000_001),
        "latitude-without-longitude": claims(t5=None),
        "accuracy-below-zero": claims(t6=-1),
        "accuracy-too-large": claims(t6=65_536),
        "counter-zero": claims(t8=0),
        "challenge-of-15-bytes": claims(t9=bytes(15)),
        "chain-hash-of-32-bytes": claims(t10=bytes(32)),
        "kind-four": claims(t11=4),
        "photo-hash-as-text": claims(t13="0" * 32),
        "fix-statistics-of-three": claims(t14=[1, 2, 3]),
        "note-with-a-line-break": claims(t15="a\nb"),
        "note-not-in-nfc": claims(t15="e\u0301"),
        "note-of-121-bytes": claims(t15="x" * 121),
        "person-missing": claims(t1=""),
        "trip-of-31-bytes": claims(t3="x" * 31),
        "texts-of-49-bytes-together": claims(t1="w" * 16, t2="d" * 16, t3="t" * 10),
        "time-beyond-2106": signed(head(), {**CLAIMS, 6: 2**32}),
        "id-of-seven-bytes": signed(head(), {**CLAIMS, 7: bytes(7)}),
        "claims-as-an-array": signed(head(), [1, 2, 3]),
    }
    for name, told in defects.items():
        yield f"statement-{name}", of_device(told, error="MalformedProof")


def _bad_sealed() -> Iterator[tuple[str, Case]]:
    whole = STATEMENT.sign(DEVICE)
    _, kid, box = plain(sealed(whole))
    other = key("another auditor")
    off_curve = b"\x04" + b"\x01" * 64 + box[65:]
    shut = {
        "for-another-key": cbor.encode([1, other.public.kid, box]),
        "with-a-point-off-the-curve": cbor.encode([1, kid, off_curve]),
        "with-a-changed-tag": cbor.encode([1, kid, box[:-1] + bytes([box[-1] ^ 1])]),
        "with-its-tag-cut": cbor.encode([1, kid, box[:-16]]),
        "bound-to-another-type": cbor.encode([1, kid, plain(sealed(whole, seal.For.HUB))[2]]),
    }
    for name, told in shut.items():
        yield f"sealed-{name}", case("sealed", told, **_secret(AUDITOR.seal), error="CannotOpen")
    malformed = {
        "of-type-two": cbor.encode([2, kid, box]),
        "for-the-hub": cbor.encode([3, kid, box]),
        "with-nothing-in-it": cbor.encode([1, kid, box[:81]]),
        "with-a-key-id-of-seven-bytes": cbor.encode([1, kid[:7], box]),
        "with-a-fourth-item": cbor.encode([1, kid, box, 0]),
    }
    for name, told in malformed.items():
        beside = {**_secret(AUDITOR.seal), "error": "MalformedProof"}
        yield f"sealed-{name}", case("sealed", told, **beside)


def _bad_of_hub() -> Iterator[tuple[str, Case]]:
    log = log_of(6)
    fields: dict[Any, Any] = plain(sign1.read(log.entries[3].body or b"", "verdict").payload)
    verdicts = {
        "reasons-out-of-order": {8: [20, 10]},
        "a-reason-twice": {8: [10, 10]},
        "a-reason-of-zero": {8: [0]},
        "grade-zero": {7: 0},
        "place-four": {5: 4},
        "band-six": {6: 6},
        "an-unknown-field": {11: 0},
        "coordinates-in-it": {11: [352_280_000, 1_286_812_000]},
    }
    for name, change in verdicts.items():
        told = signed(head("verdict", HUB), {**fields, **change}, HUB)
        beside = {"key": public(HUB), "error": "MalformedProof"}
        yield f"verdict-with-{name}", case("verdict", told, **beside)
    by_device = signed(head("verdict", HUB), fields, DEVICE)
    yield (
        "verdict-signed-by-a-device",
        case("verdict", by_device, key=public(HUB), error="BadSignature"),
    )
    record = log.entries[0].body or b""
    yield (
        "verdict-that-is-a-record",
        case("verdict", record, key=public(HUB), error="MalformedProof"),
    )
    for name, told in {
        "of-an-unknown-type": {0: 14, 1: NOW},
        "of-a-proof-without-its-statement": {0: 1, 1: NOW, 2: bytes(8), 4: bytes(32)},
        "with-a-field-of-another-type": {0: 2, 1: NOW, 2: bytes(8), 4: bytes(32)},
        "of-a-fifth-quarter": {0: 10, 1: NOW, 7: bytes(32), 9: 20265},
        "revoked-for-no-reason": {0: 4, 1: NOW, 2: bytes(8), 8: 0},
        "with-a-person-in-it": {0: 4, 1: NOW, 2: bytes(8), 8: 1, 10: "홍길동"},
    }.items():
        yield f"leaf-{name}", case("leaf", cbor.encode(told), error="MalformedProof")
    for name, told in {
        "of-no-proof": ["2026-1", 0, 1, bytes(16), NOW],
        "of-no-trip": ["", 1, 1, bytes(16), NOW],
        "of-a-thousand-proofs": ["2026-1", 1000, 1, bytes(16), NOW],
    }.items():
        whole = signed(head("tp2", HUB), told, HUB)
        yield f"pointer-{name}", case("pointer", whole, key=public(HUB), error="MalformedProof")
    mixed = cbor.encode(list(reversed(plain(keys().encoded))))
    yield "key-set-out-of-order", case("keys", mixed, error="MalformedProof")
    first: dict[Any, Any] = plain(keys().encoded)[0]
    for name, change in {
        "with-another-keys-id": {2: bytes(8)}, "off-the-curve": {-2: bytes(32)},
        "with-a-private-half": {-4: bytes(32)}, "of-p-384": {-1: 2},
    }.items():  # fmt: skip
        told = cbor.encode([{**first, **change}])
        yield f"key-set-{name}", case("keys", told, error="MalformedProof")


def _bad_receipts() -> Iterator[tuple[str, Case]]:
    log = log_of(6)
    of_leaf = {"leaf": log.entries[3].leaf.hex(), "key": public(HUB)}
    tag = cbor2.loads(log.receipt(3))
    protected, _, _, signature = tag.value
    path = tree.inclusion(3, 7, log.nodes)

    def made(size: int = 7, index: int = 3, way: list[bytes] = path, **change: Any) -> bytes:
        proof = cbor.encode([size, index, way])
        told = {"head": protected, "proofs": [proof], "payload": None, **change}
        whole = [told["head"], {396: {-1: told["proofs"]}}, told["payload"], signature]
        return cbor.encode(cbor2.CBORTag(18, whole))

    fields: dict[Any, Any] = dict(cbor2.loads(protected))
    claims = dict(fields[15])
    eight = cbor.encode({**fields, 15: {**claims, -65537: 8}})
    defects = {
        "of-another-size": (made(8), "MalformedProof"),
        "of-another-size-in-both-places": (made(8, head=eight), "BadSignature"),
        "of-another-place": (made(index=2), "BadSignature"),
        "of-a-place-beyond-its-size": (made(index=7), "MalformedProof"),
        "with-a-path-too-long": (made(way=[*path, bytes(32)]), "LogContradicts"),
        "with-a-path-too-short": (made(way=path[:-1]), "LogContradicts"),
        "with-a-path-turned-around": (made(way=path[::-1]), "BadSignature"),
        "with-its-root-attached": (made(payload=tree.root(7, log.nodes)), "MalformedProof"),
        "with-two-proofs": (made(proofs=[cbor.encode([7, 3, path])] * 2), "MalformedProof"),
        "of-another-kind-of-tree": (made(head=cbor.encode({**fields, 395: 2})), "MalformedProof"),
        "without-a-log": (
            made(head=cbor.encode({k: v for k, v in fields.items() if k != 15})), "MalformedProof"),
    }  # fmt: skip
    for name, (told, error) in defects.items():
        yield f"receipt-{name}", case("receipt", told, **of_leaf, error=error)
    other = {**of_leaf, "leaf": log.entries[4].leaf.hex()}
    yield "receipt-for-another-leaf", case("receipt", made(), **other, error="BadSignature")
    roots = _consistency(log, 4, 7)
    for name, told, error in (
        ("backward", cbor.encode([7, 4, []]), "MalformedProof"),
        ("from-nothing", cbor.encode([0, 7, []]), "MalformedProof"),
        ("without-a-path", cbor.encode([4, 7, []]), "LogContradicts"),
        ("with-one-hash-more", cbor.encode(
            [4, 7, [*tree.consistency(4, 7, log.nodes), bytes(32)]]), "LogContradicts"),
        ("of-another-path", cbor.encode(
            [4, 7, [bytes(32)] * len(tree.consistency(4, 7, log.nodes))]), "LogContradicts"),
    ):  # fmt: skip
        yield f"consistency-{name}", {**roots, "hex": told.hex(), "error": error}


def _bad_checkpoints() -> Iterator[tuple[str, Case]]:
    one = log_of(6).checkpoint()
    note, line = one.note, str(one.lines[0])
    root = checkpoint._base64(one.root)
    beside = {"key": public(HUB)}
    malformed = {
        "without-its-empty-line": note.replace("\n\n", "\n"),
        "with-carriage-returns": note.replace("\n", "\r\n"),
        "with-a-leading-zero": note.replace("\n7\n", "\n07\n"),
        "with-a-negative-size": note.replace("\n7\n", "\n-7\n"),
        "without-its-time": note.replace(f"time {one.at}\n", ""),
        "with-a-root-of-31-bytes": note.replace(root, checkpoint._base64(one.root[:31])),
        "with-another-spelling-of-its-root": note.replace(root, root[:-2] + "/="),
        "with-a-hyphen-for-its-dash": note.replace("—", "-"),
        "with-another-line-of-text": note.replace(f"time {one.at}\n", f"time {one.at}\nmore\n"),
        "without-a-signature": one.text + "\n",
        "with-a-cosigner-first": replace(one, lines=()).signed(OFFICE_2, "gamsa.example").note,
        "with-seventeen-signatures": one.text + "\n" + line * 17,
        "without-its-last-newline": note[:-1],
    }
    for name, told in malformed.items():
        yield f"checkpoint-{name}", case("checkpoint", told, **beside, error="MalformedProof")
    larger = replace(one, size=8).note
    yield "checkpoint-of-another-size", case("checkpoint", larger, **beside, error="BadSignature")
    by_thief = replace(one, lines=()).signed(key("thief")).note
    yield "checkpoint-by-another-key", case("checkpoint", by_thief, **beside, error="UnknownKey")


def _bad_texts() -> Iterator[tuple[str, Case]]:
    plain = base45.encode(b"anything")
    for name, told in {
        "code-that-is-a-link": "https://trip.example/TP1:" + plain,
        "code-in-small-letters": "tp1:" + plain,
        "code-of-a-fourth-kind": "TP4:" + plain,
        "code-with-a-letter-of-no-alphabet": "TP1:" + plain + "_",
        "code-with-a-letter-left-over": "TP1:AAA" + "A",
        "code-of-three-letters-too-large": "TP1::::",
        "code-longer-than-any-of-ours": "TP1:" + "0" * 3_075,
    }.items():
        yield name, case("code", told, error="MalformedProof")
    beside = {"passphrase": PASSPHRASE}
    good_file = _key_file(1_000_000)
    for name, told, error in (
        ("with-few-iterations", _key_file(1_000, checked=False), "MalformedProof"),
        ("with-endless-iterations", good_file.replace("1000000", "99000000"), "MalformedProof"),
        ("of-another-format", good_file.replace("auditor-key", "hub-key"), "MalformedProof"),
        ("of-another-quarter", good_file.replace("20264", "20271"), "CannotOpen"),
        ("that-is-not-json", good_file[:-3], "MalformedProof"),
    ):
        yield f"key-file-{name}", case("key file", told, **beside, error=error)
    wrong = {"passphrase": "another passphrase, as long"}
    yield (
        "key-file-with-another-passphrase",
        case("key file", good_file, **wrong, error="CannotOpen"),
    )


def _bad_bundles() -> Iterator[tuple[str, Case]]:
    log = log_of(6)
    held = {"keys": keys().encoded.hex(), "checkpoint": log.checkpoint(4).note}
    bundle, other = log.bundle(3, held=4), log_of(4).entries[4]
    for name, told in {
        "with-another-verdict": replace(bundle, verdict=other.body or b""),
        "with-another-sealed-proof": replace(bundle, sealed=other.sealed),
        "with-another-leaf": replace(bundle, leaf=other.leaf),
        "with-another-receipt": replace(bundle, receipt=log.receipt(4)),
        "with-the-checkpoint-of-a-shorter-log": replace(bundle, checkpoint=log.checkpoint(5).note),
    }.items():
        yield f"bundle-{name}", case("bundle", told.encoded, **held, gives="changed")
    for name, edit in _edits().items():
        edited = log_of(6)
        entries = edit(edited.entries)
        edited.entries = [replace(one, index=at) for at, one in enumerate(entries)]
        note = log.checkpoint().note
        yield f"export-{name}", case("export", _export(edited, note), **held, gives="changed")
    forked = Log()
    for number in range(7):
        forked.prove(said(cti=number.to_bytes(8)))
    yield "export-of-a-forked-log", case("export", _export(forked), **held, gives="changed")
    short = log_of(2)
    yield "export-of-a-log-cut-short", case("export", _export(short), **held, gives="changed")
    alone = {"keys": keys().encoded.hex()}
    yield "export-with-nothing-held", case("export", _export(log), **alone, gives="unknown")


def _edits() -> dict[str, Any]:
    def later(entries: list[Entry]) -> list[Entry]:
        told = leaf.decoded(entries[3].leaf)
        entries[3] = replace(entries[3], leaf=replace(told, at=told.at + 1).encoded)
        return entries

    return {
        "with-an-entry-removed": lambda entries: entries[:3] + entries[4:],
        "with-two-entries-exchanged": lambda entries: (
            [*entries[:3], entries[4], entries[3], *entries[5:]]
        ),
        "with-an-entry-twice": lambda entries: entries[:4] + entries[3:],
        "with-a-time-edited": later,
        "with-a-verdict-exchanged": lambda entries: (
            [*entries[:3], replace(entries[3], body=entries[4].body), *entries[4:]]
        ),
    }


def _leaves() -> dict[str, Leaf]:
    h, eight = [bytes([number]) * 32 for number in range(4)], b"12345678"
    return {
        "proof": Leaf(LeafType.PROOF, NOW, eight, h[0], h[1], h[2], 1),
        "unchecked": Leaf(LeafType.UNCHECKED, NOW, sealed=h[1]),
        "enrolment": Leaf(LeafType.ENROLMENT, NOW, eight, record=h[3]),
        "revocation": Leaf(LeafType.REVOCATION, NOW, eight, reason=1),
        "order": Leaf(LeafType.ORDER, NOW, record=h[3]),
        "policy": Leaf(LeafType.POLICY, NOW, policy=1, record=h[3]),
        "keys": Leaf(LeafType.KEYS, NOW, record=h[3]),
        "appeal": Leaf(LeafType.APPEAL, NOW, eight, record=h[3]),
        "access": Leaf(LeafType.ACCESS, NOW, eight, record=h[3]),
        "destruction": Leaf(LeafType.DESTRUCTION, NOW, record=h[3], quarter=20264),
        "link": Leaf(LeafType.LINK, NOW, eight, record=h[3]),
        "new-verdict": Leaf(LeafType.NEW_VERDICT, NOW, eight, verdict=h[2], policy=1),
        "consent": Leaf(LeafType.CONSENT, NOW, eight, record=h[3]),
    }


def _secret(one: Any) -> dict[str, str]:
    number = one.private.private_numbers().private_value
    return {"secret": number.to_bytes(32).hex()}


def _consistency(log: Log, old: int, new: int) -> Case:
    told = tree.encode_consistency(old, new, tree.consistency(old, new, log.nodes))
    roots = {
        "old_root": tree.root(old, log.nodes).hex(),
        "new_root": tree.root(new, log.nodes).hex(),
    }
    return case("consistency", told, **roots)


def _pointer(trip: str, count: int) -> bytes:
    return pointer.Pointer(trip, count, Grade.B, bytes(range(16)), NOW).sign(HUB)


def _export(log: Log, note: str | None = None) -> bytes:
    return log.export(notes=(note,) if note else None)


def _key_file(iterations: int, *, checked: bool = True) -> str:
    """A key file with a salt that is known: for tests only."""
    salt, iv = bytes(range(16)), bytes(range(12))
    told: dict[str, Any] = {
        "format": auditor_key.FORMAT, "version": 1, "quarter": AUDITOR.quarter,
        "kdf": auditor_key.KDF, "iterations": iterations, "salt": base64url(salt),
        "cipher": auditor_key.CIPHER, "iv": base64url(iv),
        "seal": base64url(AUDITOR.seal.public.uncompressed),
        "sign": base64url(AUDITOR.sign.public.uncompressed),
        "fingerprint": base64url(AUDITOR.fingerprint),
    }  # fmt: skip
    hidden = auditor_key._secret(AUDITOR.seal) + auditor_key._secret(AUDITOR.sign)
    cipher = AESGCM(auditor_key._derived(PASSPHRASE, salt, iterations))
    told["secret"] = base64url(cipher.encrypt(iv, hidden, auditor_key._bound(told)))
    assert checked == (iterations >= auditor_key.ITERATIONS_LOW)
    return json.dumps(told, indent=1) + "\n"


def files() -> Iterator[tuple[Path, str]]:
    """Every file with what belongs in it."""
    for folder, cases in (("good", good()), ("bad", bad())):
        for name, told in cases:
            text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
            yield HERE / folder / f"{name}.json", text


def main() -> None:
    """Write every vector."""
    for file, text in files():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
