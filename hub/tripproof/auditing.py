"""The auditor's key of a quarter comes in: public halves, and who vouches for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.tripproof import handover
from hub.tripproof.errors import MalformedProof
from hub.tripproof.keys import PublicKey, fingerprint
from hub.tripproof.leaf import quarter
from hub.tripproof.logbook import Logbook
from hub.tripproof.office import Office
from hub.tripproof.store import auditors


@dataclass(frozen=True, slots=True)
class NewAuditor:
    """What the auditor's browser sends."""

    quarter: int
    seal: bytes
    sign: bytes
    handover: bytes | None


async def keep(conn: Any, office: Office, new: NewAuditor, by: str, now: datetime) -> bytes:
    """Seal to this key from now on; its fingerprint. The key set of the log says so at once.

    Raises:
        MalformedProof, BadSignature: the keys, or a handover that is not from the key before.
    """
    seal, sign = (PublicKey.uncompressed_point(point) for point in (new.seal, new.sign))
    found = fingerprint(quarter(new.quarter), seal, sign)
    if new.handover is not None:
        await _check(conn, new.handover, found)
    await auditors.keep(conn, new.quarter, new.seal, new.sign, found, new.handover, now, by)
    book = await Logbook.opened(conn, office, now)
    await book.checkpoint()
    return found


async def _check(conn: Any, encoded: bytes, found: bytes) -> None:
    before = [one for one in await auditors.all_of_them(conn) if one.fingerprint != found]
    if not before:
        raise MalformedProof("There is no key before it that could hand over.")
    old = before[0]
    told = handover.verified(encoded, PublicKey.uncompressed_point(old.sign))
    if (told.old, told.new) != (old.fingerprint, found):
        raise MalformedProof("The handover names other keys.")
