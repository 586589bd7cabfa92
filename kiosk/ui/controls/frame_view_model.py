"""What the frame of a kiosk page shows: lintel, steps, sill. A face derives it; the frame only asks back."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.ui.bridge import ViewModel, shown

QML_IMPORT_NAME = "kiosk.ui.controls"
QML_IMPORT_MAJOR_VERSION = 1


class FrameProps(Struct, frozen=True):
    """One frame. `arrow` points to a part of the machine (down, down-right …, "" for none); `step` -1: none yet.

    `title` and `line` stand beside Back, `total` below them; `sideTitle` and `sideLine` at the end side.
    """

    station: str = ""
    time: str = ""
    training: str = ""
    languageName: str = ""
    hasLintel: bool = True
    hasSill: bool = True
    steps: tuple[str, ...] = ()
    step: int = -1
    back: str = ""
    backSign: str = "arrow-left"
    isBackOn: bool = True
    isBasketSignShown: bool = False
    isPlaceNamed: bool = False
    title: str = ""
    line: str = ""
    total: str = ""
    sideTitle: str = ""
    sideLine: str = ""
    arrow: str = ""
    isArrowFirst: bool = False
    wayOn: str = ""
    wayOnSign: str = "arrow-right"
    isWayOnOn: bool = True
    isReading: bool = False
    readReason: str = ""


@QmlElement
class FrameViewModel(ViewModel):
    """Show a frame; what is touched on it is signalled, a face connects it."""

    changed = Signal()
    backAsked = Signal()
    wayOnAsked = Signal()
    languageAsked = Signal()
    helpAsked = Signal()
    serviceAsked = Signal()
    largeAsked = Signal()
    contrastAsked = Signal()
    lowAsked = Signal()
    readAsked = Signal()

    station = shown(changed, str, "station")
    time = shown(changed, str, "time")
    training = shown(changed, str, "training")
    languageName = shown(changed, str, "languageName")
    hasLintel = shown(changed, bool, "hasLintel")
    hasSill = shown(changed, bool, "hasSill")
    steps = shown(changed, "QStringList", "steps")
    step = shown(changed, int, "step")
    back = shown(changed, str, "back")
    backSign = shown(changed, str, "backSign")
    isBackOn = shown(changed, bool, "isBackOn")
    isBasketSignShown = shown(changed, bool, "isBasketSignShown")
    isPlaceNamed = shown(changed, bool, "isPlaceNamed")
    title = shown(changed, str, "title")
    line = shown(changed, str, "line")
    total = shown(changed, str, "total")
    sideTitle = shown(changed, str, "sideTitle")
    sideLine = shown(changed, str, "sideLine")
    arrow = shown(changed, str, "arrow")
    isArrowFirst = shown(changed, bool, "isArrowFirst")
    wayOn = shown(changed, str, "wayOn")
    wayOnSign = shown(changed, str, "wayOnSign")
    isWayOnOn = shown(changed, bool, "isWayOnOn")
    isReading = shown(changed, bool, "isReading")
    readReason = shown(changed, str, "readReason")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(FrameProps(), parent)

    def connect_all(self, acts: dict[str, Callable[[], None]]) -> None:
        """Connect signals by name to what a face does."""
        for name, act in acts.items():
            getattr(self, name).connect(act)

    @Slot()
    def goBack(self) -> None:
        """Ask for one step back."""
        if self.props.back and self.props.isBackOn:
            self.backAsked.emit()

    @Slot()
    def goOn(self) -> None:
        """Ask for the way on."""
        if self.props.wayOn and self.props.isWayOnOn:
            self.wayOnAsked.emit()

    @Slot()
    def askLanguage(self) -> None:
        """Ask for another language."""
        self.languageAsked.emit()

    @Slot()
    def askHelp(self) -> None:
        """Ask for help."""
        self.helpAsked.emit()

    @Slot()
    def askService(self) -> None:
        """Ask for the service code."""
        self.serviceAsked.emit()

    @Slot()
    def toggleLarge(self) -> None:
        """Ask for larger or normal text."""
        self.largeAsked.emit()

    @Slot()
    def toggleContrast(self) -> None:
        """Ask for high or normal contrast."""
        self.contrastAsked.emit()

    @Slot()
    def toggleLow(self) -> None:
        """Ask for the controls lower down, or back."""
        self.lowAsked.emit()

    @Slot()
    def readAloud(self) -> None:
        """Ask for the page to be read."""
        self.readAsked.emit()
