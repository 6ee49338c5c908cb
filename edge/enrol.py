"""How a node becomes one of the hub's: a key of its own, a certificate for it, a new one in time.

The key is made here and never leaves. With the card's one-time code the hub signs it; when two
thirds of the certificate's time are over, a new key is signed by the proof of the old one. All
times are the hub's: the node's own clock may say anything. Files lie in `EDGE_DATA_DIR/identity`,
each written whole or not at all; a request that lost its answer is sent again with the same key.
"""

import base64
import hashlib
import http.client
import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ValidationError

from edge import trust
from edge.clock import kernel_is_synced
from edge.settings import Broker, Settings, SettingsError, broker_of
from edge.trust import EndedCertificateError, Tls

log = logging.getLogger(__name__)

PROOF: Final = b"cheongsa renewal v1\0"
ANSWER_S: Final = 20.0
ANSWER_MAX_BYTES: Final = 64 * 1024
LOOK_EVERY_S: Final = 6 * 3600.0
RETRY_S: Final = (5.0, 15.0, 60.0, 300.0, 600.0)
RENEW_AFTER: Final = 2 / 3  # of the certificate's time


class NotEnrolledError(Exception):
    """The node has no certificate yet; its counts wait in the outbox."""


class HubUnreachableError(Exception):
    """The hub does not answer, or not as itself. The message says how; it is tried again."""


class HubRefusesError(Exception):
    """The hub says no: somebody must make a new code. The message is the hub's."""


class Enrolled(BaseModel):
    """What is kept beside the key and the certificate."""

    site: str
    node: str
    broker_url: str
    issued_at: AwareDatetime
    until: AwareDatetime
    known_at: AwareDatetime
    """It is later than this: the hub said so."""
    code_sha256: str
    """Of the code that was used: another on the card asks for another enrolment."""


class Admitted(BaseModel):
    """The hub's answer."""

    site: str
    node: str
    certificate_pem: str
    until: AwareDatetime
    broker_url: str
    broker_ca_pem: str
    now: AwareDatetime


@dataclass(frozen=True, slots=True)
class Files:
    """The node's identity on its card."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> "Files":
        """In the node's data folder."""
        return cls(settings.data_dir / "identity")

    @property
    def identity(self) -> Path:
        """Key and certificate in one, so that they change together."""
        return self.folder / "node.pem"

    @property
    def waiting_key(self) -> Path:
        """A key whose certificate has not come yet."""
        return self.folder / "waiting.key"

    @property
    def broker_ca(self) -> Path:
        """Who signs the broker's certificate."""
        return self.folder / "broker-ca.pem"

    @property
    def about(self) -> Path:
        """`Enrolled`, written last."""
        return self.folder / "enrolled.json"

    def enrolled(self) -> Enrolled | None:
        """What is known of the enrolment; None: there was none, or it cannot be read."""
        try:
            return Enrolled.model_validate_json(self.about.read_bytes())
        except (OSError, ValidationError):
            return None

    def write(self, path: Path, text: str) -> None:
        """Whole or not at all, through a power cut too; for the node's user alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def way_to_broker(settings: Settings) -> tuple[Broker, Tls]:
    """Where the broker is and how it is known: as enrolled, or as set. Raises NotEnrolledError."""
    if settings.hub_url is None:
        files = (settings.broker_ca_file, settings.broker_cert_file, settings.broker_key_file)
        return settings.broker, Tls(*files)
    kept = Files.of(settings)
    about = kept.enrolled()
    if about is None:
        raise NotEnrolledError("not enrolled yet: the hub has given no certificate")
    tls = Tls(kept.broker_ca, kept.identity, None, least_time(settings, about))
    return broker_of(about.broker_url), tls


def least_time(settings: Settings, about: Enrolled | None) -> datetime:
    """The earliest time that it can be now."""
    heard = about.known_at if about else None
    return trust.least_of(settings.card_made, heard, system_is_synced=kernel_is_synced())


class Enrolment:
    """Keeps the node enrolled: one look after another, each safe to repeat."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._files = settings, Files.of(settings)
        self._failures = 0

    def run(self, stop: threading.Event) -> None:
        """Look, wait, look again, until `stop`. Nothing that goes wrong here stops the counting."""
        wait_s = 0.0
        while not stop.wait(wait_s):
            wait_s = self._look_in_the_end()

    def _look_in_the_end(self) -> float:
        try:
            self.look()
        except (HubUnreachableError, HubRefusesError, OSError) as error:
            wait_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
            self._failures += 1
            log.warning("not enrolled", extra={"why": str(error), "retry_in_s": wait_s})
            return wait_s
        self._failures = 0
        return LOOK_EVERY_S

    def look(self) -> str:
        """Enrol or renew where it is due; say what was done.

        Raises:
            HubUnreachableError: the hub does not answer, or is not who it should be.
            HubRefusesError: it says no.
        """
        about = self._files.enrolled()
        with closing(_Hub(self._settings, least_time(self._settings, about))) as hub:
            now = hub.time()
            if about is None or self._has_new_code(about):
                return self._enrol(hub)
            if now >= about.issued_at + (about.until - about.issued_at) * RENEW_AFTER:
                return self._renew(hub, about, now)
            self._keep(about.model_copy(update={"known_at": max(now, about.known_at)}))
            return f"enrolled until {about.until:%Y-%m-%d}"

    def _has_new_code(self, about: Enrolled) -> bool:
        code = self._settings.enrol_code
        return code is not None and _sha256(code) != about.code_sha256

    def _enrol(self, hub: "_Hub") -> str:
        code = self._settings.enrol_code
        if code is None:
            raise HubRefusesError("EDGE_ENROL_CODE: make a code on the hub and put it there.")
        key = self._waiting_key()
        given = hub.ask("/api/v1/enrolment", {"code": code, "csr_pem": _csr(key)})
        self._take(given, key, _sha256(code))
        return f"enrolled as {given.site}/{given.node} until {given.until:%Y-%m-%d}"

    def _renew(self, hub: "_Hub", about: Enrolled, now: datetime) -> str:
        old, key = self._files.identity.read_text(), self._waiting_key()
        certificate = old[old.index("-----BEGIN CERTIFICATE-----") :]
        told = {"certificate_pem": certificate, "csr_pem": _csr(key), **_proof(old, key, now)}
        given = hub.ask("/api/v1/enrolment/renewal", told)
        self._take(given, key, about.code_sha256)
        return f"renewed until {given.until:%Y-%m-%d}"

    def _waiting_key(self) -> str:
        """The key of a request without an answer, else a new one; on the card before it is used.

        A code is good for one key: until an enrolment is whole it is asked for with that key.
        """
        waiting = self._files.waiting_key
        if waiting.exists():
            key = waiting.read_text()
            if _is_key(key) and not self._has_certificate(key):
                return key
        key = _new_key()
        self._files.write(waiting, key)
        return key

    def _has_certificate(self, key: str) -> bool:
        whole = self._files.enrolled() is not None
        return whole and self._files.identity.read_text().startswith(key)

    def _take(self, given: Admitted, key: str, code_sha256: str) -> None:
        if (given.site, given.node) != (self._settings.site, self._settings.node):
            raise HubRefusesError(
                f"The code is of {given.site}/{given.node}, and this card is of "
                f"{self._settings.name}. Make a card for this node."
            )
        try:
            broker_of(given.broker_url)
        except SettingsError as error:
            raise HubRefusesError(f"The hub names no broker: {given.broker_url!r}.") from error
        self._files.write(self._files.broker_ca, given.broker_ca_pem)
        self._files.write(self._files.identity, key + given.certificate_pem)
        self._keep(
            Enrolled(
                site=given.site,
                node=given.node,
                broker_url=given.broker_url,
                issued_at=given.now,
                until=given.until,
                known_at=given.now,
                code_sha256=code_sha256,
            )
        )
        self._files.waiting_key.unlink(missing_ok=True)
        log.info("enrolled", extra={"until": given.until.isoformat()})

    def _keep(self, about: Enrolled) -> None:
        self._files.write(self._files.about, about.model_dump_json())


class _Hub:
    """One HTTPS connection to the hub, known by its CA; opened with the first request."""

    def __init__(self, settings: Settings, least: datetime) -> None:
        url = urlsplit(settings.hub_url or "")
        self._origin = f"https://{url.netloc}"
        self._least = least
        try:
            tls = trust.context(Tls(settings.hub_ca_file, None, None, least))
        except OSError as error:
            raise HubUnreachableError(f"EDGE_HUB_CA_FILE: {error}") from error
        self._http = http.client.HTTPSConnection(
            url.hostname or "", url.port, timeout=ANSWER_S, context=tls
        )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def time(self) -> datetime:
        """The hub's time. Its certificate must not have ended by then: the code comes next.

        Raises HubUnreachableError.
        """
        answer = self._request("GET", "/api/v1/time", None)
        try:
            now = _Time.model_validate(answer).now
            trust.check_end(self._http.sock, max(self._least, now))
        except (ValidationError, EndedCertificateError) as error:
            raise HubUnreachableError(str(error)) from error
        return now.astimezone(UTC)

    def ask(self, path: str, told: Mapping[str, Any]) -> Admitted:
        """Ask for a certificate. Raises HubRefusesError, HubUnreachableError."""
        try:
            return Admitted.model_validate(self._request("POST", path, told))
        except ValidationError as error:
            raise HubUnreachableError(f"An answer that is none: {error.error_count()}") from error

    def _request(self, method: str, path: str, told: Mapping[str, Any] | None) -> Any:
        body = None if told is None else json.dumps(told)
        headers = {"Origin": self._origin, "Content-Type": "application/json"}
        headers["Accept-Language"] = "en"
        try:
            if self._http.sock is None:
                self._http.connect()
                trust.check_end(self._http.sock, self._least)
            self._http.request(method, path, body, headers)
            answer = self._http.getresponse()
            said = json.loads(answer.read(ANSWER_MAX_BYTES))
        except (OSError, http.client.HTTPException, ValueError, EndedCertificateError) as error:
            raise HubUnreachableError(f"{type(error).__name__}: {error}") from error
        if answer.status in (403, 404, 409, 422, 429):
            detail = said.get("detail") if isinstance(said, dict) else None
            raise HubRefusesError(f"{answer.status}: {detail}")
        if answer.status != 200:
            raise HubUnreachableError(f"The hub answers {answer.status}.")
        return said


class _Time(BaseModel):
    now: AwareDatetime


def _sha256(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _new_key() -> str:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    return pem.decode()


def _load(key_pem: str) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(key_pem.encode(), None)


def _is_key(text: str) -> bool:
    try:
        _load(text)
    except ValueError:
        return False
    return True


def _csr(key_pem: str) -> str:
    """A request for this key. It names nobody: who it is for, the code says."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(_load(key_pem), hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _proof(old_pem: str, key_pem: str, now: datetime) -> dict[str, str]:
    """The old key signs the hub's time and the new key: see the hub's `RenewalGiven`."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ec

    at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    new = _load(key_pem).public_key()
    spki = new.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    signed = PROOF + at.encode() + b"\0" + hashlib.sha256(spki).digest()
    old = _load(old_pem[: old_pem.index("-----BEGIN CERTIFICATE-----")])
    proof = old.sign(signed, ec.ECDSA(hashes.SHA256()))
    return {"at": at, "proof": base64.b64encode(proof).decode()}


def begin(settings: Settings, stop: threading.Event) -> None:
    """Keep the node enrolled in the background, where it has a hub to be enrolled at."""
    if settings.hub_url is not None:
        run = Enrolment(settings).run
        threading.Thread(target=run, args=(stop,), name="enrolment", daemon=True).start()


def main(argv: list[str]) -> int:
    """`python -m edge enrol`: one look, in words. 0: enrolled. 1: not now. 2: settings."""
    try:
        settings = Settings.from_env(os.environ)
        if argv or settings.hub_url is None:
            print("`enrol` takes no arguments: EDGE_HUB_URL names the hub.", file=sys.stderr)  # noqa: T201
            return 2
        print(Enrolment(settings).look())  # noqa: T201
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except (HubUnreachableError, HubRefusesError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0
