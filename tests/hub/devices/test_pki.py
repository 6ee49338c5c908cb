"""The CA: what it signs, and what requests it takes."""

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.topics import NodeName
from hub.devices import pki, pki_files

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CAM_1 = NodeName("demo", "cam-1")
ROOT = pki.new_authority("Test CA", NOW)
KEY = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def request(key: object = KEY, hashing: object = hashes.SHA256(), cn: str = "") -> bytes:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, cn)] if cn else []
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
    signed = builder.sign(key, hashing)  # type: ignore[arg-type]
    return signed.public_bytes(serialization.Encoding.PEM)


GOOD = request()


def test_a_nodes_certificate_is_for_one_name_one_use_and_signs_nothing():
    made = pki.issue(ROOT, CAM_1, KEY.public_key(), NOW, 90)
    assert made.subject.rfc4514_string() == "CN=demo/cam-1"
    use = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    root = ROOT.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (root.ca, root.path_length) == (True, 0)
    assert made.not_valid_after_utc == NOW + timedelta(days=90)


def test_a_chain_is_good_for_the_field_s_own_verifier():
    server = pki.issue_server(ROOT, ["hub.test"], KEY.public_key(), NOW)
    policy = PolicyBuilder().store(Store([ROOT.certificate])).time(NOW)
    assert policy.build_server_verifier(x509.DNSName("hub.test")).verify(server, [])
    node = pki.issue(ROOT, CAM_1, KEY.public_key(), NOW, 90)
    assert policy.build_client_verifier().verify(node, []).chain[0] == node


def test_no_certificate_outlives_its_root():
    late = NOW + pki.AUTHORITY_FOR - timedelta(days=1)
    made = pki.issue(ROOT, CAM_1, KEY.public_key(), late, 90)
    assert made.not_valid_after_utc == ROOT.certificate.not_valid_after_utc


def test_of_a_request_the_key_is_taken_and_nothing_else():
    taken = pki.read_request(request(cn="other/cam-9").decode())
    assert pki.key_sha256(taken) == pki.key_sha256(KEY.public_key())


@pytest.mark.parametrize(
    "weak",
    [
        request(RSA),
        request(ec.generate_private_key(ec.SECP224R1())),
        request(ec.generate_private_key(ec.SECP384R1())),
        request(ec.generate_private_key(ec.SECP256K1())),
        request(ed25519.Ed25519PrivateKey.generate(), None),
    ],
    ids=["rsa", "p-224", "p-384", "secp256k1", "ed25519"],
)
def test_a_key_on_another_curve_or_of_another_kind_is_refused(weak: bytes):
    with pytest.raises(pki.WeakKey):
        pki.read_request(weak.decode())


def test_a_request_for_somebody_else_s_key_is_refused():
    """The signature is of our key, the key inside is another's."""
    der = x509.load_pem_x509_csr(GOOD).public_bytes(serialization.Encoding.DER)
    form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    forged = der.replace(KEY.public_key().public_bytes(*form), other.public_bytes(*form))
    assert forged != der
    pem = x509.load_der_x509_csr(forged).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(pki.MalformedRequest, match="own key"):
        pki.read_request(pem.decode())


def test_a_huge_request_is_not_read():
    with pytest.raises(pki.MalformedRequest, match="longer"):
        pki.read_request(request(cn="x" * 60).decode() + "A" * 5000)


@given(st.text(max_size=5000))
def test_whatever_is_sent_is_refused_in_one_way(text: str):
    with pytest.raises(pki.MalformedRequest):
        pki.read_request(text)


@given(st.data())
def test_a_request_with_some_bytes_changed_is_taken_whole_or_refused_in_one_way(
    data: st.DataObject,
):
    der = bytearray(x509.load_pem_x509_csr(GOOD).public_bytes(serialization.Encoding.DER))
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    pem = "-----BEGIN CERTIFICATE REQUEST-----\n"
    pem += base64.encodebytes(bytes(der)).decode()
    pem += "-----END CERTIFICATE REQUEST-----\n"
    try:
        taken = pki.read_request(pem)
    except pki.MalformedRequest:
        return
    assert pki.key_sha256(taken) == pki.key_sha256(KEY.public_key())


@given(st.binary(max_size=300))
def test_a_proof_that_is_none_is_refused_in_one_way(proof: bytes):
    made = pki.issue(ROOT, CAM_1, KEY.public_key(), NOW, 90)
    with pytest.raises(pki.BadProof):
        pki.check_proof(made, proof, sha256(b"x").digest())


@given(st.text(max_size=5000))
def test_a_certificate_that_is_none_is_refused_in_one_way(text: str):
    with pytest.raises(pki.MalformedCertificate):
        pki.read_certificate(text)


def test_two_lists_are_the_same_by_what_they_name_and_who_signed():
    made = pki.revocation_list(ROOT, [("ab12", NOW)], 1, NOW)
    later = pki.revocation_list(ROOT, [("ab12", NOW)], 1, NOW + timedelta(days=1))
    assert pki.lists_the_same(made, later)
    assert not pki.lists_the_same(made, pki.revocation_list(ROOT, [], 0, NOW))
    other = pki.new_authority("Test CA", NOW)
    assert not pki.lists_the_same(made, pki.revocation_list(other, [("ab12", NOW)], 1, NOW))
    assert not pki.lists_the_same("", made)


def test_a_root_is_made_once_and_its_key_is_its_owner_s_alone(tmp_path: Path):
    folder = tmp_path / "ca"
    made = pki_files.make(folder, "Test CA", NOW)
    assert pki_files.load(folder).certificate == made.certificate
    assert (folder / "ca.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(pki_files.AuthorityThere):
        pki_files.make(folder, "Another", NOW)
    with pytest.raises(pki_files.NoAuthority):
        pki_files.load(tmp_path)
