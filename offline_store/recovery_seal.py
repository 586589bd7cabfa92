"""Keys sealed for the operator alone: an X25519 agreement with an ephemeral key, HKDF-SHA256, AES-256-GCM.

A module of its own, read when a backup is made or restored: a start need not wait for it.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from offline_store.personal import seal, unseal

_LABEL = "guichet key bundle 1"
_RAW_BYTES = 32


class RecoveryLock:
    """Seal for whoever holds the private key."""

    def __init__(self, recovery_key: bytes) -> None:
        self._public = X25519PublicKey.from_public_bytes(recovery_key)

    def seal(self, key_id: bytes, key: bytes) -> tuple[bytes, bytes]:
        """Return the ephemeral public key and the sealed key."""
        private = X25519PrivateKey.generate()
        ephemeral = private.public_key().public_bytes_raw()
        return ephemeral, seal(_shared(private, self._public, ephemeral), key, f"{_LABEL}:{key_id.hex()}")


class RecoveryKey:
    """Open what was sealed for this private key."""

    def __init__(self, recovery_private_key: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(recovery_private_key)

    def unseal(self, key_id: bytes, ephemeral: bytes, sealed: bytes) -> bytes:
        """Return the key.

        Raises:
            Forgotten: it was sealed for another.
        """
        public = X25519PublicKey.from_public_bytes(ephemeral)
        return unseal(_shared(self._private, public, ephemeral), sealed, f"{_LABEL}:{key_id.hex()}")


def _shared(private: X25519PrivateKey, public: X25519PublicKey, ephemeral: bytes) -> bytes:
    secret = private.exchange(public)
    return HKDF(hashes.SHA256(), _RAW_BYTES, salt=ephemeral, info=_LABEL.encode()).derive(secret)
