"""The certificate a box shows when it speaks https: made when it opens, good for loopback alone, gone when it closes.

An authority is made for the occasion, signs the box's certificate and is forgotten: its key never leaves this function
and its certificate, which a client is told to trust, is constrained to loopback. So trusting it opens nothing else, and
nobody can sign with it again.
"""

from __future__ import annotations

import secrets
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

_LIFETIME = timedelta(days=7)
_HOST, _ADDRESS = "localhost", "127.0.0.1"
_NO_USE = dict.fromkeys(
    (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    ),
    False,
)  # fmt: skip


@dataclass(frozen=True)
class Tls:
    """What https takes: a context to serve with, and the file of the authority that a client must trust."""

    context: ssl.SSLContext
    authority: Path

    def environment(self) -> dict[str, str]:
        """What makes clients trust this authority, and no other: OpenSSL's variable, that of Python's requests (az, the
        Azure SDK), and curl's.
        """
        return dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(self.authority))


def make_tls(authority: Path) -> Tls:
    """A new certificate; its authority's is written to a file, its key to none that could be read."""
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _authority(signer)
    leaf = _for_loopback(key, root, signer)
    authority = authority.absolute()
    authority.parent.mkdir(parents=True, exist_ok=True)
    authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return Tls(_context(leaf, key, authority.parent), authority)


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    allowed = [x509.DNSName(_HOST), x509.IPAddress(IPv4Network(f"{_ADDRESS}/32"))]
    name = _name("backup-reconciler sandbox authority")
    return (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_use(key_cert_sign=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _for_loopback(
    key: ec.EllipticCurvePrivateKey, root: x509.Certificate, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    names = [x509.DNSName(_HOST), x509.IPAddress(IPv4Address(_ADDRESS))]
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        _builder(_name(_HOST), root.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_use(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(signed_by, critical=False)
        .sign(signer, hashes.SHA256())
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _use(**stated: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{**_NO_USE, **stated})


def _context(leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey, folder: Path) -> ssl.SSLContext:
    """Python takes a key from a file only. It stands there for a moment, for its owner alone, under a password that is
    known nowhere else.
    """
    password = secrets.token_bytes(32).hex().encode()
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".key-") as file:
        file.write(leaf.public_bytes(serialization.Encoding.PEM) + locked)
        file.flush()
        context.load_cert_chain(file.name, password=password)
    return context
