"""Opening the technician's window on a terminal that runs."""

from kiosk.application.terminal import Terminal
from kiosk.shells.shell import Shell, open_shell
from kiosk.shells.technician.technician_view_model import TechnicianViewModel
from kiosk.ui.controls.staff_words import StaffWords, staff_speech


def open_window(
    terminal: Terminal,
    *,
    width: int,
    height: int,
    is_fullscreen: bool = False,
    technician: str = "1",
    idle_s: float = 0.0,
) -> Shell:
    """Open the bench and return its shell; `shell.face` is the TechnicianViewModel, which closes it when left alone."""
    speech = staff_speech(terminal.settings)
    bench = TechnicianViewModel(terminal, technician, StaffWords(speech), idle_s=idle_s)
    shell = open_shell(
        "kiosk.shells.technician",
        "TechnicianWindow",
        {"bench": bench},
        speech=speech,
        width=max(width, height),
        height=min(width, height),
        theme={"scheme": terminal.settings.face.look, "isCounter": True, "isLandscape": True, "scale": 1.0},
        is_fullscreen=is_fullscreen,
    )
    shell.face = bench
    watching = bench.watch(shell.window)
    shell.on_close(bench.close)
    shell.on_close(watching)
    bench.start()
    return shell


def open_technician(terminal: Terminal, *, width: int, height: int, technician: str = "1") -> Shell:
    """Open the bench beside the face of a running terminal; closing it goes back to that face."""
    idle_s = terminal.settings.service.bench_idle_s
    return open_window(terminal, width=width, height=height, technician=technician, idle_s=idle_s)
