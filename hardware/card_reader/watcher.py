"""The thread that watches one reader: it outlives the PC/SC service, unplugged readers and quick swaps.

pyscard's own CardMonitor is not used: it ends for good when pcscd restarts, misses insertions and cannot see a swap
of two like cards (pyscard #82, #114, #128). Here each pass waits in SCardGetStatusChange with a cap, and the event
counter in the upper 16 bits of the state tells how many times a card came or went in between.
"""

import threading
from collections.abc import Callable
from types import ModuleType

from hardware.card_reader.interface import CardEventKind
from hardware.card_reader.service import CANCELLED, NO_READERS, OK, PNP, READER_UNAVAILABLE, TIMED_OUT, code
from hardware.card_reader.service import UNKNOWN_READER as UNKNOWN

WAIT_MS = 2000
BACKOFF_FIRST_S, BACKOFF_LAST_S = 0.2, 5.0
PLUG_POLL_S = 0.2
TOGGLES_MAX = 16
_CHANGED, _PRESENT, _MUTE, _GONE = 0x0002, 0x0020, 0x0200, 0x0004 | 0x0008
Tell = Callable[[str, CardEventKind, bytes], None]


class ReaderWatcher:
    """Watch the first reader whose name begins with `prefix`; `tell` is called on the watcher's thread."""

    def __init__(self, library: ModuleType, prefix: str, tell: Tell) -> None:
        self._library = library
        self._prefix = prefix
        self._tell = tell
        self._stopping = threading.Event()
        self._context: int | None = None
        self._thread = threading.Thread(target=self._run, name="card-watcher", daemon=True)
        self.cause = "card_reader.service_absent"
        self.reader = ""
        self._is_present = False
        self._count = 0

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self, attempts_max: int = 100) -> bool:
        """Stop; a wait that began in between is cancelled again. False when the thread is stuck."""
        self._stopping.set()
        for _ in range(attempts_max):
            context = self._context
            if context is not None:
                self._library.SCardCancel(context)
            self._thread.join(0.05)
            if not self._thread.is_alive():
                return True
        return False

    def _run(self) -> None:
        scard = self._library
        backoff_s = BACKOFF_FIRST_S
        while not self._stopping.is_set():
            result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            if result != OK:
                self.cause = "card_reader.service_absent"
                self._stopping.wait(backoff_s)
                backoff_s = min(backoff_s * 2, BACKOFF_LAST_S)
                continue
            backoff_s = BACKOFF_FIRST_S
            self._context = context
            try:
                self._serve(context)
            finally:
                self._context = None
                self._lose("card_reader.service_absent")
                scard.SCardReleaseContext(context)
            self._stopping.wait(BACKOFF_FIRST_S)

    def _serve(self, context: int) -> None:
        """Follow readers until the service is lost or we stop."""
        while not self._stopping.is_set():
            result, names = self._library.SCardListReaders(context, [])
            if result != OK and code(result) != NO_READERS:
                return
            name = next((n for n in names or () if n.startswith(self._prefix) and n != PNP), "")
            if not name:
                self._lose("card_reader.not_plugged_in")
                self._stopping.wait(PLUG_POLL_S)
            elif not self._follow(context, name):
                return

    def _follow(self, context: int, name: str) -> bool:
        """Follow one reader; False when the service is lost."""
        self.reader, self.cause = name, ""
        known: int = 0
        while not self._stopping.is_set():
            result, states = self._library.SCardGetStatusChange(context, WAIT_MS, [(name, known)])
            if code(result) in (TIMED_OUT, CANCELLED):
                continue
            if code(result) in (UNKNOWN, READER_UNAVAILABLE):
                self._lose("card_reader.not_plugged_in")
                return True
            if result != OK:
                return False
            _, state, atr = states[0]
            if state & _GONE:
                self._lose("card_reader.not_plugged_in")
                return True
            self._move(state, bytes(b & 0xFF for b in atr), is_first=known == 0)
            known = state & ~_CHANGED
        return True

    def _move(self, state: int, atr: bytes, *, is_first: bool) -> None:
        """Tell each coming and going since the last look, by the event counter."""
        count = (state >> 16) & 0xFFFF
        is_present = bool(state & _PRESENT)
        toggles = int(is_present != self._is_present)
        if not is_first:
            counted = min((count - self._count) & 0xFFFF, TOGGLES_MAX)
            toggles = counted if counted % 2 == toggles else toggles
        self._count = count
        for _ in range(toggles):
            self._is_present = not self._is_present
            if self._is_present:
                kind = CardEventKind.MUTE if state & _MUTE else CardEventKind.INSERTED
                self._tell(self.reader, kind, atr)
            else:
                self._tell(self.reader, CardEventKind.REMOVED, b"")

    def _lose(self, cause: str) -> None:
        self.cause = cause
        if self._is_present:
            self._is_present = False
            self._tell(self.reader, CardEventKind.REMOVED, b"")
