"""Codes, references, secrets and job ids of a sale, derived from one seed, durable before any of them is used.

So a replay of the journal after a power cut gives the same ones, and no step needs chance. The seed has 256 bits; a
secret keeps 128 of the digest. Whoever has no seed learns nothing from one code about another.
"""

import base64
import hashlib

# Booking codes and job ids without letters and digits that are read as one another (the alphabet pretix also takes).
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ3789"
CODE_CHARS = 12
JOB_CHARS = 4


def _digest(seed: str, *names: str) -> bytes:
    return hashlib.sha256("\x1f".join((seed, *names)).encode()).digest()


def _letters(digest: bytes, count: int) -> str:
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(count):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def booking_code(seed: str, platform_id: str) -> str:
    """Return our own booking code on a platform: 12 characters, 57 bits."""
    return _letters(_digest(seed, "booking", platform_id), CODE_CHARS)


def hold_id(seed: str, platform_id: str, attempt: int) -> str:
    """Return our own id of the n-th hold on a platform."""
    return _digest(seed, "hold", platform_id, str(attempt)).hex()[:32]


def ticket_secret(seed: str, offer_id: str, part_id: str) -> str:
    """Return the secret of a ticket: 128 bits in base32 without padding."""
    return base64.b32encode(_digest(seed, "secret", offer_id, part_id)[:16]).decode().rstrip("=")


def payment_reference(seed: str, ordinal: int) -> str:
    """Return the reference of the n-th tender: 16 characters."""
    return _letters(_digest(seed, "payment", str(ordinal)), 16)


def job_id(seed: str, document_id: str, attempt: int) -> str:
    """Return what the printer calls the n-th attempt at a document: 4 characters."""
    return _letters(_digest(seed, "job", document_id, str(attempt)), JOB_CHARS)


def claim_id(seed: str) -> str:
    """Return the code of the claim slip: 12 characters."""
    return _letters(_digest(seed, "claim"), CODE_CHARS)
