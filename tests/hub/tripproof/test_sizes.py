"""What has to fit into a QR code of a small screen fits, whatever the texts are."""

import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from hub.tripproof import codes, pointer
from hub.tripproof.codes import Code
from hub.tripproof.statement import Fix
from hub.tripproof.verdict import Grade
from tests.hub.tripproof import strategies as made
from tests.hub.tripproof.world import DEVICE, HUB, NOW, said, sealed

LARGEST = said(
    office="o" * 16, who="w" * 16, department="d" * 16, trip="", signed_at=2**32 - 1,
    fix=Fix(-900_000_000, -1_800_000_000, 65_535, 2**32 - 1), counter=2**32 - 1,
)  # fmt: skip


def drawn(code: Code, content: bytes) -> segno.QRCode:
    return segno.make_qr(codes.text(code, content), error="m", boost_error=False)


def test_the_largest_statement_without_extras_has_at_most_330_bytes_sealed_and_version_14():
    hidden = sealed(LARGEST.sign(DEVICE))
    assert len(hidden) <= 330
    qr = drawn(Code.SEALED, hidden)
    assert isinstance(qr.version, int)
    assert qr.version <= 14
    assert qr.mode == "alphanumeric"


@given(made.statements)
def test_no_statement_without_extras_is_larger_than_that(one):
    if (one.photo, one.search, one.note) == (None, None, None):
        assert len(one.payload) <= len(LARGEST.payload)


@given(made.texts(1, 30), st.integers(1, 999))
def test_a_printed_pointer_has_at_most_150_bytes_and_version_9(trip, count):
    told = pointer.Pointer(trip, count, Grade.C, bytes(16), NOW).sign(HUB)
    assert len(told) <= 150
    version = drawn(Code.POINTER, told).version
    assert isinstance(version, int)
    assert version <= 9


def test_a_code_that_is_drawn_is_read_again(tmp_path):
    import numpy as np

    hidden = sealed(said().sign(DEVICE))
    rows = [[255 * (not dark) for dark in row] for row in drawn(Code.SEALED, hidden).matrix]
    picture = np.kron(np.array(rows, np.uint8), np.ones((6, 6), np.uint8))
    seen = zxingcpp.read_barcodes(np.pad(picture, 24, constant_values=255))
    assert [codes.read(one.text) for one in seen] == [(Code.SEALED, hidden)]
