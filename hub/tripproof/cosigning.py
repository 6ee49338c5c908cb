"""A second office's signature comes in: whose it is, the signature itself says."""

from datetime import datetime
from typing import Any

from hub.tripproof import checkpoint
from hub.tripproof.checkpoint import Checkpoint, Line
from hub.tripproof.errors import UnknownKey
from hub.tripproof.office import Office
from hub.tripproof.refusals import NoSuchSize
from hub.tripproof.store import cosignatures


async def take(conn: Any, office: Office, note: str, now: datetime) -> str:
    """Keep what known offices signed under a checkpoint of ours; the checkpoint with all lines.

    Raises:
        MalformedProof: this is no checkpoint.
        NoSuchSize: this hub never published one of this size, or not this one.
        UnknownKey: no line is of an office that is known here.
        BadSignature: such a line does not fit the text.
    """
    read = checkpoint.read(note)
    ours = await cosignatures.note(conn, read.size)
    if ours is None or checkpoint.read(ours).text != read.text:
        raise NoSuchSize
    lines = [line for line in read.lines[1:] if _check(office, read, line)]
    if not lines:
        raise UnknownKey("No office that this hub knows signed the checkpoint.")
    for line in lines:
        await cosignatures.keep(conn, read.size, line.name, str(line), now)
    return await cosignatures.note(conn, read.size) or note


def _check(office: Office, read: Checkpoint, line: Line) -> bool:
    """Whether the line is of an office that is known. Raises BadSignature."""
    for one in office.cosigners:
        if (one.name, checkpoint.key_id(one.key)) == (line.name, line.key_id):
            read.verify(one.key, one.name)
            return True
    return False
