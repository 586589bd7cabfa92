"""What announces itself by multicast DNS (RFC 6762): raw printing, LPR and IPP."""

import threading
import time
from collections.abc import Sequence

from msgspec import Struct
from zeroconf import Error, ServiceBrowser, ServiceStateChange, Zeroconf

from hardware.discovery.finding import FINDS_MAX, harmless

RAW, LPR, IPP = (f"_{name}._tcp.local." for name in ("pdl-datastream", "printer", "ipp"))
RESOLVE_MS = 1000
# Languages of page printers: what lists one of them prints no tickets.
PAGE_LANGUAGES = ("pdf", "postscript", "pcl", "urf", "pwg-raster")
# Only what names this language itself may be asked in it. No list of other languages would do: makers have their own
# (vnd.epson.escpr), and none named means PostScript (Bonjour Printing Specification 1.2.1, key pdl).
OUR_LANGUAGES = ("escpos", "esc/pos")


class Announcement(Struct, frozen=True):
    """One service: where it is and what it says of itself."""

    service: str
    host: str
    port: int
    name: str
    is_page_printer: bool
    speaks_escpos: bool = False


def announced(own: Sequence[str], seconds: float) -> tuple[Announcement, ...] | None:
    """Ask once at the given addresses of ours and listen for so long; None where multicast is not to be had.

    What was heard is asked after for as long again, however many names there are: some answer to none.
    """
    try:
        zeroconf = Zeroconf(interfaces=list(own))
    except OSError:
        return None
    seen: dict[tuple[str, str], None] = {}

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        del zeroconf
        if state_change is ServiceStateChange.Added and len(seen) < FINDS_MAX:
            seen.setdefault((service_type, name))

    try:
        ServiceBrowser(zeroconf, [RAW, LPR, IPP], handlers=[changed])
        threading.Event().wait(seconds)  # an answer may come at any time within it: there is no end to wait for
        until_s = time.monotonic() + seconds
        return tuple(each for service, name in tuple(seen) for each in _resolved(zeroconf, service, name, until_s))
    finally:
        zeroconf.close()


def _resolved(zeroconf: Zeroconf, service: str, name: str, until_s: float) -> list[Announcement]:
    left_ms = int((until_s - time.monotonic()) * 1000)
    if left_ms <= 0:
        return []
    try:
        info = zeroconf.get_service_info(service, name, min(RESOLVE_MS, left_ms))
    except Error:
        return []  # a name that is none: whoever announces so is no printer
    if info is None or not info.port:
        return []
    texts = {key.lower(): value or b"" for key, value in info.properties.items()}
    languages = b" ".join((texts.get(b"pdl", b""), texts.get(b"usb_cmd", b""))).lower().decode("latin-1")
    title = texts.get(b"ty") or name.removesuffix(f".{service}").encode()
    is_page_printer = any(each in languages for each in PAGE_LANGUAGES)
    speaks_escpos = not is_page_printer and any(each in languages for each in OUR_LANGUAGES)
    return [
        Announcement(service, host, info.port, harmless(title), is_page_printer, speaks_escpos)
        for host in info.parsed_addresses()
        if ":" not in host
    ][:1]
