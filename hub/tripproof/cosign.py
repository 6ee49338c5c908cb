"""`python -m hub.tripproof.cosign`: a second office signs that this log only grew.

It needs no hub's database: Python 3.11 with `cryptography` and `cbor2`, and `hub/tripproof/`. Its
folder holds the office's key, the log's keys as they were compared once, and the checkpoint that it
signed last. It signs the next one only if that goes on from there; else it says so, signs nothing,
and its folder stays as it is: the two notes are then the evidence.
"""

import argparse
import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.tripproof import checkpoint, tree
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.errors import LogContradicts, TripProofError
from hub.tripproof.keys import KeySet, base64url
from hub.tripproof.provider import SoftwareKey
from hub.tripproof.verify.proof import goes_on, signed_by_log

KEY, LOG_KEYS, LAST, NAME = "cosigner.pem", "log-keys.cose", "last.txt", "name"
PATIENCE_S: Final = 30
ANSWER_MAX_BYTES: Final = 65_536
REFUSED, CONTRADICTED = 2, 1


class CannotCosign(Exception):
    """The message says why not, and what to do."""


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A second office's folder, read."""

    name: str
    key: SoftwareKey
    log: KeySet
    last: Checkpoint | None


def main(argv: Sequence[str]) -> int:
    """Exit status 0: signed. 1: the log contradicts what was signed before. 2: anything else."""
    parser = argparse.ArgumentParser(prog="python -m hub.tripproof.cosign", description=__doc__)
    arguments(parser)
    return run(parser.parse_args(argv))


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it is told."""
    parser.add_argument("folder", type=Path, help="the second office's own, made by --begin")
    parser.add_argument("--begin", metavar="NAME", help="make the key; its name, as gam.other.kr")
    parser.add_argument("--keys", type=Path, help="the log's key set; compare its kid by telephone")
    parser.add_argument("--hub", metavar="URL", help="fetch from there and hand in there")
    parser.add_argument("--note", type=Path, help="instead: the checkpoint as a file")
    parser.add_argument("--way", type=Path, help="and the consistency proof (5.3) as a file")
    parser.add_argument("--out", type=Path, help="where the signed checkpoint is written")


def run(told: argparse.Namespace) -> int:
    """One act; its exit status."""
    try:
        if told.begin:
            print(begun(told.folder, told.begin, told.keys))  # noqa: T201
        else:
            _sign(told)
    except LogContradicts as error:
        print(f"NOT SIGNED. The log was changed: {error}", file=sys.stderr)  # noqa: T201
        print(f"Keep this checkpoint and {told.folder / LAST}.", file=sys.stderr)  # noqa: T201
        return CONTRADICTED
    except (CannotCosign, TripProofError, OSError, ValueError) as error:
        print(f"Not signed: {error}", file=sys.stderr)  # noqa: T201
        return REFUSED
    return 0


def begun(folder: Path, name: str, log_keys: Path | None) -> str:
    """Make the folder; what the hub's administrator types.

    Raises:
        CannotCosign: it has a key, or the log's keys were not given.
        MalformedProof: no office has such a name, or these are no keys.
    """
    if log_keys is None:
        raise CannotCosign("--keys: the log's key set is needed (/.well-known/cheongsa/keys).")
    known = KeySet.decoded(log_keys.read_bytes())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / KEY).exists():
        raise CannotCosign(f"{folder} has a key already.")
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / NAME).write_text(checkpoint.named(name))
    (folder / LOG_KEYS).write_bytes(known.encoded)
    with os.fdopen(os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
    point = base64url(SoftwareKey.of(private).public.uncompressed)
    return f"python -m hub trip cosigner --name {name} --key {point}"


def read(folder: Path, keys: Path | None = None) -> Cosigner:
    """A folder that was begun; `keys`: newer ones of the log, compared by whoever gives them."""
    if not (folder / KEY).exists():
        raise CannotCosign(f"{folder} has no key: --begin NAME --keys FILE makes one.")
    private = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise CannotCosign(f"{folder / KEY} is no P-256 key.")
    log = KeySet.decoded((keys or folder / LOG_KEYS).read_bytes())
    last = folder / LAST
    before = checkpoint.read(last.read_text("utf-8")) if last.exists() else None
    return Cosigner((folder / NAME).read_text(), SoftwareKey.of(private), log, before)


def cosigned(who: Cosigner, note: str, way: bytes | None) -> Checkpoint:
    """The checkpoint with this office's line, if the log only grew since the last.

    Raises:
        MalformedProof, UnknownKey, BadSignature: it is no checkpoint of this log.
        LogContradicts: it does not go on from the last, or it is shorter.
    """
    new = checkpoint.read(note)
    signed_by_log(new, who.log)
    if who.last is not None:
        if new.origin != who.last.origin:
            raise CannotCosign(f"This is another log: {new.origin}, not {who.last.origin}.")
        if new.size < who.last.size:
            raise LogContradicts(f"{who.last.size} entries were signed, and now there are fewer.")
        goes_on(who.last, new, way)
    if any(line.name == who.name for line in new.lines):
        return new
    return new.signed(who.key, who.name)


def _sign(told: argparse.Namespace) -> None:
    who = read(told.folder, told.keys)
    note, way = _fetched(told.hub, who) if told.hub else _given(told)
    signed = cosigned(who, note, way)
    if told.keys is not None:
        (told.folder / LOG_KEYS).write_bytes(who.log.encoded)
    _keep(told.folder / LAST, signed.note)
    if told.out is not None:
        told.out.write_text(signed.note, encoding="utf-8")
    if told.hub:
        _post(told.hub, signed.note)
    print(f"{who.name} signed {signed.origin} over {signed.size} entries.")  # noqa: T201


def _given(told: argparse.Namespace) -> tuple[str, bytes | None]:
    if told.note is None:
        raise CannotCosign("Give --hub URL, or --note FILE (and --way FILE).")
    return told.note.read_text("utf-8"), told.way.read_bytes() if told.way else None


def _fetched(hub: str, who: Cosigner) -> tuple[str, bytes | None]:
    """The newest checkpoint, and the way to it. One answer has both, so that they fit."""
    if who.last is None or who.last.size == 0:
        return _asked(hub, "/api/v1/log/checkpoint").decode(), None
    try:
        answer = _asked(hub, f"/api/v1/log/consistency?from={who.last.size}")
    except urllib.error.HTTPError:  # it has no way there: perhaps because it is shorter now
        return _asked(hub, "/api/v1/log/checkpoint").decode(), None
    told: dict[str, Any] = json.loads(answer)
    proof = str(told["proof"])
    way = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
    tree.decode_consistency(way)
    return str(told["checkpoint"]), way


def _asked(hub: str, path: str, body: bytes | None = None) -> bytes:
    address = urllib.parse.urljoin(_web(hub), path)
    request = urllib.request.Request(address, data=body)  # noqa: S310  http or https: _web
    if body is not None:
        request.add_header("Content-Type", "text/plain; charset=utf-8")
        request.add_header("Origin", _web(hub).rstrip("/"))
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310  as above
        return answer.read(ANSWER_MAX_BYTES)


def _post(hub: str, note: str) -> None:
    _asked(hub, "/api/v1/log/cosignatures", note.encode())


def _web(hub: str) -> str:
    told = urllib.parse.urlsplit(hub)
    if told.scheme not in ("https", "http") or not told.netloc:
        raise CannotCosign("--hub: give the address that people open, as https://board.city.go.kr")
    return f"{told.scheme}://{told.netloc}/"


def _keep(file: Path, note: str) -> None:
    """Whole or not at all, before anybody gets it: what was signed must never be forgotten."""
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
