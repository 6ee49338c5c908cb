"""What is carried away: one proof with all that checks it, or the whole log."""

from collections.abc import AsyncIterator
from typing import Any, Final

from hub.tripproof import bundle, leaf, logbook
from hub.tripproof.bundle import Entry, Header, ProofBundle, Related
from hub.tripproof.errors import TripProofError
from hub.tripproof.leaf import LeafType
from hub.tripproof.logbook import Logbook, known_keys
from hub.tripproof.office import Office, quarter_at
from hub.tripproof.refusals import UnknownProof
from hub.tripproof.store import cosignatures, links, orders, quarters
from hub.tripproof.store import log as store
from hub.tripproof.store.log import Logged
from hub.tripproof.store.proofs import Proof
from hub.tripproof.wrap import quarter_of, unwrap

LINKS_MOST: Final = 8  # of a bundle's room; only the newest says which order it belongs to


async def bundle_of(book: Logbook, proof: Proof, held: int | None) -> bytes:
    """The bundle of a proof; `held`: the size of the checkpoint that the reader has."""
    logged = await store.at(book.conn, proof.log_index)
    if logged is None or logged.body is None:
        raise UnknownProof
    note, known = await book.checkpoint(), await known_keys(book.conn, book.office)
    note = await cosignatures.note(book.conn, book.size) or note
    way = None
    if held is not None and held != book.size:
        way = await logbook.consistency(book.conn, held, book.size)
    made = ProofBundle(
        logged.leaf, await book.receipt(proof.log_index), _sealed(book.office, logged),
        logged.body, note, way, known.encoded, await _related(book, proof),
    )  # fmt: skip
    return made.encoded


async def export(conn: Any, office: Office, size: int) -> AsyncIterator[bytes]:
    """The first `size` entries as a file, piece by piece; the checkpoint over them is published."""
    known = await known_keys(conn, office)
    header = Header(office.origin, size, known.encoded)
    notes = [note async for note in cosignatures.notes(conn, size)]
    for piece in bundle.export(header, notes, ()):
        yield piece
    async for one in store.walk(conn, size):
        yield bundle.entry(Entry(one.log_index, one.leaf, one.body, _sealed(office, one)))


async def _related(book: Logbook, proof: Proof) -> tuple[Related, ...]:
    """The enrolment of the device, its links, the order, the policy and the keys; destruction."""
    conn = book.conn
    found = (await store.indexes_of(conn, LeafType.ENROLMENT, proof.kid))[-1:]
    found += (await store.indexes_of(conn, LeafType.LINK, proof.cti))[-LINKS_MOST:]
    link = await links.newest(conn, proof.cti)
    order = await orders.one(conn, link.trip if link and link.trip else proof.trip)
    found += [order.log_index] if order else []
    gone = await quarters.destruction(conn, quarter_at(proof.received_at))
    found += [gone] if gone is not None else []
    for kind in (LeafType.POLICY, LeafType.KEYS):
        found += (await store.indexes_of(conn, kind))[-1:]
    return tuple([await _one(book, index) for index in sorted(found)])


async def _one(book: Logbook, index: int) -> Related:
    logged = await store.at(book.conn, index)
    if logged is None:
        raise UnknownProof
    return Related(logged.leaf, await book.receipt(index), logged.body)


def _sealed(office: Office, logged: Logged) -> bytes | None:
    """X again; None: it has none, or its quarter's key was destroyed."""
    if logged.wrapped is None:
        return None
    hashed = leaf.decoded(logged.leaf).sealed or b""
    try:
        return unwrap(office.wraps.of(quarter_of(logged.wrapped)), logged.wrapped, hashed)
    except TripProofError:
        return None
