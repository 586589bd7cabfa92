"""What every face shares: engine, window, theme and language switches, a way to show pages.

A face calls `open_shell(...)` with the QML type of its root and its initial properties and keeps the `Shell`:

    shell = open_shell("kiosk.shells.self_service", "SelfServiceWindow", {"face": face}, speech=speech,
                       width=1080, height=1920)
    shell.theme(scheme="contrast", isLarge=True)      # any switch of Theme.qml
    shell.speech.choose("zh")                          # retranslates, mirrors, sets the fonts

The root must be a Window. Everything of Python runs on the GUI thread: the render loop is basic, image providers are
synchronous.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import PySide6.QtQuick  # noqa: F401 - before the engine, else the window is a bare QWindow
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QFont, QGuiApplication, Qt
from PySide6.QtQml import QQmlApplicationEngine, QQmlComponent, QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickImageProvider, QQuickWindow

from kiosk.ui.controls.code_pictures import CodePictures
from kiosk.ui.controls.icon_pictures import IconPictures
from kiosk.ui.i18n import Speech

ROOT = Path(__file__).parents[2]
FAMILY = "Noto Sans"
FALLBACKS = ["Noto Sans CJK SC", "Noto Sans Arabic"]
FRAME_S = 2.0
PORTRAIT_WIDTH = 1080  # px of the design
LANDSCAPE_HEIGHT = 1080
_WARM: list[tuple[QQmlApplicationEngine, QObject]] = []


def prepare_qt(*, is_software: bool = True) -> None:
    """Choose Qt's render loop and backend; to be called before the application object is made."""
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    if is_software:
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_QUICK_CONTROLS_STYLE", "Basic")


class Shell:
    """One window of one face."""

    def __init__(self, engine: QQmlApplicationEngine, window: QQuickWindow, look: QObject, speech: Speech) -> None:
        self.engine = engine
        self.window = window
        self.look = look
        self.speech = speech
        self.face: QObject | None = None  # the face's own root object, where it has one
        self._endings: list[Callable[[], None]] = []
        self.providers: tuple[QQuickImageProvider, ...] = ()  # kept as long as the engine that asks them
        speech.changed.connect(self._speak)
        speech.heard.connect(self._speak)
        self._speak()

    def navigate(self, page: str) -> None:
        """Show a page by its name, as a demo or a test asks for it."""
        self.window.setProperty("page", page)

    async def drawn(self) -> None:
        """Return when the first frame is on the screen, or after FRAME_S where nothing shows the window."""
        frame = asyncio.Event()
        self.window.frameSwapped.connect(frame.set)
        self.window.update()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(frame.wait(), FRAME_S)
        self.window.frameSwapped.disconnect(frame.set)

    def theme(self, **switches: object) -> None:
        """Set switches of the theme by name."""
        for name, value in switches.items():
            self.look.setProperty(name, value)

    def evaluate(self, expression: str) -> object:
        """Return what an expression of QML gives in the window.

        Items are walked there and not from Python: a wrapper kept of an item that QML deleted crashes the process.
        """
        value: object = QQmlExpression(self.engine.rootContext(), self.window, expression).evaluate()
        return value[0] if isinstance(value, tuple) else value

    def on_close(self, ending: Callable[[], None]) -> None:
        """Do this when the window is closed."""
        self._endings.append(ending)

    def close(self) -> None:
        """Close the window and let go of the engine."""
        while self._endings:
            self._endings.pop()()
        self.speech.changed.disconnect(self._speak)
        self.speech.heard.disconnect(self._speak)
        self.speech.remove()
        self.window.close()
        self.engine.deleteLater()  # with its windows, once Qt is out of what it does now

    def _speak(self) -> None:
        language = self.speech.language
        self.theme(isRtl=language.is_rtl, hasCjk=language.has_cjk)
        if not self.speech.is_heard:
            return  # a face lies over this one: Qt would ask its language
        QGuiApplication.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if language.is_rtl else Qt.LayoutDirection.LeftToRight
        )
        self.engine.retranslate()


def warm_engine() -> None:
    """Make the engine of the next face, Qt Quick and the theme loaded, while there is something else to wait for."""
    for fallback in (FAMILY, *FALLBACKS):
        QFont.insertSubstitutions(fallback, FALLBACKS)
    QGuiApplication.setFont(QFont(FAMILY))
    engine = QQmlApplicationEngine()
    engine.addImportPath(str(ROOT))
    _WARM.append((engine, theme_of(engine)))


def theme_of(engine: QQmlEngine) -> QObject:
    """Return the Theme singleton of an engine.

    Through a component: `singletonInstance` before anything is loaded waits for a thread that waits for us.
    """
    component = QQmlComponent(engine)
    component.setData(b"import QtQuick\nimport kiosk.ui.theme\nQtObject { property QtObject look: Theme }", "")
    holder = component.create()
    look: QObject = holder.property("look")
    holder.setParent(look)
    return look


def open_shell(
    module: str,
    root: str,
    initial: Mapping[str, object],
    *,
    speech: Speech,
    width: int,
    height: int,
    theme: Mapping[str, object] | None = None,
    providers: Mapping[str, QQuickImageProvider] | None = None,
    is_fullscreen: bool = False,
) -> Shell:
    """Load a face's root window and return it shown.

    Raises:
        RuntimeError: the QML of the face does not load; Qt's own warnings say why.
    """
    if not _WARM:
        warm_engine()
    engine, look = _WARM.pop()
    speech.install()
    pictures = {"icons": IconPictures(), "codes": CodePictures(), **(providers or {})}
    for name, provider in pictures.items():
        engine.addImageProvider(name, provider)
    switches = {"isLandscape": width > height, "scale": min(width, height) / PORTRAIT_WIDTH, **(theme or {})}
    for key, value in switches.items():
        look.setProperty(key, value)
    engine.setInitialProperties({**initial, "width": width, "height": height})
    engine.load(QUrl.fromLocalFile(str(ROOT.joinpath(*module.split("."), f"{root}.qml"))))
    roots = engine.rootObjects()
    if not roots or not isinstance(roots[0], QQuickWindow):
        speech.remove()
        raise RuntimeError(f"{module}.{root} does not load")
    window = roots[0]
    if is_fullscreen:
        window.showFullScreen()
    else:
        window.show()
    shell = Shell(engine, window, look, speech)
    shell.providers = tuple(pictures.values())
    return shell
