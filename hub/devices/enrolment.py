"""Inviting, admitting, renewing and revoking a node: what each does within one transaction.

The caller commits. Who may ask, and what the audit trail says of it, is for the routes. An
`Invitation` is what a card must hold; it is known only in the moment it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.topics import NodeName
from hub.devices import enrol_code, pki, pki_files
from hub.devices.pki import Authority
from hub.devices.store import enrol as store
from hub.devices.store.enrol import Certificate, Conn
from hub.kit.settings import Settings

GRACE: Final = timedelta(days=90)  # an expired, unrevoked certificate may still be renewed
PROOF_WITHIN: Final = timedelta(minutes=5)  # how old the hub's time in a renewal may be
PROOF: Final = b"cheongsa renewal v1\0"
RENEWALS_A_DAY: Final = 12  # of one certificate: answers get lost, but not for ever


class NodeThere(Exception):
    """A node of this name is there already."""

    def __init__(self, name: NodeName) -> None:
        super().__init__(str(name))
        self.node = str(name)


class NameTooLong(ValueError):
    """Site and node together are longer than a certificate can say."""


class UnknownOffice(LookupError):
    """No such office."""

    def __init__(self, site: str) -> None:
        super().__init__(site)
        self.site = site


class UnknownNode(LookupError):
    """No such node, or it was taken down."""

    def __init__(self, name: NodeName) -> None:
        super().__init__(str(name))
        self.node = str(name)


class NotReadyToEnrol(Exception):
    """The hub lacks what it would tell a node. `missing` names the variables to set."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


class WrongCode(Exception):
    """Unknown, used, ended or too old: which of these is not said."""


class TooManyCodes(Exception):
    """Too many wrong codes from this address."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s, self.wait_min = wait_s, -(-wait_s // 60)

    @property
    def headers(self) -> dict[str, str]:
        """For the answer."""
        return {"Retry-After": str(self.wait_s)}


class NotRenewable(Exception):
    """Revoked, unknown, ended too long ago, or not proven: the node needs a new code."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """What the hub needs to enrol nodes, read once a request."""

    ours: Authority
    hub_url: str
    hub_ca_pem: str
    """Signs the certificate of the HTTPS door: our root, or the office's own CA."""
    broker_url: str
    broker_ca_pem: str
    days: int
    """A node's certificate lasts so long."""

    @classmethod
    def of(cls, settings: Settings) -> "Authorities":
        """Read the files. Raises NotReadyToEnrol."""
        told = {
            "HUB_CA_DIR": settings.ca_dir,
            "HUB_PUBLIC_URL": settings.public_url,
            "HUB_NODE_BROKER_URL": settings.node_broker_url,
        }
        if missing := [name for name, value in told.items() if value is None]:
            raise NotReadyToEnrol(", ".join(missing))
        try:
            ours = pki_files.load(settings.ca_dir)
            hub_ca = _text_of(settings.public_ca_file, ours.pem)
            broker_ca = _text_of(settings.broker_ca_file, ours.pem)
        except (pki_files.NoAuthority, OSError) as error:
            raise NotReadyToEnrol("HUB_CA_DIR") from error
        url = str(settings.public_url).rstrip("/")
        broker = str(settings.node_broker_url)
        return cls(ours, url, hub_ca, broker, broker_ca, settings.certificate_days)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a card must hold for its node to enrol. The code is nowhere else."""

    site: str
    node: str
    code: str
    expires_at: datetime
    made_at: datetime
    """No clock of the node is believed that says an earlier time."""
    hub_url: str
    ca_pem: str
    """The one CA that the node believes about the hub's HTTPS door."""
    ca_sha256: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What a node is given."""

    name: NodeName
    certificate_pem: str
    until: datetime
    is_new: bool
    """Not the answer that was lost on its way, said again."""


async def add_node(conn: Conn, name: NodeName, shown: str, shown_en: str) -> None:
    """Register a node. Raises NameTooLong, UnknownOffice, NodeThere."""
    if len(str(name)) > pki.NAME_MAX_CHARS:
        raise NameTooLong(str(name))
    if not await store.has_site(conn, name.site):
        raise UnknownOffice(name.site)
    if not await store.add_node(conn, name, shown, shown_en):
        raise NodeThere(name)


async def invite(
    conn: Conn, settings: Settings, name: NodeName, by: str, now: datetime
) -> Invitation:
    """A new one-time code for a node; earlier codes of it end, its certificates do not.

    Raises:
        UnknownNode: it is not registered.
        NotReadyToEnrol: the hub could not tell the node where to go.
    """
    told = Authorities.of(settings)
    if not await store.lock_node(conn, name):
        raise UnknownNode(name)
    code, expires_at = enrol_code.new(), now + enrol_code.LASTS
    await store.add_code(conn, enrol_code.digest(code), name, by, now, expires_at)
    return Invitation(
        site=name.site,
        node=name.node,
        code=code,
        expires_at=expires_at,
        made_at=now,
        hub_url=told.hub_url,
        ca_pem=told.hub_ca_pem,
        ca_sha256=pki.fingerprint(told.hub_ca_pem),
    )


async def check_address(conn: Conn, address: str, now: datetime) -> None:
    """Raise TooManyCodes where this address has guessed too often."""
    times, oldest_at = await store.failures(conn, address, now)
    if times >= enrol_code.FAILURES_MAX and oldest_at is not None:
        until = oldest_at + enrol_code.FAILURES_WITHIN
        raise TooManyCodes(max(1, int((until - now).total_seconds())))


async def admit(
    conn: Conn, told: Authorities, code: str, key: ec.EllipticCurvePublicKey, now: datetime
) -> Admission:
    """A certificate for the key that brings the code. Earlier certificates of the node end.

    Raises WrongCode.
    """
    try:
        sha256 = enrol_code.digest(code)
    except enrol_code.MalformedCode as error:
        raise WrongCode from error
    name = await store.node_of_code(conn, sha256)
    if name is None or not await store.lock_node(conn, name):
        raise WrongCode
    claimed = await store.claim(conn, sha256, pki.key_sha256(key), now)
    if claimed is None:
        raise WrongCode
    if not claimed.is_first:
        return await _again(conn, name, key)
    await store.revoke(conn, name, "a new enrolment", now)
    given = await _issue(conn, told, name, key, now, renews=None)
    await store.set_revoked(conn, name, None)
    return Admission(name, given.pem, given.until, is_new=True)


async def renew(
    conn: Conn,
    told: Authorities,
    old_pem: str,
    key: ec.EllipticCurvePublicKey,
    proof: bytes,
    proven_at: datetime,
    now: datetime,
) -> Admission:
    """A certificate for a new key, by the key before it; the old one stays until it ends.

    `proof` signs `renewal_bytes`. Raises NotRenewable.
    """
    try:
        old = pki.read_certificate(old_pem)
        pki.check_proof(old, proof, renewal_bytes(proven_at, key))
    except (pki.MalformedCertificate, pki.BadProof) as error:
        raise NotRenewable from error
    known = await store.find_certificate(conn, pki.serial_of(old))
    if known is None or pki.read_certificate(known.pem) != old:
        raise NotRenewable
    name = NodeName(known.site, known.node)
    if not await store.lock_node(conn, name):
        raise NotRenewable
    known = await store.find_certificate(conn, known.serial)  # as it is now that we hold the node
    if known is None or not _may_renew(known, proven_at, now):
        raise NotRenewable
    if again := await store.newest_of_key(conn, name, pki.key_sha256(key)):
        return Admission(name, again.pem, again.until, is_new=False)
    if await store.renewals(conn, known.serial, now - timedelta(days=1)) >= RENEWALS_A_DAY:
        raise NotRenewable
    given = await _issue(conn, told, name, key, now, renews=known.serial)
    return Admission(name, given.pem, given.until, is_new=True)


async def revoke(conn: Conn, name: NodeName, by: str, now: datetime) -> int:
    """Take nothing from this node any more; return how many certificates ended.

    Raises UnknownNode.
    """
    if not await store.lock_node(conn, name):
        raise UnknownNode(name)
    await store.end_codes(conn, name, now)
    ended = await store.revoke(conn, name, by, now)
    await store.set_revoked(conn, name, now)
    return ended


def renewal_bytes(at: datetime, key: ec.EllipticCurvePublicKey) -> bytes:
    """What the old key signs: the hub's time as the node heard it, and the new key."""
    said = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return PROOF + said + b"\0" + pki.key_sha256(key)


def revocation_list(
    authority: Authority, revoked: Sequence[tuple[str, datetime]], now: datetime
) -> str:
    """The list for brokers; its number grows with each revocation."""
    number = int(max((at.timestamp() for _, at in revoked), default=0.0) * 1e6)
    return pki.revocation_list(authority, revoked, number, now)


def _may_renew(known: Certificate, proven_at: datetime, now: datetime) -> bool:
    is_fresh = abs(now - proven_at) <= PROOF_WITHIN
    return known.revoked_at is None and is_fresh and now <= known.until + GRACE


async def _again(conn: Conn, name: NodeName, key: ec.EllipticCurvePublicKey) -> Admission:
    """The answer was lost on its way: say it once more. Raises WrongCode."""
    given = await store.newest_of_key(conn, name, pki.key_sha256(key))
    if given is None:
        raise WrongCode
    return Admission(name, given.pem, given.until, is_new=False)


async def _issue(
    conn: Conn,
    told: Authorities,
    name: NodeName,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    *,
    renews: str | None,
) -> Certificate:
    made = pki.issue(told.ours, name, key, now, told.days)
    given = Certificate(
        serial=pki.serial_of(made),
        site=name.site,
        node=name.node,
        key_sha256=pki.key_sha256(key),
        pem=pki.pem_of(made),
        issued_at=now,
        until=made.not_valid_after_utc,
        renews=renews,
        revoked_at=None,
    )
    await store.add_certificate(conn, given)
    return given


def _text_of(file: Path | None, otherwise: str) -> str:
    return otherwise if file is None else file.read_text()
