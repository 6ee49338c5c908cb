"""The trip proof's figures: signing and verifying beside raw ES256, and what fits into a QR code.

(`scan` has how well the codes are read, `accept` how fast proofs come in.)

Raw ES256 is `cryptography` alone over bytes of the same length, with `r ‖ s` for a signature as
COSE has it. Ours is the whole of it: from a statement to S, and from S to a statement that was
checked field by field. Both run in turns, so that a busy machine slows both.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

import segno
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from hub.tripproof import base45, codes, pointer, seal, statement
from hub.tripproof.codes import Code
from hub.tripproof.provider import ES256, SoftwareKey
from hub.tripproof.statement import Search
from hub.tripproof.verdict import Grade
from tests.bench.row import Row, at_least, at_most, known
from tests.hub.tripproof.test_sizes import LARGEST
from tests.hub.tripproof.world import NOW, said

ROUNDS: Final = 15
TIMES: Final = 400
SIGN_FLOOR: Final = 0.6
VERIFY_FLOOR: Final = 0.75
SEALED_MAX_BYTES: Final = 330
SEALED_MAX_VERSION: Final = 14
POINTER_MAX_BYTES: Final = 150


def rows() -> Iterator[Row]:
    """Every figure."""
    device, auditor = SoftwareKey.new(), SoftwareKey.new()
    yield from _speeds(device)
    yield from _sealing(device, auditor)
    yield from _sizes(device, auditor)


def _speeds(device: SoftwareKey) -> Iterator[Row]:
    one = said()
    signed, payload = one.sign(device), one.payload
    raw = device.sign(payload)

    def raw_sign() -> bytes:
        r, s = decode_dss_signature(device.private.sign(payload, ES256))
        return r.to_bytes(32) + s.to_bytes(32)

    def raw_verify() -> None:
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        device.public.point.verify(der, payload, ES256)

    for name, ours, theirs, floor in (
        ("sign a statement", lambda: one.sign(device), raw_sign, SIGN_FLOOR),
        ("verify a statement", lambda: statement.verified(signed, device.public), raw_verify,
         VERIFY_FLOOR),
    ):  # fmt: skip
        ours_s, theirs_s, ratio = _in_turns(ours, theirs)
        told = f"raw ES256 of cryptography: {1 / theirs_s:,.0f}/s"
        yield at_least(name, 1 / ours_s, "/s", told, floor=floor, ratio=ratio)


def _sealing(device: SoftwareKey, auditor: SoftwareKey) -> Iterator[Row]:
    signed = said().sign(device)
    hidden = seal.seal(auditor.public, signed, seal.For.AUDITOR)
    text = base45.encode(hidden)
    for name, work in (
        ("seal for the auditor", lambda: seal.seal(auditor.public, signed, seal.For.AUDITOR)),
        ("open as the auditor", lambda: seal.opened(hidden, auditor, seal.For.AUDITOR)),
        ("base45, there", lambda: base45.encode(hidden)),
        ("base45, back", lambda: base45.decode(text)),
    ):
        took_s = min(_timed(work) for _ in range(ROUNDS))
        yield known(name, 1 / took_s, "/s", "-")


def _sizes(device: SoftwareKey, auditor: SoftwareKey) -> Iterator[Row]:
    for name, one in (
        ("a usual proof, sealed (TP1)", said()),
        ("the largest without photo and note, sealed (TP1)", LARGEST),
    ):
        hidden = seal.seal(auditor.public, one.sign(device), seal.For.AUDITOR)
        told = f"signed alone: {len(one.sign(device))} bytes"
        yield at_most(name, len(hidden), "bytes", told, floor=SEALED_MAX_BYTES)
        version = _version(Code.SEALED, hidden)
        yield at_most(f"{name}: QR version at M", version, "", "-", floor=SEALED_MAX_VERSION)
    more = said(photo=bytes(32), search=Search(5, 12, 8, 60))
    hidden = seal.seal(auditor.public, more.sign(device), seal.For.AUDITOR)
    told = f"QR version {_version(Code.SEALED, hidden)}-M"
    yield known("with photo hash and fix statistics, sealed", len(hidden), "bytes", told)
    printed = pointer.Pointer("x" * 30, 999, Grade.C, bytes(16), NOW).sign(device)
    told = f"QR version {_version(Code.POINTER, printed)}-M"
    yield at_most("the largest printed pointer (TP2)", len(printed), "bytes", told,
                  floor=POINTER_MAX_BYTES)  # fmt: skip


def _version(code: Code, content: bytes) -> int:
    drawn = segno.make_qr(codes.text(code, content), error="m", boost_error=False)
    return int(drawn.version)


def _in_turns(
    ours: Callable[[], object], theirs: Callable[[], object]
) -> tuple[float, float, float]:
    """Seconds of each, and the median over the rounds of theirs over ours."""
    pairs = [(_timed(ours), _timed(theirs)) for _ in range(ROUNDS)]
    ratio = statistics.median(b / a for a, b in pairs)
    return min(a for a, _ in pairs), min(b for _, b in pairs), ratio


def _timed(work: Callable[[], object]) -> float:
    began_s = time.process_time()
    for _ in range(TIMES):
        work()
    return (time.process_time() - began_s) / TIMES
