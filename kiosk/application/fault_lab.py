"""Faults by name: every fault a simulator can show, and the thirty that show themselves on the pages at once.

A technician, `guichet fault` and the tests start and stop them here. A real device has none.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from hardware.health import ComponentState
from hardware.printer import FaultKind, FaultScript
from kiosk.application.terminal import Terminal

PRINTER_FAULTS: Mapping[FaultKind, tuple[float, str]] = {
    FaultKind.PAPER_OUT: (0, "The roll is empty."),
    FaultKind.PAPER_OUT_MID_JOB: (2, "The roll ends in the middle of a ticket."),
    FaultKind.NEAR_END: (0, "The roll ends soon; it still prints."),
    FaultKind.COVER_OPEN: (0, "The cover is open."),
    FaultKind.JAM: (0, "Paper is stuck at the cutter."),
    FaultKind.MUTE: (0, "It answers nothing."),
    FaultKind.UNPLUGGED: (0, "The cable is out."),
    FaultKind.OFFLINE: (0, "Somebody pressed its button."),
    FaultKind.TOO_HOT: (0, "The print head is too hot."),
    FaultKind.BROKEN: (0, "A part is broken."),
    FaultKind.NONSENSE: (0, "It answers what fits no manual."),
    FaultKind.SLOW: (0.2, "It prints slowly."),
    FaultKind.LOST_ANSWER: (0, "The paper comes out, the answer does not."),
    FaultKind.LOST_JOB: (0, "Neither paper nor answer comes out."),
}


class NamedFault(Struct, frozen=True):
    """One fault of the table: `device` and `fault`, the state it shows, and the capabilities it takes away.

    `device` is the family in the settings (the first part of a kind), or "platform" for the link to it. What is taken
    away holds where no other device of the family stands in.
    """

    device: str
    fault: str
    state: ComponentState
    off: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return its name, as commands and the technician say it."""
        return f"{self.device}.{self.fault}"


_S = ComponentState
_PAPER = frozenset(
    {
        "can_sell_journeys", "can_sell_events", "can_print_tickets", "can_print_receipts", "can_pick_up_by_scan",
        "can_pick_up_by_card",
    }
)  # fmt: skip
_CARD, _CHANGE = frozenset({"can_pay_card"}), frozenset({"can_give_change"})
_CASH = _CHANGE | {"can_pay_cash"}
_SCAN, _TAP = frozenset({"can_pick_up_by_scan"}), frozenset({"can_pick_up_by_card"})
_LINK = _SCAN | _TAP | {"can_sell_events"}
NAMED_FAULTS: tuple[NamedFault, ...] = (
    NamedFault("printer", "paper_out", _S.MEDIA_EMPTY, _PAPER),
    NamedFault("printer", "near_end", _S.MEDIA_LOW),
    NamedFault("printer", "cover_open", _S.USER_ACTION, _PAPER),
    NamedFault("printer", "jam", _S.MEDIA_JAMMED, _PAPER),
    NamedFault("printer", "mute", _S.NOT_REACHABLE, _PAPER),
    NamedFault("printer", "unplugged", _S.NOT_REACHABLE, _PAPER),
    NamedFault("printer", "offline", _S.HARDWARE_ERROR, _PAPER),
    NamedFault("printer", "too_hot", _S.HARDWARE_ERROR, _PAPER),
    NamedFault("printer", "broken", _S.OUT_OF_SERVICE, _PAPER),
    NamedFault("printer", "nonsense", _S.SOFTWARE_ERROR, _PAPER),
    NamedFault("payment_terminal", "not_reachable", _S.NOT_REACHABLE, _CARD),
    NamedFault("payment_terminal", "no_host", _S.NOT_REACHABLE, _CARD),
    NamedFault("payment_terminal", "needs_end_of_day", _S.USER_ACTION, _CARD),
    NamedFault("payment_terminal", "updating", _S.OUT_OF_SERVICE, _CARD),
    NamedFault("payment_terminal", "tampered", _S.OUT_OF_SERVICE, _CARD),
    NamedFault("payment_terminal", "out_of_paper", _S.MEDIA_LOW),
    NamedFault("cash", "not_reachable", _S.NOT_REACHABLE, _CASH),
    NamedFault("cash", "jam", _S.MEDIA_JAMMED, _CASH),
    NamedFault("cash", "cashbox_full", _S.HARDWARE_ERROR, _CASH),
    NamedFault("cash", "cashbox_removed", _S.OUT_OF_SERVICE, _CASH),
    NamedFault("cash", "acceptor_broken", _S.HARDWARE_ERROR, _CASH),
    NamedFault("cash", "no_change", _S.MEDIA_LOW, _CHANGE),
    NamedFault("scanner", "not_reachable", _S.NOT_REACHABLE, _SCAN),
    NamedFault("scanner", "blind", _S.USER_ACTION, _SCAN),
    NamedFault("scanner", "nonsense", _S.SOFTWARE_ERROR, _SCAN),
    NamedFault("card_reader", "service_absent", _S.NOT_REACHABLE, _TAP),
    NamedFault("card_reader", "unplugged", _S.NOT_REACHABLE, _TAP),
    NamedFault("card_reader", "nonsense", _S.SOFTWARE_ERROR, _TAP),
    NamedFault("display", "not_reachable", _S.NOT_REACHABLE),
    NamedFault("platform", "down", _S.NOT_REACHABLE, _LINK),
)


def named_fault(name: str) -> NamedFault | None:
    """Return a fault of the table by its name."""
    return next((each for each in NAMED_FAULTS if each.name == name), None)


def play(terminal: Terminal, fault: NamedFault, *, is_on: bool) -> bool:
    """Start or stop a fault of the table on every device of its family; False where the terminal cannot show it."""
    if fault.device == "platform":
        if terminal.play_link is not None:
            terminal.play_link(is_on)
        is_played = terminal.play_link is not None
    else:
        meant = [device for family, device in simulated(terminal) if family == fault.device]
        played = [set_fault(device, fault.fault, is_on=is_on) for device in meant]
        is_played = True in played
    terminal.supervision.nudge()
    return is_played


def simulated(terminal: Terminal) -> tuple[tuple[str, Any], ...]:
    """Return every device that can show faults, with its family as the settings name it."""
    families = {each.device_id: each.kind.partition(".")[0] for each in terminal.settings.devices}
    return tuple((families.get(each.device_id, ""), each) for each in terminal.devices.all() if faults_of(each))


def faults_of(device: Any) -> tuple[tuple[str, str, bool], ...]:
    """Return (name, what it does, whether it is on) for every fault a device can show."""
    faults = getattr(device, "faults", None)
    if isinstance(faults, FaultScript):
        return tuple((str(kind), what, faults.has(kind)) for kind, (_, what) in PRINTER_FAULTS.items())
    if isinstance(faults, Mapping):
        active = set(device.active_faults)
        return tuple((name, what, name in active) for name, what in faults.items())
    return ()


def set_fault(device: Any, name: str, *, is_on: bool) -> bool:
    """Start or stop a fault by name; False where the device has no such fault."""
    if name not in {each for each, _, _ in faults_of(device)}:
        return False
    if not isinstance(device.faults, FaultScript):
        (device.start_fault if is_on else device.stop_fault)(name)
        return True
    kind = FaultKind(name)
    if is_on:
        device.faults.start(kind, PRINTER_FAULTS[kind][0])
    else:
        device.faults.stop(kind)
    return True
