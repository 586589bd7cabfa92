"""The commands of the emulated printer: real-time ones when they arrive, all others in buffer order.

Written from the Epson ESC/POS reference; nothing here is shared with the driver.
"""

from collections.abc import Callable

from hardware.printer.emulator_machine import Machine, Restarted

DLE, EOT, ENQ, DC4 = 0x10, 0x04, 0x05, 0x14
STATUS_KINDS = frozenset({1, 2, 3, 4})
FIRST_PRINTABLE = 0x20
MODEL_NAME = 67  # GS I 67
REAL_TIME_LENGTHS = {EOT: 3, ENQ: 3, DC4: 3}  # DLE EOT n, DLE ENQ n; DLE DC4 fn tells its length
PULSE_LENGTHS = {1: 5, 2: 5, 7: 4, 8: 10}  # DLE DC4 fn …
CLEAR_KEY = bytes((0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08))
LINE_ROWS = 30  # 1/6 inch at 180 or 203 dpi, roughly
CHUNK_ROWS = 24


class RealTime:
    """Watches the raw stream, pictures included, and obeys DLE EOT, DLE ENQ and DLE DC4 at once."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._open = bytearray()

    def feed(self, data: bytes) -> bytes:
        """Obey what completes here; return the bytes that belong into the buffer."""
        keep = bytearray()
        for byte in data:
            keep.append(byte)
            if not self._open:
                if byte == DLE:
                    self._open.append(byte)
                continue
            self._open.append(byte)
            self._step(keep)
        return bytes(keep)

    def _step(self, keep: bytearray) -> None:
        command = self._open[1]
        length = REAL_TIME_LENGTHS.get(command, 2)
        if command == DC4 and len(self._open) >= length:
            length = PULSE_LENGTHS.get(self._open[2], length)
        if len(self._open) < length:
            return
        whole = bytes(self._open)
        self._open.clear()
        if command == DLE:
            self._open.append(DLE)
        elif self._obey(whole):
            keep.clear()

    def _obey(self, command: bytes) -> bool:
        """Do it; True when it emptied the buffer."""
        machine = self._machine
        if command[1] == EOT and command[2] in STATUS_KINDS:
            machine.say(machine.real_time_status(command[2]))
        elif command[1:3] == b"\x14\x08" and command[3:] == CLEAR_KEY and not machine.is_mute:
            machine.clear_buffers()
            machine.say(b"\x37\x25\x00")
            return True
        elif command[1:3] == b"\x14\x01":
            machine.set(drawer_kicks=machine.drawer_kicks + 1)
        return False


class Interpreter:
    """Takes commands from the buffer and prints them, for ever."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._generation = 0
        self._pitch = 360  # vertical motion units per inch until GS P; a driver that forgets GS P feeds too little
        self._dpi = 203
        self._margin = 0
        self._line_feed = LINE_ROWS
        self._stored: list[bytes] = []
        self._text = bytearray()
        self._table = self._commands()

    def _commands(self) -> dict[bytes, Callable[[], None]]:
        return {
            b"\x1b@": self._reset,
            b"\x1bJ": lambda: self._feed(round(self._byte() * self._dpi / self._pitch)),
            b"\x1bd": lambda: self._feed(self._byte() * self._line_feed),
            b"\x1b2": lambda: self._set_line(LINE_ROWS),
            b"\x1b3": lambda: self._set_line(round(self._byte() * self._dpi / self._pitch)),
            b"\x1bp": lambda: self._kick(self._take(3)),
            b"\x1b*": self._bit_image,
            b"\x1bi": self._cut,
            b"\x1bm": self._cut,
            b"\x1bt": lambda: self._skip(1),
            b"\x1bR": lambda: self._skip(1),
            b"\x1ba": lambda: self._skip(1),
            b"\x1b!": lambda: self._skip(1),
            b"\x1bE": lambda: self._skip(1),
            b"\x1bB": lambda: self._skip(2),
            b"\x1b=": lambda: self._skip(1),
            b"\x1bS": lambda: None,
            b"\x1dP": self._set_pitch,
            b"\x1dL": lambda: self._set_margin(self._word()),
            b"\x1dW": lambda: self._skip(2),
            b"\x1dV": self._cut_mode,
            b"\x1dv": self._raster,
            b"\x1d(": lambda: self._function(self._byte(), self._word()),
            b"\x1d8": lambda: self._function(self._byte(), self._word() | self._word() << 16),
            b"\x1dr": lambda: self._say_if(self._machine.buffer_status(self._byte())),
            b"\x1da": lambda: self._set_automatic(self._byte()),
            b"\x1dI": lambda: self._identify(self._byte()),
            b"\x1d!": lambda: self._skip(1),
            b"\x1dB": lambda: self._skip(1),
            b"\x10\x04": lambda: self._skip(1),
            b"\x10\x05": lambda: self._skip(1),
            b"\x10\x14": lambda: self._skip(PULSE_LENGTHS.get(self._byte(), 3) - 3),
        }

    def run(self) -> None:
        """Interpret until the machine stops."""
        while not self._machine.is_stopped:
            self._generation = self._machine.generation
            self._text.clear()
            self._reset()
            try:
                while True:
                    self._command()
            except Restarted:
                continue

    def _command(self) -> None:
        first = self._take(1)
        if first[0] in {0x1B, 0x1D, DLE, 0x1C}:
            command = first + self._take(1)
            self._table.get(command, lambda: None)()
        elif first == b"\n":
            if self._text:
                self._machine.write_text(self._text.decode("latin-1"))
                self._text.clear()
            self._feed(self._line_feed)
        elif first[0] >= FIRST_PRINTABLE:
            self._text += first

    def _take(self, count: int) -> bytes:
        return self._machine.take(count, self._generation)

    def _byte(self) -> int:
        return self._take(1)[0]

    def _word(self) -> int:
        return int.from_bytes(self._take(2), "little")

    def _skip(self, count: int) -> None:
        self._take(count)

    def _say_if(self, octets: bytes) -> None:
        self._machine.say(octets)

    def _reset(self) -> None:
        self._pitch, self._margin, self._line_feed, self._stored = 360, 0, LINE_ROWS, []

    def _set_line(self, rows: int) -> None:
        self._line_feed = rows

    def _set_margin(self, dots: int) -> None:
        self._margin = dots

    def _set_pitch(self) -> None:
        self._skip(1)
        self._pitch = self._byte() or 360

    def _set_automatic(self, mask: int) -> None:
        self._machine.automatic = mask
        if mask:
            self._machine.say(self._machine.automatic_status())

    def _identify(self, kind: int) -> None:
        if kind == MODEL_NAME:
            self._machine.say(b"\x5f" + self._machine.options.model.encode() + b"\0")

    def _kick(self, pulse: bytes) -> None:
        if pulse[1]:
            self._machine.set(drawer_kicks=self._machine.drawer_kicks + 1)

    def _feed(self, rows: int) -> None:
        self._print([bytes(self._machine.options.width_dots // 8)] * rows)

    def _print(self, rows: list[bytes]) -> None:
        self._machine.print_band(rows, self._generation)

    def _cut(self) -> None:
        self._machine.cut(self._generation)

    def _cut_mode(self) -> None:
        if self._byte() in {65, 66, 97, 98, 103, 104}:
            self._feed(self._byte())
        self._cut()

    def _row(self, data: bytes) -> bytes:
        """Place one row of dots at the margin; what stands beyond the paper is lost, as on paper."""
        width = self._machine.options.width_dots
        bits = int.from_bytes(data, "big")
        shift = width - self._margin - len(data) * 8
        bits = bits << shift if shift >= 0 else bits >> -shift
        return (bits & ((1 << width) - 1)).to_bytes(width // 8, "big")

    def _raster(self) -> None:
        """GS v 0 m xL xH yL yH: printed row by row as it arrives."""
        self._skip(2)
        width, height = self._word(), self._word()
        while height:
            count = min(height, CHUNK_ROWS)
            data = self._take(width * count)
            self._print([self._row(data[at : at + width]) for at in range(0, len(data), width)])
            height -= count

    def _bit_image(self) -> None:
        """ESC * m nL nH: columns of 8 or 24 dots, printed at the next line feed; here at once."""
        mode, columns = self._byte(), self._word()
        high = 3 if mode in {32, 33} else 1
        data = self._take(columns * high)
        rows = []
        for y in range(high * 8):
            dots = "".join("1" if data[x * high + y // 8] >> (7 - y % 8) & 1 else "0" for x in range(columns))
            padded = dots.ljust(-(-columns // 8) * 8, "0") or "0" * 8
            rows.append(self._row(int(padded, 2).to_bytes(len(padded) // 8, "big")))
        self._print(rows)
        if self._take(1) != b"\n":
            self._machine.write_text("ESC * without a line feed")

    def _function(self, group: int, length: int) -> None:
        """GS ( x pL pH fn …, and GS 8 L with a longer count."""
        data = self._take(length)
        if group == ord("H") and data[:2] == b"00" and self._machine.options.has_process_id:
            self._machine.say(b"\x37\x22" + data[2:6] + b"\0")
        elif group == ord("L") and data[1:2] == b"p":  # fn 112: store raster graphics
            width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
            stride = (width + 7) // 8
            self._stored = [self._row(data[10 + stride * y : 10 + stride * (y + 1)]) for y in range(height)]
        elif group == ord("L") and data[1:2] in {b"2", b"\x02"}:  # fn 50: print what is stored
            self._print(self._stored)
            self._stored = []
