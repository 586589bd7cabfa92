"""A link over a serial line or a pseudo terminal."""

import contextlib

import serial

from hardware.transport.descriptor import DescriptorLink


class SerialLink(DescriptorLink):
    """Opens the line exclusively with the given speed and hand-shake."""

    def __init__(self, path: str, *, baud: int = 115_200, has_rts_cts: bool = False, has_dsr_dtr: bool = False) -> None:
        super().__init__(path)
        self._baud = baud
        self._has_rts_cts = has_rts_cts
        self._has_dsr_dtr = has_dsr_dtr
        self._line: serial.Serial | None = None

    def discard(self) -> None:
        """Drop what waits in the line's output buffer."""
        if self._line is not None:
            with contextlib.suppress(OSError, serial.SerialException):  # a line that is gone has nothing left to drop
                self._line.reset_output_buffer()

    def _open(self, timeout_s: float) -> int:
        del timeout_s  # opening a line does not wait
        line = serial.Serial(
            self._name,
            self._baud,
            timeout=0,
            write_timeout=0,
            exclusive=True,
            rtscts=self._has_rts_cts,
            dsrdtr=self._has_dsr_dtr,
        )
        self._line = line
        return int(line.fileno())

    def _close(self, descriptor: int) -> None:
        del descriptor  # it belongs to the object below, which closes it
        if self._line is not None:
            line, self._line = self._line, None
            with contextlib.suppress(OSError, serial.SerialException):  # a pulled adapter refuses even to be closed
                line.close()
