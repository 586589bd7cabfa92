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
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import PySide6.QtQuick  # noqa: F401 - before the engine, else the window is a bare QWindow
from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine, QQmlComponent, QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickImageProvider, QQuickWindow

from kiosk.ui.controls.code_pictures import CodePictures
from kiosk.ui.controls.icon_pictures import IconPictures
from kiosk.ui.i18n import Speech

ROOT = Path(__file__).parents[2]
FAMILY = "Noto Sans"
FALLBACKS = ["Noto Sans CJK SC", "Noto Sans Arabic"]
FRAME_S = 2.0
AFTER_FRAME_MS = 20
PORTRAIT_WIDTH = 1080  # px of the design
_WARM: list[tuple[QQmlApplicationEngine, list[QQmlComponent]]] = []


def prepare_qt(*, is_software: bool = True) -> None:
    """Choose Qt's render loop and backend; to be called before the application object is made."""
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    if is_software:
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_QUICK_CONTROLS_STYLE", "Basic")


class Shell:
    """One window of one face."""

    def __init__(self, engine: QQmlApplicationEngine, window: QQuickWindow, speech: Speech) -> None:
        self.engine = engine
        self.window = window
        self.speech = speech
        self.face: QObject | None = None  # the face's own root object, where it has one
        self._endings: list[Callable[[], None]] = []
        self._is_closed = False
        self.providers: tuple[QQuickImageProvider, ...] = ()  # kept as long as the engine that asks them
        speech.changed.connect(self._speak)
        speech.heard.connect(self._speak)

    @cached_property
    def look(self) -> QObject:
        """The Theme singleton; its first use costs what the first page has been spared."""
        return theme_of(self.engine)

    def when_drawn(self, act: Callable[[], None]) -> None:
        """Do this soon after the first frame, when whoever waits for it has gone on."""

        def swapped() -> None:
            self.window.frameSwapped.disconnect(swapped)
            QTimer.singleShot(AFTER_FRAME_MS, lambda: None if self._is_closed else act())

        self.window.frameSwapped.connect(swapped)

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

    def add_pictures(self, name: str, pictures: QQuickImageProvider) -> None:
        """Let the pages ask for pictures of another kind."""
        self.engine.addImageProvider(name, pictures)
        self.providers = (*self.providers, pictures)

    def on_close(self, ending: Callable[[], None]) -> None:
        """Do this when the window is closed."""
        self._endings.append(ending)

    def close(self) -> None:
        """Close the window and let go of the engine."""
        self._is_closed = True
        while self._endings:
            self._endings.pop()()
        self.speech.changed.disconnect(self._speak)
        self.speech.heard.disconnect(self._speak)
        self.speech.remove()
        self.window.close()
        self.engine.deleteLater()  # with its windows, once Qt is out of what it does now

    def _speak(self) -> None:
        self.theme(**switches_of(self.speech))
        if not self.speech.is_heard:
            return  # a face lies over this one: Qt would ask its language
        mirror(is_rtl=self.speech.language.is_rtl)
        self.engine.retranslate()


def switches_of(speech: Speech) -> dict[str, object]:
    """Return what the language spoken switches in the theme."""
    return {"isRtl": speech.language.is_rtl, "hasCjk": speech.language.has_cjk}


def mirror(*, is_rtl: bool) -> None:
    """Lay everything out from right to left, or from left to right."""
    if is_rtl == QGuiApplication.isRightToLeft():
        return
    from PySide6.QtCore import Qt  # noqa: PLC0415 - its hundred enums cost a start what most starts need not pay

    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)


def warm_engine(pages: Sequence[str] = ()) -> None:
    """Make the engine of the next face while there is something else to wait for: Qt Quick, theme, fonts.

    The pages named are read by the engine's own thread meanwhile.
    """
    for fallback in (FAMILY, *FALLBACKS):
        QFont.insertSubstitutions(fallback, FALLBACKS)
    QGuiApplication.setFont(QFont(FAMILY))
    engine = QQmlApplicationEngine()
    engine.addImportPath(str(ROOT))
    dress(engine, {})
    components = [QQmlComponent(engine) for _ in pages]
    for component, page in zip(components, pages, strict=True):
        component.loadUrl(QUrl.fromLocalFile(str(ROOT / page)), QQmlComponent.CompilationMode.Asynchronous)
    engine.setInitialProperties({})
    engine.load(QUrl.fromLocalFile(str(ROOT / "kiosk" / "ui" / "theme" / "Ahead.qml")))
    _WARM.append((engine, components))


def dress(engine: QQmlApplicationEngine, switches: Mapping[str, object]) -> None:
    """Set switches of the theme before anything is shown.

    From QML, not through `theme_of`: to wrap an object of a type it does not know, the binding first makes the enums of
    every type it has. By `load`, which lets go of Python's lock: the thread that reads QML may need it.
    """
    engine.setInitialProperties({"switches": dict(switches)})
    engine.load(QUrl.fromLocalFile(str(ROOT / "kiosk" / "ui" / "theme" / "Switches.qml")))


def _window_of(engine: QQmlApplicationEngine, source: QUrl) -> QQuickWindow | None:
    """Load a window and return it; None where the file does not load, or is no window."""
    made: list[QObject | None] = []

    def take(root: QObject | None, _: QUrl) -> None:
        made.append(root)

    engine.objectCreated.connect(take)
    engine.load(source)
    engine.objectCreated.disconnect(take)
    return made[0] if made and isinstance(made[0], QQuickWindow) else None


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
    is_fullscreen: bool = False,
) -> Shell:
    """Load a face's root window and return it shown.

    Raises:
        RuntimeError: the QML of the face does not load; Qt's own warnings say why.
    """
    if not _WARM:
        warm_engine()
    engine, components = _WARM.pop()
    speech.install()
    pictures = {"icons": IconPictures(), "codes": CodePictures()}
    for name, provider in pictures.items():
        engine.addImageProvider(name, provider)
    switches = {"isLandscape": width > height, "scale": min(width, height) / PORTRAIT_WIDTH, **(theme or {})}
    mirror(is_rtl=speech.language.is_rtl)
    dress(engine, {**switches, **switches_of(speech)})
    engine.setInitialProperties({**initial, "width": width, "height": height})
    window = _window_of(engine, QUrl.fromLocalFile(str(ROOT.joinpath(*module.split("."), f"{root}.qml"))))
    del components  # kept until here: with them the engine would let go of what they read
    if window is None:
        speech.remove()
        raise RuntimeError(f"{module}.{root} does not load")
    if is_fullscreen:
        window.showFullScreen()
    else:
        window.show()
    shell = Shell(engine, window, speech)
    shell.providers = tuple(pictures.values())
    return shell
