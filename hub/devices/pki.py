"""The hub's own certificate authority: pure keys and certificates, no files, no clock.

One root signs nodes (`{site}/{node}`, clientAuth) and the servers they meet (broker and HTTPS,
serverAuth). Path length 0: nothing it signs can sign. Of a node's request only the key is taken,
and the proof that the sender holds it; names and extensions in it are ignored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge.wire.topics import NodeName

CSR_MAX_BYTES: Final = 4096  # one of a P-256 key without names has 350
CERTIFICATE_MAX_BYTES: Final = 4096
AUTHORITY_FOR: Final = timedelta(days=20 * 365)
SERVER_FOR: Final = timedelta(days=397)
READER_FOR: Final = timedelta(days=730)  # nobody renews it by itself
EARLY: Final = timedelta(minutes=10)  # a broker's clock may be this far behind the hub's
NAME_MAX_CHARS: Final = 64  # X.520 ub-common-name
URN: Final = "urn:cheongsa:node:"
_SHA2: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


class MalformedRequest(ValueError):
    """A certificate request that is not taken. The message says why."""


class WeakKey(MalformedRequest):
    """The key is none on P-256, the one curve that is taken."""


class MalformedCertificate(ValueError):
    """This is no certificate in PEM."""


class BadProof(Exception):
    """Not signed by the key of the certificate that is to be renewed."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The root's certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """What everybody may know, and nodes trust."""
        return pem_of(self.certificate)


def new_authority(name: str, now: datetime) -> Authority:
    """A new root with a key of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    whole = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = _usage(digital_signature=False, key_cert_sign=True, crl_sign=True)
    certificate = (
        _begun(whole, key.public_key(), now, now + AUTHORITY_FOR)
        .issuer_name(whole)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def issue(
    authority: Authority,
    name: NodeName,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.Certificate:
    """A node's certificate: its CN is the MQTT user name."""
    also = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"{URN}{name}")])
    return _signed(authority, str(name), key, now, timedelta(days=days), also, _CLIENT)


def issue_server(
    authority: Authority, names: Sequence[str], key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.Certificate:
    """A certificate for a broker or an HTTPS door that is reached by these names or addresses."""
    also = x509.SubjectAlternativeName([_general(name) for name in names])
    return _signed(authority, names[0], key, now, SERVER_FOR, also, _SERVER)


def issue_reader(
    authority: Authority, name: str, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.Certificate:
    """A certificate for somebody who is no node and only hears: its CN is the MQTT user name."""
    also = x509.SubjectAlternativeName([x509.DNSName(name)])
    return _signed(authority, name, key, now, READER_FOR, also, _CLIENT)


def is_server(certificate: x509.Certificate, authority: Authority, names: Sequence[str]) -> bool:
    """Whether `issue_server` made it, of this authority and for just these names."""
    try:
        certificate.verify_directly_issued_by(authority.certificate)
        told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return list(told.value) == [_general(name) for name in names]


def revocation_list(
    authority: Authority, revoked: Iterable[tuple[str, datetime]], number: int, now: datetime
) -> str:
    """A CRL in PEM of (serial in hex, since when).

    It ends with the root: a broker lets nobody in by a list that has ended, and the list is
    pushed to it, so its age says nothing.
    """
    until = authority.certificate.not_valid_after_utc
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - EARLY)
        .next_update(until)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_key_id(authority), critical=False)
    )
    for serial, since in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
        builder = builder.add_revoked_certificate(entry.revocation_date(since).build())
    signed = builder.sign(authority.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def lists_the_same(one_pem: str, other_pem: str) -> bool:
    """Whether two revocation lists name the same; one that cannot be read names nothing."""
    return _listed(one_pem) == _listed(other_pem) is not None


def _listed(pem: str) -> tuple[object, frozenset[int]] | None:
    try:
        found = x509.load_pem_x509_crl(pem.encode())
        signer = found.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except (ValueError, x509.ExtensionNotFound):
        return None
    return signer.value.key_identifier, frozenset(entry.serial_number for entry in found)


def read_request(pem: str) -> ec.EllipticCurvePublicKey:
    """The key of a certificate request whose sender holds it. Raises MalformedRequest."""
    if len(pem) > CSR_MAX_BYTES:
        raise MalformedRequest(f"It is longer than {CSR_MAX_BYTES} bytes.")
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        key, hashing = request.public_key(), request.signature_hash_algorithm
        is_proven = request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise MalformedRequest("It is no PKCS #10 request in PEM.") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise WeakKey("Its key is not on the curve P-256.")
    if not is_proven or not isinstance(hashing, _SHA2):
        raise MalformedRequest("It is not signed by its own key with SHA-256 or stronger.")
    return key


def read_certificate(pem: str) -> x509.Certificate:
    """One certificate. Raises MalformedCertificate."""
    if len(pem) > CERTIFICATE_MAX_BYTES:
        raise MalformedCertificate(f"It is longer than {CERTIFICATE_MAX_BYTES} bytes.")
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise MalformedCertificate("It is no X.509 certificate in PEM.") from error
    return certificate


def check_proof(certificate: x509.Certificate, proof: bytes, signed: bytes) -> None:
    """Raise BadProof unless `proof` is the ES256 signature (DER) of the certificate's key."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise BadProof
    try:
        key.verify(proof, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise BadProof from error


def pem_of(certificate: x509.Certificate) -> str:
    """As text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def serial_of(certificate: x509.Certificate) -> str:
    """Its serial number in hex, as in the tables."""
    return f"{certificate.serial_number:x}"


def key_sha256(key: ec.EllipticCurvePublicKey) -> bytes:
    """What tells one key from another."""
    return sha256(
        key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).digest()


def fingerprint(pem: str) -> str:
    """SHA-256 of a certificate, in the form that people compare: `AB:CD:...`."""
    return read_certificate(pem).fingerprint(hashes.SHA256()).hex(":").upper()


_CLIENT: Final = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
_SERVER: Final = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def _signed(
    authority: Authority,
    name: str,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    lasts: timedelta,
    also: x509.SubjectAlternativeName,
    use: x509.ExtendedKeyUsage,
) -> x509.Certificate:
    whole = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:NAME_MAX_CHARS])])
    until = min(now + lasts, authority.certificate.not_valid_after_utc)
    return (
        _begun(whole, key, now - EARLY, until)
        .issuer_name(authority.certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(use, critical=False)
        .add_extension(also, critical=False)
        .add_extension(_key_id(authority), critical=False)
        .sign(authority.key, hashes.SHA256())
    )


def _begun(
    name: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_id(authority: Authority) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(
    *, digital_signature: bool, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
