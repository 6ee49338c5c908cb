"""TP2 of a trip: how many proofs it has, the worst grade, and a hash over their leaves."""

from datetime import datetime
from typing import Any

from hub.tripproof import pointer as pointers
from hub.tripproof import tree
from hub.tripproof.pointer import COUNT_MAX, Pointer
from hub.tripproof.refusals import UnknownProof
from hub.tripproof.store import proofs as store
from hub.tripproof.verdict import Grade


async def pointer(conn: Any, trip: str, now: datetime) -> Pointer:
    """The pointer to a trip's proofs as they are now. Raises UnknownProof: it has none."""
    found = await store.of_trip(conn, trip, COUNT_MAX)
    if not found:
        raise UnknownProof
    over = pointers.over(tree.leaf_hash(leaf) for leaf, _ in found)
    worst = Grade(max(grade for _, grade in found))
    return Pointer(trip, len(found), worst, over, int(now.timestamp()))
