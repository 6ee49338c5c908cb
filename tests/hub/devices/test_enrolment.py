"""Who gets a certificate, and for how long, on a real database; time is a parameter."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.topics import NodeName
from hub.devices import enrolment, pki, pki_files
from hub.devices.enrolment import Admission, Authorities, NotRenewable, WrongCode
from hub.devices.store import enrol as store
from hub.kit.settings import Settings

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CAM_1 = NodeName("demo", "cam-1")


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class Hub:
    """The acts, with everything that does not matter filled in."""

    def __init__(self, conn: Any, settings: Settings) -> None:
        self.conn, self.settings = conn, settings
        self.told = Authorities.of(settings)

    async def code(self, now: datetime = NOW) -> str:
        return (await enrolment.invite(self.conn, self.settings, CAM_1, "lee", now)).code

    async def admit(
        self, key: ec.EllipticCurvePrivateKey, code: str, now: datetime = NOW
    ) -> Admission:
        return await enrolment.admit(self.conn, self.told, code, key.public_key(), now)

    async def renew(
        self,
        old: str,
        by: ec.EllipticCurvePrivateKey,
        now: datetime,
        *,
        at: datetime | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
        signed_for: ec.EllipticCurvePrivateKey | None = None,
    ) -> Admission:
        """Ask with `old`, signed by the key `by`, for `key`; the signature may be for another."""
        key = key or new_key()
        what = enrolment.renewal_bytes(at or now, (signed_for or key).public_key())
        proof = by.sign(what, ec.ECDSA(hashes.SHA256()))
        return await enrolment.renew(
            self.conn, self.told, old, key.public_key(), proof, at or now, now
        )


@pytest.fixture
async def hub(conn: Any, tmp_path: Path) -> Hub:
    await conn.execute("INSERT INTO site VALUES ('demo', '시범', 'Demo')")
    await conn.execute("INSERT INTO node VALUES ('demo', 'cam-1', 'n', 'n')")
    pki_files.make(tmp_path / "ca", "Test CA", NOW - DAY)
    return Hub(
        conn,
        Settings.from_env(
            {
                "HUB_DATABASE_DSN": "postgresql://",
                "HUB_CA_DIR": str(tmp_path / "ca"),
                "HUB_PUBLIC_URL": "https://hub.test",
                "HUB_NODE_BROKER_URL": "mqtts://hub.test",
            }
        ),
    )


async def test_a_renewal_is_for_a_new_key_by_the_proof_of_the_old_one(hub: Hub):
    key, fresh = new_key(), new_key()
    given = await hub.admit(key, await hub.code())
    again = await hub.renew(given.certificate_pem, key, NOW + 60 * DAY, key=fresh)
    assert again.until == NOW + 150 * DAY
    made = pki.read_certificate(again.certificate_pem)
    assert made.subject.rfc4514_string() == "CN=demo/cam-1"
    lost = await hub.renew(given.certificate_pem, key, NOW + 60 * DAY, key=fresh)
    assert (lost.certificate_pem, lost.is_new) == (again.certificate_pem, False)


@pytest.mark.parametrize(("days", "is_renewed"), [(89, True), (179, True), (181, False)])
async def test_what_has_expired_may_renew_for_ninety_days(hub: Hub, days: int, is_renewed: bool):
    key = new_key()
    given = await hub.admit(key, await hub.code())
    if is_renewed:
        assert (await hub.renew(given.certificate_pem, key, NOW + days * DAY)).is_new
        return
    with pytest.raises(NotRenewable):
        await hub.renew(given.certificate_pem, key, NOW + days * DAY)


async def test_what_is_revoked_or_replaced_renews_no_more(hub: Hub):
    key, next_key = new_key(), new_key()
    old = await hub.admit(key, await hub.code())
    new = await hub.admit(next_key, await hub.code())
    with pytest.raises(NotRenewable):
        await hub.renew(old.certificate_pem, key, NOW)
    await enrolment.revoke(hub.conn, CAM_1, "lee", NOW)
    with pytest.raises(NotRenewable):
        await hub.renew(new.certificate_pem, next_key, NOW)


async def test_a_proof_by_another_key_for_another_key_or_of_another_hour_is_none(hub: Hub):
    key = new_key()
    given = await hub.admit(key, await hub.code())
    for how in (
        {"by": new_key()},
        {"by": key, "signed_for": new_key()},
        {"by": key, "at": NOW - timedelta(hours=1)},
        {"by": key, "at": NOW + timedelta(hours=1)},
    ):
        with pytest.raises(NotRenewable):
            await hub.renew(given.certificate_pem, now=NOW, **how)  # type: ignore[arg-type]


async def test_a_certificate_the_hub_never_gave_renews_nothing(hub: Hub):
    key = new_key()
    made = pki.issue(hub.told.ours, CAM_1, key.public_key(), NOW, 90)
    with pytest.raises(NotRenewable):
        await hub.renew(pki.pem_of(made), key, NOW)


async def test_one_certificate_is_renewed_some_times_a_day_and_not_for_ever(hub: Hub):
    key = new_key()
    given = await hub.admit(key, await hub.code())
    for _ in range(enrolment.RENEWALS_A_DAY):
        await hub.renew(given.certificate_pem, key, NOW)
    with pytest.raises(NotRenewable):
        await hub.renew(given.certificate_pem, key, NOW)
    assert (await hub.renew(given.certificate_pem, key, NOW + 2 * DAY)).is_new


@pytest.mark.parametrize(("hours", "opens"), [(23, True), (25, False)])
async def test_a_code_opens_for_a_day(hub: Hub, hours: int, opens: bool):
    code = await hub.code()
    later = NOW + timedelta(hours=hours)
    if opens:
        assert (await hub.admit(new_key(), code, later)).is_new
        return
    with pytest.raises(WrongCode):
        await hub.admit(new_key(), code, later)


async def test_the_answer_to_a_lost_answer_ends_with_the_certificate(hub: Hub):
    key, code = new_key(), await hub.code()
    await hub.admit(key, code)
    assert not (await hub.admit(key, code)).is_new
    await enrolment.revoke(hub.conn, CAM_1, "lee", NOW)
    with pytest.raises(WrongCode):
        await hub.admit(key, code)


async def test_a_code_of_a_node_that_was_taken_down_opens_nothing(hub: Hub):
    code = await hub.code()
    await hub.conn.execute("UPDATE node SET retired_at = now()")
    with pytest.raises(WrongCode):
        await hub.admit(new_key(), code)
    with pytest.raises(enrolment.UnknownNode):
        await hub.code()


async def test_a_new_enrolment_ends_the_certificates_before_it_and_lifts_the_refusal(hub: Hub):
    first = await hub.admit(new_key(), await hub.code())
    await enrolment.revoke(hub.conn, CAM_1, "lee", NOW)
    await hub.admit(new_key(), await hub.code())
    (seen,) = await store.enrolled(hub.conn, NOW)
    assert seen.revoked_at is None
    assert [bool(one["revoked_at"]) for one in seen.certificates].count(True) == 1
    ((serial, _),) = await store.revoked_serials(hub.conn, NOW)
    assert serial == pki.serial_of(pki.read_certificate(first.certificate_pem))


async def test_a_code_is_nowhere_in_the_database(hub: Hub):
    code = await hub.code()
    rows = await (await hub.conn.execute("SELECT c::text FROM enrol_code c")).fetchall()
    assert code not in str(rows)
    assert code.replace("-", "") not in str(rows)


async def test_a_name_that_no_certificate_can_say_is_not_added(hub: Hub):
    with pytest.raises(enrolment.NameTooLong):
        await enrolment.add_node(hub.conn, NodeName("s" * 32, "n" * 32), "n", "n")


async def test_without_a_ca_it_is_said_what_is_missing(hub: Hub):
    bare = Settings.from_env({"HUB_DATABASE_DSN": "postgresql://"})
    with pytest.raises(enrolment.NotReadyToEnrol, match="HUB_CA_DIR, HUB_PUBLIC_URL"):
        await enrolment.invite(hub.conn, bare, CAM_1, "lee", NOW)
