"""Certificate authorities of the tests, and leaves that are good, expired, for another name, or nobody's."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """One authority; `file` is what a terminal pins."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, named(name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(self.name, self.key, self.name, datetime.now(UTC) - DAY, is_authority=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str, *, days: int = 30, begins: int = -1, is_own: bool = False) -> ssl.SSLContext:
        """Return what a server with a leaf for `host` answers with; `is_own`: signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        begin = datetime.now(UTC) + begins * DAY
        leaf = self._signed(
            named(host), self.key if not is_own else key, self.name if not is_own else named(host), begin,
            key=key, host=host, ends=begin + days * DAY,
        )  # fmt: skip
        path = self.folder / f"{x509.random_serial_number()}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ) + leaf.public_bytes(serialization.Encoding.PEM)
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _signed(
        self, subject: x509.Name, signer: ec.EllipticCurvePrivateKey, issuer: x509.Name, begins: datetime, *,
        key: ec.EllipticCurvePrivateKey | None = None, host: str = "", ends: datetime | None = None,
        is_authority: bool = False,
    ) -> x509.Certificate:  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key((key or signer).public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends or begins + 365 * DAY)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if host:
            shown = x509.DNSName(host) if host[0].isalpha() else x509.IPAddress(ip_address(host))
            builder = builder.add_extension(x509.SubjectAlternativeName([shown]), critical=False)
        return builder.sign(signer, hashes.SHA256())
