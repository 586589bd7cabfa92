"""HID-POS scanners through the kernel's hidraw device: whole reports and no keystrokes, so none reaches the UI.

The descriptor is read from sysfs beside the device; a device that is no scanner is told as such and left alone.
"""

import os
import select
from pathlib import Path

from hardware.health import ComponentState, Health
from hardware.scanner.filter import filter_scan
from hardware.scanner.hid_pos import ScanJoiner, parse_descriptor
from hardware.scanner.serial import READ_S, REOPEN_S, SerialScanner
from hardware.trace import Direction, WireTrace

DESCRIPTOR = "/sys/class/hidraw/{name}/device/report_descriptor"


class HidPosScanner(SerialScanner):
    """A `Scanner` on /dev/hidraw… or a link to it.

    Args:
        device_id: the id given in the settings.
        path: the hidraw device.
        descriptor: file of its report descriptor; "" looks it up in sysfs.
        trace: where what goes over the wire is written down, scrubbed.
    """

    def __init__(self, device_id: str, path: str, *, descriptor: str = "", trace: WireTrace | None = None) -> None:
        super().__init__(device_id, path, trace=trace)
        self._descriptor = descriptor
        self._is_stranger = False

    async def health(self) -> Health:
        """Say whether the device is there and is a scanner."""
        if self._is_stranger:
            return self._vitals.report(ComponentState.SOFTWARE_ERROR, "scanner.not_hid_pos")
        return await super().health()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._attend()
            except OSError:
                self._trace.note(Direction.LINE, "not there, or gone")
                self._is_stranger = False  # not there, or gone: health tells, and the next round tries again
            self._is_open = False
            self._stopping.wait(REOPEN_S)

    def _attend(self) -> None:
        name = Path(self._path).resolve().name
        layout = parse_descriptor(Path(self._descriptor or DESCRIPTOR.format(name=name)).read_bytes())
        self._is_stranger = layout is None
        if layout is None:
            return
        device = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            self._is_open = True
            self._trace.note(Direction.LINE, "opened")
            joiner = ScanJoiner(layout)
            poll = select.poll()
            poll.register(device, select.POLLIN)
            while not self._stopping.is_set():
                if not poll.poll(READ_S * 1000):
                    continue
                report = os.read(device, layout.report_bytes)  # hidraw gives one report a read
                if not report:
                    return  # hung up
                if (scan := joiner.feed(report)) is not None:
                    self._hand_over(filter_scan(*scan))
        finally:
            os.close(device)
