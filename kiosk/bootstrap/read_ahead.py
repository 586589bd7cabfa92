"""What the first page does not need and the first sale does: made ready once the first page is shown."""

import asyncio
import importlib
import logging
from typing import Any

from kiosk.application.documents import PaperMaker

LATE = (
    "hardware.card_reader.staff",
    "hardware.printer.raster",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
)
_log = logging.getLogger(__name__)


async def read_ahead(face: Any) -> None:
    """Read modules and figures on a thread, then let the face make its other pages, one in a turn.

    What fails is logged at once and stops nothing: it is made again when it is asked for.
    """
    try:
        await asyncio.to_thread(_read)
        if hasattr(face, "make_ready"):
            await face.make_ready()
    except Exception:  # noqa: BLE001 - whatever it is, the first page serves on
        _log.exception("what follows the first page could not be made ready")


def _read() -> None:
    for name in LATE:
        importlib.import_module(name)
    PaperMaker.warm()
