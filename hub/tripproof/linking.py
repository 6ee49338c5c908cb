"""A touch without an order is linked to one later: an entry of the log, and unlinked by another.

The verdict stays as it was signed: neither place nor grade is looked at again. A touch that named
an order that there is belongs to it, and to no other.
"""

from datetime import datetime
from typing import Any

from hub.tripproof.leaf import LeafType
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.refusals import NamesItsOrder, NotOnTheOrder
from hub.tripproof.store import links, orders
from hub.tripproof.store.links import Link
from hub.tripproof.store.orders import TripOrder
from hub.tripproof.store.proofs import Proof


async def link(
    conn: Any, office: Office, proof: Proof, order: TripOrder | None, by: str, now: datetime
) -> int:
    """Link a proof to an order (None: to none again); where that stands in the log.

    Raises:
        NamesItsOrder: its statement named an order that there is.
        NotOnTheOrder: the order does not name whoever proved.
    """
    book = await Logbook.opened(conn, office, now)
    if order is not None:
        await _fits(conn, proof, order)
    trip, before = order.trip if order else "", await links.newest(conn, proof.cti)
    if trip == (before.trip if before else ""):
        return before.log_index if before else proof.log_index
    told = {"cti": proof.cti, "trip": trip, "by": by}
    index = await book.record(LeafType.LINK, told, ref=proof.cti)
    await links.keep(conn, Link(index, proof.cti, trip, by, now))
    await book.checkpoint()
    return index


async def _fits(conn: Any, proof: Proof, order: TripOrder) -> None:
    if proof.trip and await orders.one(conn, proof.trip) is not None:
        raise NamesItsOrder(proof.trip)
    if proof.who not in order.people:
        raise NotOnTheOrder(order.trip, proof.who)
