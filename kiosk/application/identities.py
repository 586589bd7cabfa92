"""Where the identity of a sale comes from: made once, durable before its first use."""

import secrets
import time
import uuid
from typing import Protocol


class Identities(Protocol):
    """Make what must be unique or secret."""

    def sale_id(self) -> str:
        """Return a UUIDv7: ordered by time."""
        ...

    def seed(self) -> str:
        """Return 256 bits of chance in hex; codes, references and secrets of a sale are derived from it."""
        ...


class RandomIdentities:
    """Take chance from the operating system."""

    def sale_id(self) -> str:
        """Return a UUIDv7 (RFC 9562 §5.7: 48 bits of ms, then version, variant and 74 random bits)."""
        chance = int.from_bytes(secrets.token_bytes(10), "big")
        value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | chance
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return str(uuid.UUID(int=value))

    def seed(self) -> str:
        """Return 32 random bytes in hex."""
        return secrets.token_hex(32)
