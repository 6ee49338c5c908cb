"""A small office for the tests: keys that everybody may know, statements, and a log of them."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.tripproof import cbor, hpke, leaf, receipt, seal, statement, tree
from hub.tripproof.auditor_key import AuditorKey
from hub.tripproof.bundle import Entry, Header, ProofBundle, Related, export
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.checks import Given, Known, Order, Point, judged
from hub.tripproof.keys import KeySet, NamedKey, PublicKey, Use, keyset
from hub.tripproof.leaf import Leaf, LeafType
from hub.tripproof.policy import Policy
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.record import Record
from hub.tripproof.statement import FIRST, Fix, Kind, Statement

ORIGIN = "trip.cityhall.example"
OFFICE = "5670000"
NOW = 1_795_240_800  # 2026-11-21 06:00 UTC
QUARTER = 20264
CITY_HALL = Point(352_279_000, 1_286_811_000)


@dataclass(frozen=True, slots=True)
class SteadyKey(SoftwareKey):
    """A test key whose signatures are the same each time (RFC 6979)."""

    def sign(self, message: bytes) -> bytes:
        scheme = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self.private.sign(message, scheme))
        return r.to_bytes(32) + s.to_bytes(32)


@cache
def key(name: str) -> SteadyKey:
    """A test key by name. Anybody can compute its private half: it protects nothing."""
    number = int.from_bytes(hashlib.sha256(f"test key: {name}".encode()).digest())
    private = ec.derive_private_key(number, ec.SECP256R1())
    return SteadyKey(private, PublicKey(private.public_key()))


HUB, HUB_OPENS, DEVICE, OTHER = key("hub"), key("hub opens"), key("device"), key("other device")
OFFICE_2 = key("second office")
AUDITOR = AuditorKey(QUARTER, key("auditor opens"), key("auditor signs"))


def keys() -> KeySet:
    """The hub's key set."""
    uses = (
        (HUB, Use.HUB_SIGNS), (HUB_OPENS, Use.HUB_OPENS), (AUDITOR.seal, Use.AUDITOR_OPENS),
        (AUDITOR.sign, Use.AUDITOR_SIGNS), (OFFICE_2, Use.COSIGNER),
    )  # fmt: skip
    year_s = 366 * 86_400
    return keyset(NamedKey(one.public, use, NOW - year_s, NOW + year_s) for one, use in uses)


def said(**changes: Any) -> Statement:
    """A statement at the city hall, with whatever is to be different."""
    usual = Statement(
        office=OFFICE, signed_at=NOW, cti=bytes.fromhex("0102030405060708"), who="20190123",
        department="5670123", trip="2026-0001234", fix=Fix(352_280_000, 1_286_812_000, 18, NOW - 3),
        counter=1, challenge=bytes(range(16)), before=FIRST, kind=Kind.ARRIVE, queued=False,
    )  # fmt: skip
    return usual._replace(**changes)


def known(**changes: Any) -> Known:
    """What the hub knows beside it when all is well."""
    order = Order(("20190123",), NOW - 86_400, NOW + 86_400, (CITY_HALL,))
    usual = Known(received_at=NOW + 2, challenge=Given(NOW - 3_600, NOW + 82_800), order=order)
    return replace(usual, **changes)


def sealed(plaintext: bytes, to: seal.For = seal.For.AUDITOR, seed: bytes = b"x") -> bytes:
    """The same box each time: its ephemeral key is made of the plaintext. For tests only."""
    whom = AUDITOR.seal.public if to is seal.For.AUDITOR else HUB_OPENS.public
    one = key(f"ephemeral {hashlib.sha256(seed + plaintext).hexdigest()}")
    info = cbor.encode([seal.LABEL, int(to), whom.kid])
    shared = one.private.exchange(ec.ECDH(), whom.point)
    point = one.public.uncompressed
    secret, nonce = hpke.key_and_nonce(shared, point, whom.uncompressed, info)
    return cbor.encode([int(to), whom.kid, point + AESGCM(secret).encrypt(nonce, plaintext, b"")])


@dataclass
class Log:
    """A log in memory, as a hub keeps one, with everything that its leaves hash."""

    entries: list[Entry] = field(default_factory=list)
    nodes: tree.Nodes = field(default_factory=tree.Nodes)

    def add(self, made: Leaf, body: bytes | None = None, sealed: bytes | None = None) -> int:
        """Append a leaf; its index."""
        index = len(self.entries)
        self.entries.append(Entry(index, made.encoded, body, sealed))
        self.nodes.append(tree.leaf_hash(made.encoded))
        return index

    def record(self, kind: LeafType, fields: dict, **rest: Any) -> int:
        """Append a leaf that hashes a record."""
        body = Record(kind, fields).sign(HUB)
        at = leaf.decoded(self.entries[-1].leaf).at if self.entries else NOW
        return self.add(Leaf(kind, at, record=leaf.sha(body), **rest), body)

    def enrol(self) -> int:
        """Append the enrolment of the test device."""
        told = {"who": "20190123", "key": DEVICE.public.encoded, "auditor": AUDITOR.fingerprint}
        return self.record(LeafType.ENROLMENT, told, ref=DEVICE.public.kid)

    def prove(self, one: Statement | None = None, beside: Known | None = None) -> int:
        """Append a proof."""
        one, beside, policy = one or said(), beside or known(), Policy()
        signed = one.sign(DEVICE)
        hidden = sealed(signed)
        verdict = judged(one, beside, policy).sign(HUB)
        entry = Leaf(
            LeafType.PROOF, beside.received_at, one.cti, leaf.sha(signed), leaf.sha(hidden),
            leaf.sha(verdict), policy.version,
        )  # fmt: skip
        return self.add(entry, verdict, hidden)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """The signed checkpoint over the first `size` entries."""
        size = len(self.entries) if size is None else size
        return Checkpoint(ORIGIN, size, tree.root(size, self.nodes), NOW + size).signed(HUB)

    def receipt(self, index: int, size: int | None = None) -> bytes:
        """The receipt of an entry."""
        size = len(self.entries) if size is None else size
        return receipt.sign(HUB, ORIGIN, NOW + 2, index, size, self.nodes)

    def bundle(self, index: int, held: int | None = None, related: tuple[int, ...] = (0,)):
        """The bundle of a proof, with the way from a checkpoint over `held` entries."""
        entry, size = self.entries[index], len(self.entries)
        assert entry.body
        way = None
        if held is not None and held != size:
            path = tree.consistency(held, size, self.nodes)
            way = tree.encode_consistency(held, size, path)
        return ProofBundle(
            entry.leaf, self.receipt(index), entry.sealed, entry.body, self.checkpoint().note, way,
            keys().encoded, tuple(map(self._related, related)),
        )  # fmt: skip

    def export(self, *, notes: tuple[str, ...] | None = None, size: int | None = None) -> bytes:
        """The whole log as a file."""
        told = (self.checkpoint().note,) if notes is None else notes
        header = Header(ORIGIN, len(self.entries) if size is None else size, keys().encoded)
        return b"".join(export(header, told, self.entries))

    def _related(self, index: int) -> Related:
        entry = self.entries[index]
        return Related(entry.leaf, self.receipt(index), entry.body)


def log_of(proofs: int) -> Log:
    """A log with an enrolment and so many proofs in one chain."""
    log, before = Log(), FIRST
    log.enrol()
    for number in range(1, proofs + 1):
        one = said(
            cti=number.to_bytes(8), counter=number, before=before, signed_at=NOW + number * 60,
            fix=Fix(352_280_000, 1_286_812_000, 18, NOW + number * 60),
        )  # fmt: skip
        received_at = NOW + number * 60 + 2
        beside = known(received_at=received_at, highest_counter=number - 1)
        log.prove(one, beside)
        before = statement.hash16(one.sign(DEVICE))
    return log
