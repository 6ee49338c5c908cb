"""The office's side of the keys: a folder with the hub's private keys and the wrap keys.

It lies outside the database (`HUB_TRIP_DIR`): whoever reads a dump can neither sign for the hub
nor read X. `trip.json` says whose it is and which key holds from when to when; a key that is
rotated out stays in the set for as long as it verifies. The wrap keys lie apart
(`HUB_TRIP_WRAP_DIR`): signing keys are backed up, wrap keys never.
"""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.kit import clock
from hub.kit.settings import Settings
from hub.tripproof.checkpoint import named
from hub.tripproof.errors import MalformedProof
from hub.tripproof.fields import text
from hub.tripproof.keys import NamedKey, PublicKey, Use
from hub.tripproof.provider import Opener, Signer, SoftwareKey
from hub.tripproof.refusals import TripNotReady
from hub.tripproof.token import Token
from hub.tripproof.wrap import WrapKeys

CARD: Final = "trip.json"
KNOWN_FOR: Final = timedelta(days=366 * 11)  # receipts are read for as long as records are kept
WRAPS: Final = "wrap"


class KeysThere(Exception):
    """This folder has keys already; `rotate` adds a new one beside them."""


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A second office that signs checkpoints: the name of its line, and its key."""

    name: str
    key: PublicKey
    since: int

    @property
    def named_key(self) -> NamedKey:
        """As the key set has it."""
        until = self.since + int(KNOWN_FOR.total_seconds())
        return NamedKey(self.key, Use.COSIGNER, self.since, until)


@dataclass(frozen=True, slots=True)
class Office:
    """What the hub signs and opens with, and the names it does so under."""

    code: str
    origin: str
    signer: Signer
    opener: Opener
    keys: tuple[NamedKey, ...]
    wraps: WrapKeys
    cosigners: tuple[Cosigner, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A private key as `trip.json` lists it. Times in seconds since 1970."""

    file: str
    """Its name in the folder, or its label in the token."""
    use: Use
    since: int
    until: int


def is_begun(settings: Settings) -> bool:
    """Whether this office has made keys: a folder alone, as compose has it, is none yet."""
    return settings.trip_dir is not None and (settings.trip_dir / CARD).exists()


def of(settings: Settings, now: datetime) -> Office:
    """The office that the settings name. Raises TripNotReady."""
    return load(settings.trip_dir, now, settings.trip_wrap_dir)


def load(folder: Path | None, now: datetime, wraps: Path | None = None) -> Office:
    """The office of this folder; `wraps`: where the wrap keys lie, else inside it.

    Raises:
        TripNotReady: the setting is not set, or the folder has no keys that can be read.
    """
    if folder is None:
        raise TripNotReady("HUB_TRIP_DIR")
    try:
        return _read(folder, wraps or folder / WRAPS, int(now.timestamp()))
    except (OSError, ValueError, KeyError, TypeError, MalformedProof) as error:
        raise TripNotReady(f"`python -m hub trip keys` (HUB_TRIP_DIR: {error})") from error


def changed_at(settings: Settings) -> int:
    """When the keys of the settings changed last (ns; 0: there are none)."""
    try:
        return (settings.trip_dir / CARD).stat().st_mtime_ns if settings.trip_dir else 0
    except OSError:
        return 0


def make(folder: Path, code: str, origin: str, now: datetime, token: Token | None = None) -> Office:
    """Fresh keys in this folder, or in a token that the folder names.

    Raises:
        KeysThere: it has some.
        MalformedProof: no office has such a code, or no log such a name.
    """
    text(code, 1, 16)
    named(origin)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / CARD).exists():
        raise KeysThere(str(folder))
    kept = [_fresh(folder, use, now, token) for use in (Use.HUB_SIGNS, Use.HUB_OPENS)]
    _write(folder, code, origin, kept, (), token)
    return load(folder, now)


def rotate(folder: Path, now: datetime) -> Office:
    """A new signing key from now on; the one before still verifies."""
    before = load(folder, now)
    card = json.loads((folder / CARD).read_text())
    kept = [_kept(one) for one in card["keys"]]
    token = _token(card)
    fresh = _fresh(folder, Use.HUB_SIGNS, now, token)
    _write(folder, before.code, before.origin, [*kept, fresh], before.cosigners, token)
    return load(folder, now)


def know_cosigner(folder: Path, name: str, point: bytes, now: datetime) -> Office:
    """From now on this office's line under a checkpoint is kept and shown; its key is in the set.

    Raises:
        MalformedProof: no line has such a name, or this is no key.
    """
    before = load(folder, now)
    card = json.loads((folder / CARD).read_text())
    new = Cosigner(named(name), PublicKey.uncompressed_point(point), int(now.timestamp()))
    others = [one for one in before.cosigners if one.name != name]
    kept = [_kept(one) for one in card["keys"]]
    _write(folder, before.code, before.origin, kept, [*others, new], _token(card))
    return load(folder, now)


def quarter_at(now: datetime) -> int:
    """The quarter of Korea's calendar, as `year x 10 + 1..4`."""
    day = now.astimezone(clock.SEOUL)
    return day.year * 10 + (day.month + 2) // 3


def files(folder: Path) -> list[Path]:
    """What a copy of the keys holds: `trip.json` and the keys that it lists; never a wrap key."""
    card = json.loads((folder / CARD).read_text())
    keys = [] if _token(card) else [folder / _kept(one).file for one in card["keys"]]
    return [folder / CARD, *keys]


def _read(folder: Path, wraps: Path, now_s: int) -> Office:
    card = json.loads((folder / CARD).read_text())
    kept = [_kept(one) for one in card["keys"]]
    token = _token(card)
    found = {
        one.file: token.key(one.file) if token else _private(folder / one.file) for one in kept
    }
    named_keys = tuple(
        NamedKey(found[one.file].public, one.use, one.since, one.until) for one in kept
    )
    code, origin = text(card["office"], 1, 16), named(card["origin"])
    cosigners = tuple(map(_cosigner, card.get("cosigners", ())))
    named_keys += tuple(one.named_key for one in cosigners)
    signer = found[_newest(kept, Use.HUB_SIGNS, now_s).file]
    opener = found[_newest(kept, Use.HUB_OPENS, now_s).file]
    return Office(code, origin, signer, opener, named_keys, WrapKeys(wraps), cosigners)


def _newest(kept: list[_Kept], use: Use, now_s: int) -> _Kept:
    """The key of this use that began last. One that is due to be rotated still serves."""
    begun = [one for one in kept if one.use is use and one.since <= now_s]
    if not begun:
        raise ValueError(f"no key that {use.name.lower()} now")
    return max(begun, key=lambda one: one.since)


def _kept(told: dict[str, Any]) -> _Kept:
    return _Kept(Path(told["file"]).name, Use[told["use"]], int(told["since"]), int(told["until"]))


def _cosigner(told: dict[str, Any]) -> Cosigner:
    point = PublicKey.uncompressed_point(bytes.fromhex(told["key"]))
    return Cosigner(named(told["name"]), point, int(told["since"]))


def _token(card: dict[str, Any]) -> Token | None:
    told = card.get("token")
    return Token(told["module"], told["label"], told["pin_file"]) if told else None


def _fresh(folder: Path, use: Use, now: datetime, token: Token | None) -> _Kept:
    since, until = int(now.timestamp()), int((now + KNOWN_FOR).timestamp())
    if token is not None:
        label = f"cheongsa-{use.name.lower()}-{secrets.token_hex(4)}"
        token.make(label, opens=use is Use.HUB_OPENS)
        return _Kept(label, use, since, until)
    return _Kept(_fresh_file(folder, use), use, since, until)


def _fresh_file(folder: Path, use: Use) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    file = f"{use.name.lower()}-{SoftwareKey.of(key).public.kid.hex()}.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with open(folder / file, "xb", opener=_private_file) as held:
        held.write(pem)
    return file


def _private_file(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(
    folder: Path, code: str, origin: str, kept: list[_Kept], cosigners: Iterable[Cosigner],
    token: Token | None,
) -> None:  # fmt: skip
    keys = [
        {"file": one.file, "use": one.use.name, "since": one.since, "until": one.until}
        for one in kept
    ]
    others = [
        {"name": one.name, "key": one.key.uncompressed.hex(), "since": one.since}
        for one in cosigners
    ]
    card: dict[str, Any] = {"office": code, "origin": origin, "keys": keys, "cosigners": others}
    if token is not None:
        card["token"] = asdict(token)
    told = json.dumps(card, indent=2) + "\n"
    fresh = folder / f"{CARD}.new"
    fresh.write_text(told)
    fresh.replace(folder / CARD)  # whole or not at all


def _private(file: Path) -> SoftwareKey:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{file.name} is no P-256 key")  # noqa: TRY004  what load() catches
    return SoftwareKey.of(key)
