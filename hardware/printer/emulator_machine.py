"""The mechanism of the emulated printer: bounded buffer, paper, sensors, cutter, drawer, and what a person does to it.

Written from the Epson ESC/POS reference; nothing here is shared with the driver.
"""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import Struct
from PIL import Image

PAPERS_MAX = 2000


class EmulatorOptions(Struct, frozen=True):
    """What kind of printer it is; `rows_per_s` 0 prints at once."""

    width_dots: int = 576
    buffer_bytes: int = 4096
    rows_per_s: float = 0.0
    has_process_id: bool = True
    model: str = "TM-T20II"


@dataclass(frozen=True, slots=True)
class EmulatedPaper:
    """A piece of paper that was cut off, or torn off where it ended."""

    width: int
    rows: tuple[bytes, ...] = field(repr=False)
    texts: tuple[str, ...]
    is_cut: bool

    def to_png(self) -> bytes:
        """Return black on white."""
        out = io.BytesIO()
        self.to_image().save(out, "PNG")
        return out.getvalue()

    def to_image(self) -> Image.Image:
        """Return black on white."""
        dots = bytes(255 - byte for byte in b"".join(self.rows))
        return Image.frombytes("1", (self.width, len(self.rows)), dots)


class Restarted(Exception):  # noqa: N818 - a signal inside the machine, not a failure
    """The buffer was cleared or the power cycled: the command under way is gone."""


class Machine:
    """State behind one lock; people and tests act from any thread, one thread prints."""

    def __init__(self, options: EmulatorOptions) -> None:
        self.options = options
        self.changed = threading.Condition(threading.RLock())
        self.is_paper_out = self.is_near_end = self.is_cover_open = self.is_jammed = self.is_mute = False
        self.drawer_kicks = self.bands_printed = 0
        self.paper_out_at_band = -1
        self.is_jam_at_cut = False
        self.is_stopped = False
        self.generation = 0
        self.automatic = 0  # mask of GS a
        self.reply: Callable[[bytes], None] | None = None
        self._rows_per_s = options.rows_per_s
        self._buffer = bytearray()
        self._rows: list[bytes] = []
        self._texts: list[str] = []
        self._papers: list[EmulatedPaper] = []
        self._is_waiting = False

    # --- what people do --------------------------------------------------------------------------------------
    def set(self, **fields: bool | int) -> None:
        """Change sensors or faults by name, such as is_cover_open=True; a host with ASB on is told."""
        with self.changed:
            for name, value in fields.items():
                if not hasattr(self, name):
                    raise AttributeError(name)
                setattr(self, name, value)
            self._announce()
            self.changed.notify_all()

    def load_paper(self) -> None:
        """Put a new roll in; printing goes on where it stopped."""
        self.set(is_paper_out=False, is_near_end=False, paper_out_at_band=-1)

    def set_speed(self, rows_per_s: float) -> None:
        """Print slower or faster; 0 is at once."""
        with self.changed:
            self._rows_per_s = rows_per_s
            self.changed.notify_all()

    def power_cycle(self) -> None:
        """Lose buffers and settings; the paper stays."""
        with self.changed:
            self.generation += 1
            self._buffer.clear()
            self.automatic = 0
            self.changed.notify_all()

    def stop(self) -> None:
        """End the printing thread."""
        with self.changed:
            self.is_stopped = True
            self.changed.notify_all()

    def papers(self) -> tuple[EmulatedPaper, ...]:
        """Return what was cut off."""
        with self.changed:
            return tuple(self._papers)

    def tear_off(self) -> EmulatedPaper | None:
        """Return and remove what hangs out of the slot uncut."""
        with self.changed:
            return self._finish(is_cut=False)

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until everything received is printed."""
        with self.changed:
            return self.changed.wait_for(lambda: self._is_waiting and not self._buffer, timeout_s)

    # --- the buffer ------------------------------------------------------------------------------------------
    def put(self, data: bytes, timeout_s: float) -> bytes:
        """Take into the buffer what there is room for within the time; return the rest."""
        with self.changed:
            self.changed.wait_for(lambda: self._room() > 0 or self.is_stopped, timeout_s)
            room = self._room()
            self._buffer += data[:room]
            self.changed.notify_all()
            return data[room:]

    def _room(self) -> int:
        return self.options.buffer_bytes - len(self._buffer)

    def take(self, count: int, generation: int) -> bytes:
        """Return the next bytes of the buffer, waiting for them; raises Restarted."""
        out = bytearray()
        with self.changed:
            while len(out) < count:
                self._is_waiting = not self._buffer
                self.changed.notify_all()
                self.changed.wait_for(lambda: self._buffer or self._is_gone(generation))
                self._is_waiting = False
                self._check(generation)
                part = self._buffer[: count - len(out)]
                del self._buffer[: len(part)]
                out += part
        return bytes(out)

    def clear_buffers(self) -> None:
        """Empty the buffers and drop the command under way (DLE DC4 8)."""
        with self.changed:
            self.generation += 1
            self._buffer.clear()
            self.changed.notify_all()

    def _is_gone(self, generation: int) -> bool:
        return self.is_stopped or generation != self.generation

    def _check(self, generation: int) -> None:
        if self._is_gone(generation):
            raise Restarted

    # --- the paper -------------------------------------------------------------------------------------------
    def print_band(self, rows: list[bytes], generation: int) -> None:
        """Put rows on paper when the sensors allow and in the time it takes; raises Restarted."""
        with self.changed:
            if self.bands_printed == self.paper_out_at_band:
                self.is_paper_out = True
                self._announce()
            self._wait_ready(generation)
            if self._rows_per_s:
                self.changed.wait_for(
                    lambda: self._is_gone(generation) or not self._rows_per_s, len(rows) / self._rows_per_s
                )
                self._check(generation)
            self.bands_printed += 1
            self._rows += rows
            self.changed.notify_all()

    def write_text(self, text: str) -> None:
        """Keep characters printed with the device's own font."""
        with self.changed:
            self._texts.append(text)

    def cut(self, generation: int) -> None:
        """Cut the paper; raises Restarted."""
        with self.changed:
            if self.is_jam_at_cut:
                self.is_jammed = True
                self._announce()
            self._wait_ready(generation)
            self._finish(is_cut=True)
            self.changed.notify_all()

    def _finish(self, *, is_cut: bool) -> EmulatedPaper | None:
        if not self._rows and not self._texts:
            return None
        paper = EmulatedPaper(self.options.width_dots, tuple(self._rows), tuple(self._texts), is_cut)
        self._rows, self._texts = [], []
        self._papers = [*self._papers[-PAPERS_MAX:], paper]
        return paper

    def _wait_ready(self, generation: int) -> None:
        self.changed.wait_for(lambda: self._is_gone(generation) or not self.is_offline)
        self._check(generation)

    # --- what it says ----------------------------------------------------------------------------------------
    @property
    def is_offline(self) -> bool:
        """Say whether something stops it."""
        return self.is_paper_out or self.is_cover_open or self.is_jammed

    def say(self, octets: bytes) -> None:
        """Send to the host, unless it is mute or nobody is connected."""
        with self.changed:
            reply = None if self.is_mute else self.reply
        if reply is not None:
            reply(octets)

    def real_time_status(self, kind: int) -> bytes:
        """Return the answer to DLE EOT."""
        offline, cover, paper = self.is_offline, self.is_cover_open, self.is_paper_out
        return bytes(
            (
                {
                    1: 0x12 | 0x08 * offline,
                    2: 0x12 | 0x04 * cover | 0x20 * paper | 0x40 * self.is_jammed,
                    3: 0x12 | 0x08 * self.is_jammed,
                    4: 0x12 | 0x0C * (self.is_near_end or paper) | 0x60 * paper,
                }[kind],
            )
        )

    def automatic_status(self) -> bytes:
        """Return the four bytes of ASB."""
        paper = self.is_paper_out
        first = 0x10 | 0x08 * self.is_offline | 0x20 * self.is_cover_open
        return bytes((first, 0x08 * self.is_jammed, 0x03 * (self.is_near_end or paper) | 0x0C * paper, 0))

    def buffer_status(self, kind: int) -> bytes:
        """Return the answer to GS r: paper sensor or drawer."""
        paper = 0x03 * (self.is_near_end or self.is_paper_out) | 0x0C * self.is_paper_out
        return bytes((paper if kind in {1, 49} else 0,))

    def _announce(self) -> None:
        if self.automatic:
            self.say(self.automatic_status())
