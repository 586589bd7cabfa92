"""ZVT as words for a technician: messages by name and length; of a status the fields that are nobody's.

A request shows no data at all: it holds the password, and what is to be paid. A status shows the fields listed here;
every other, known or not, is told by its number alone, and printed lines by their length.
"""

from hardware.payment_terminal.zvt_codec import Frame, ZvtError, parse_fields

NAMES = {
    0x0600: "register",
    0x0601: "authorise",
    0x0630: "reverse",
    0x0620: "repeat receipt",
    0x0610: "totals",
    0x0650: "end of day",
    0x0670: "diagnose",
    0x0501: "status enquiry",
    0x06B0: "stop",
    0x060F: "completion",
    0x061E: "abort",
    0x040F: "status",
    0x04FF: "in between",
    0x06D1: "print line",
    0x06D3: "print block",
    0x8000: "acknowledged",
}
# Result, amount, currency, trace, receipt, reversed trace, time, day, terminal id, card kind.
SHOWN = frozenset({0x27, 0x04, 0x49, 0x0B, 0x87, 0x37, 0x0C, 0x0D, 0x29, 0x8A, 0x19})
CODED = frozenset({0x061E, 0x04FF})
STATUS, REFUSED_CLASS = 0x040F, 0x84


def name_of(control: int) -> str:
    """Return what a message is called."""
    if control >> 8 == REFUSED_CLASS:
        return f"{control:04X} refused"
    return f"{control:04X} {NAMES.get(control, 'unknown')}"


def asked(frame: Frame) -> str:
    """Return a message of ours."""
    return name_of(frame.control)


def told(frame: Frame) -> str:
    """Return a message of the device."""
    name = name_of(frame.control)
    if frame.control in CODED and frame.data:
        return f"{name} {frame.data[0]:02X}"
    if frame.control != STATUS:
        return name
    try:
        fields = parse_fields(frame.data)
    except ZvtError:
        return f"{name}, not readable"
    return " ".join((name, *(_field(number, value) for number, value in fields.items())))


def _field(number: int, value: bytes) -> str:
    return f"{number:02X}={value.hex()}" if number in SHOWN else f"{number:02X}=…"
