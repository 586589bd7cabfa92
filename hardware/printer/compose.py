"""The bytes of a job. python-escpos knows the profiles and composes all but the picture; nothing here sends."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hardware.errors import DeviceUnavailable
from hardware.printer.bands import bands, set_pitch

if TYPE_CHECKING:
    from hardware.printer.raster import Raster

ENABLE_AUTOMATIC_STATUS = b"\x1da\x0e"  # GS a: offline, error and paper changes are reported unasked
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8
ASK_MODEL = b"\x1dI\x43"  # GS I 67
ASK_BUFFER = b"\x1dr\x01"  # GS r 1
# Models that answer GS ( H function 48, by the beginning of their name (Epson ESC/POS reference, GS ( H).
PROCESS_ID_MODELS = (
    "TM-T20",
    "TM-T70",
    "TM-T82",
    "TM-T88IV",
    "TM-T88V",
    "TM-T88VI",
    "TM-T88VII",
    "TM-T90",
    "TM-L90",
    "TM-L100",
    "TM-m10",
    "TM-m30",
    "TM-m50",
    "TM-P20",
    "TM-P60",
    "TM-P80",
    "TM-U220",
    "TM-U230",
)


class Profile(Struct, frozen=True):
    """What python-escpos knows of a model, and the commands that differ between models."""

    name: str
    width_dots: int
    dpi: int
    initialise: bytes
    cut: bytes
    drawer: bytes
    buzzer: bytes


@lru_cache(maxsize=16)
def profile(name: str) -> Profile:
    """Return a profile by its name in python-escpos' list; imports it here, for it takes half a second.

    Raises:
        DeviceUnavailable: there is no such profile.
    """
    from escpos import capabilities  # noqa: PLC0415 - off the start-up path
    from escpos.printer import Dummy  # noqa: PLC0415 - the same

    if name not in capabilities.CAPABILITIES["profiles"]:
        raise DeviceUnavailable("printer.profile_unknown", name)
    data = capabilities.get_profile(name).profile_data
    media = data["media"]
    return Profile(
        name,
        _number(media["width"]["pixels"], 576),
        _number(media.get("dpi"), 203),
        _composed(Dummy(profile=name), lambda p: p.hw("INIT")),
        _composed(Dummy(profile=name), lambda p: p.cut(feed=False)) if data["features"]["paperFullCut"] else b"\n" * 6,
        _composed(Dummy(profile=name), lambda p: p.cashdraw(2)) if data["features"]["pulseStandard"] else b"",
        _composed(Dummy(profile=name), lambda p: p.buzzer(1, 2)),
    )


def job_pieces(raster: "Raster", device: Profile, confirmation: bytes) -> list[bytes]:
    """Return a job as pieces between which the device may be asked how it is."""
    start = device.initialise + ENABLE_AUTOMATIC_STATUS + set_pitch(device.dpi)
    return [start, *bands(raster), device.cut, confirmation]


def ask_process_id(job_id: str) -> bytes:
    """Return GS ( H function 48: answer with this id when everything before it is printed."""
    return b"\x1d(H\x06\x0000" + job_id.encode("ascii")


def ask_status(kind: int) -> bytes:
    """Return DLE EOT n."""
    return bytes((0x10, 0x04, kind))


def is_job_id(job_id: str) -> bool:
    """Say whether this can travel as a process id: four printable ASCII characters."""
    return len(job_id) == 4 and job_id.isascii() and job_id.isprintable()  # noqa: PLR2004 - d1 to d4


def _composed(device: Any, compose: Callable[[Any], None]) -> bytes:
    compose(device)
    return bytes(device.output)


def _number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
