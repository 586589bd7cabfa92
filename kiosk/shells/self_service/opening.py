"""Opening the kiosk's window on a terminal."""

from kiosk.application.terminal import Terminal
from kiosk.shells.self_service.self_service import SelfService
from kiosk.shells.shell import Shell, open_shell
from kiosk.ui.catalogue.seat_tiles import SeatTiles
from kiosk.ui.controls.desk import Desk
from kiosk.ui.i18n import Speech


def open_window(
    terminal: Terminal, *, width: int, height: int, is_fullscreen: bool = False, language: str = ""
) -> Shell:
    """Open the kiosk and return its shell; `shell.face` is the SelfService, `shell.close()` ends it."""
    speech = Speech(terminal.settings.terminal.languages)
    if language:
        speech.choose(language)
    face = SelfService(Desk(terminal, speech))
    shell = open_shell(
        "kiosk.shells.self_service",
        "SelfServiceWindow",
        {"face": face},
        speech=speech,
        width=width,
        height=height,
        theme={"scheme": terminal.settings.face.look, "isCounter": False},
        providers={"seats": SeatTiles(face.models.values())},
        is_fullscreen=is_fullscreen,
    )
    face.shell = shell
    shell.face = face
    shell.window.installEventFilter(face)
    shell.on_close(face.close)
    return shell
