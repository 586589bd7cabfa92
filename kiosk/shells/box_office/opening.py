"""Opening the counter's window on a terminal."""

from kiosk.application.terminal import Terminal
from kiosk.shells.box_office.counter_view_model import CounterViewModel
from kiosk.shells.shell import Shell, open_shell
from kiosk.ui.controls.staff_words import StaffWords, staff_speech


def open_window(terminal: Terminal, *, width: int, height: int, is_fullscreen: bool = False, clerk: str = "1") -> Shell:
    """Open the counter and return its shell; `shell.face` is the CounterViewModel."""
    wide, high = max(width, height), min(width, height)
    speech = staff_speech(terminal.settings)
    counter = CounterViewModel(terminal, clerk, StaffWords(speech))
    shell = open_shell(
        "kiosk.shells.box_office",
        "BoxOfficeWindow",
        {
            "counter": counter,
            "what": counter.what,
            "when": counter.when,
            "plan": counter.when.seat_plan,
            "asking": counter.when.asking,
            "pay": counter.pay,
            "status": counter.status,
        },
        speech=speech,
        width=wide,
        height=high,
        theme={"scheme": terminal.settings.face.look, "isCounter": True, "isLandscape": True, "scale": 1.0},
        is_fullscreen=is_fullscreen,
    )
    shell.face = counter
    shell.on_close(counter.close)
    counter.start()
    return shell
