"""Opening the kiosk's window on a terminal."""

from PySide6.QtQuick import QQuickImageProvider

import kiosk.ui.catalogue.attract_view_model  # noqa: F401 - its page is read before it is made
from kiosk.application.terminal import Terminal
from kiosk.shells.self_service.navigation import Page
from kiosk.shells.self_service.self_service import SelfService
from kiosk.shells.shell import Shell, open_shell
from kiosk.ui.controls.desk import Desk, PageViewModel
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
        is_fullscreen=is_fullscreen,
    )
    face.shell = shell
    shell.face = face
    face.models.when_made(Page.SEATS, lambda seats: shell.add_pictures("seats", _tiles(seats)))
    shell.when_drawn(lambda: _watch(shell, face))
    shell.on_close(face.close)
    return shell


def _tiles(seats: PageViewModel) -> QQuickImageProvider:
    from kiosk.ui.catalogue.seat_tiles import SeatTiles  # noqa: PLC0415 - the first page shows no seats

    return SeatTiles([seats])


def _watch(shell: Shell, face: SelfService) -> None:
    from kiosk.shells.self_service.touches import Touches  # noqa: PLC0415 - see there

    shell.on_close(Touches(shell.window, face.answered, face.go).close)
