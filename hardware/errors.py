"""What can go wrong with a device, by what the caller can do.

DeviceError
├── DeviceUnavailable   not reachable, not started or out of service: nothing happened
├── DeviceBusy          another job holds it: nothing happened, try again
└── DeviceProtocolError it answered something the manual does not know; `frame_hex` is scrubbed and short
"""


class DeviceError(Exception):
    """Something with a device; `key` picks the technician's sentence, never a traveller's."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key = key
        self.detail = detail


class DeviceUnavailable(DeviceError):  # noqa: N818 - read as a state of the device
    """Nothing happened: the device is not there or not in service."""


class DeviceBusy(DeviceError):  # noqa: N818
    """Nothing happened: another job holds it."""


class DeviceProtocolError(DeviceError):
    """The device answered something its manual does not know."""

    def __init__(self, key: str, detail: str = "", frame_hex: str = "") -> None:
        super().__init__(key, detail)
        self.frame_hex = frame_hex[:64]
