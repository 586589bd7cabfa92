"""What the first page does not need and the first sale does: made ready once the first page is shown."""

import asyncio
import importlib
from typing import Any

from kiosk.application.documents import PaperMaker

LATE = (
    "hardware.card_reader.staff",
    "hardware.printer.raster",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
)


async def read_ahead(face: Any) -> None:
    """Read modules and figures on a thread, then let the face make its other pages, one in a turn."""
    await asyncio.to_thread(_read)
    if hasattr(face, "make_ready"):
        await face.make_ready()


def _read() -> None:
    for name in LATE:
        importlib.import_module(name)
    PaperMaker.warm()
