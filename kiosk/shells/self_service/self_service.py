"""The kiosk's face: it holds the pages, follows the sale, and shows the page that fits."""

import asyncio

from msgspec.structs import replace
from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.errors import PlatformError
from kiosk.application.inputs import CardRead, CodeRead, Input
from kiosk.domain.catalogue import Place
from kiosk.domain.sale.events import CustomerLeft, SaleAbandoned, SaleKind
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.shells.self_service.idle import Idle
from kiosk.shells.self_service.navigation import OVERLAYS, Navigation, Page, page_for
from kiosk.shells.self_service.pages import PAGES, Models
from kiosk.shells.self_service.reading import Voice, has_voice
from kiosk.shells.shell import Shell
from kiosk.ui.controls.desk import Desk, PageViewModel, Visit, stop_sentence
from kiosk.ui.controls.frame_view_model import FrameProps, FrameViewModel

QML_IMPORT_NAME = "kiosk.shells.self_service"
QML_IMPORT_MAJOR_VERSION = 1
TICK_MS = 1000
NS = 1_000_000_000
FREE_STAGES = frozenset({Stage.CHOOSING, Stage.DONE, Stage.ABANDONED, Stage.CLAIM, Stage.PAYING})
BUYING = frozenset({
    Page.DEPARTURES, Page.RIDERS, Page.SLOTS, Page.VISITORS, Page.VOUCHER, Page.QUESTIONS, Page.SEATS, Page.BASKET,
    Page.PAYMENT, Page.GIFT_CARD,
})  # fmt: skip
READING = frozenset({Page.SERVICE, Page.VOUCHER, Page.GIFT_CARD})  # pages that take what a reader reads themselves


@QmlElement
class SelfService(QObject):
    """One kiosk."""

    pageShown = Signal(QUrl, QObject)
    serviceOpened = Signal(str)  # a technician of that name has signed in: the bench is to be shown

    def __init__(self, desk: Desk | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if desk is None:
            raise TypeError("a kiosk is made with its desk")
        self.desk = desk
        self.shell: Shell | None = None
        self.navigation = Navigation()
        self.page = Page.ATTRACT
        self._frame = FrameViewModel(self)
        self._frame.show(FrameProps(hasLintel=False, hasSill=False))
        self._voice = Voice()
        self._is_reading = False
        self._here: Place | None = None
        self._covered: Page | None = None
        self._traveller_tag = ""  # spoken again after the page for staff
        times = desk.terminal.settings.timeouts
        self.idle = Idle(times.idle_warning_s, times.idle_wipe_s, self._now_s())
        self.models = Models(desk, self._joined)
        self._join()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)

    frame = Property(FrameViewModel, lambda self: self._frame, constant=True)

    def _joined(self, page: Page, model: PageViewModel) -> None:
        """Take up a view-model that has been made."""
        model.setParent(self)
        model.went.connect(self.go)
        model.changed.connect(self._show_frame)
        ways = {
            Page.ATTRACT: ("languageAsked", self.speak), Page.LANGUAGES: ("chosen", self.speak),
            Page.STILL_THERE: ("cleared", self.wipe), Page.SERVICE: ("admitted", self.serviceOpened),
        }  # fmt: skip
        if page in ways:
            signal, way = ways[page]
            getattr(model, signal).connect(way)

    def _join(self) -> None:
        self._frame.connect_all(
            {
                "backAsked": self.back, "wayOnAsked": self.go_on, "languageAsked": lambda: self.go("languages"),
                "helpAsked": lambda: self.go("help"), "serviceAsked": lambda: self.go("service"),
                "largeAsked": lambda: self._toggle("isLarge"),
                "contrastAsked": self._toggle_contrast, "lowAsked": lambda: self._toggle("isLow"),
                "readAsked": self._read,
            }
        )  # fmt: skip
        terminal = self.desk.terminal
        self._endings = [
            terminal.till.subscribe(self._sale_changed),
            terminal.supervision.subscribe(self._refresh),
            terminal.inputs.subscribe(self._read_input),
        ]
        self.desk.speech.changed.connect(self._refresh)

    # ---- beginning and end

    @Slot()
    def begin(self) -> None:
        """Show the first page and find out where we are."""
        self._timer.start(TICK_MS)
        self._show(Page.ATTRACT)
        self.desk.tasks.start(self._find_here())

    async def make_ready(self) -> None:
        """Make the pages nobody has asked for yet, one in a turn."""
        for page in self.models.missing():
            await asyncio.sleep(0)
            self.models.make(page)

    async def _find_here(self) -> None:
        wanted, platform = self.desk.terminal.settings.terminal.place_id, self.desk.terminal.platform
        try:
            if wanted:
                self.desk.visit.origin = await platform.place(wanted)
            else:
                hits = await platform.places("", language=self.desk.speech.tag, limit=1)
                self.desk.visit.origin = hits[0].place if hits else None
        except PlatformError:
            self.desk.visit.origin = None
        self._here = self.desk.visit.origin
        if self.page in {Page.ATTRACT, Page.HOME}:
            self.models[self.page].enter()
        self._refresh()

    def close(self) -> None:
        """Let go of the terminal."""
        self._timer.stop()
        self._voice.stop()
        self.desk.speech.changed.disconnect(self._refresh)
        for ending in self._endings:
            ending()
        self._endings = []

    # ---- going

    @Slot(str)
    def go(self, name: str) -> None:
        """Go to a page by name, one step back, or to a clean start."""
        if name == "over":
            self.wipe()
            return
        self.navigation = self.navigation.back() if name == "back" else self.navigation.to(Page(name))
        self._follow()

    def back(self) -> None:
        """Take one step back, as the page means it; an overlay is only closed."""
        if self.navigation.overlay:
            self.go("back")
        else:
            self.models[self.page].go_back()

    def go_on(self) -> None:
        """Take the way on."""
        self.models[self.page].go_on()

    def _follow(self) -> None:
        page = page_for(self.navigation, self.desk.sale)
        if page is not self.page:
            self._show(page)
        else:
            self.models[page].refresh()
        self._show_frame()

    def _show(self, page: Page) -> None:
        before, self.page = self.page, page
        if before is not page:
            self._part(before, page)
            self._voice.stop()
            self._speak_to_whom(before, page)
        model = self.models[page]
        model.refresh()
        model.enter()
        self._show_frame()
        self.pageShown.emit(QUrl.fromLocalFile(PAGES[page].path), model)

    def _part(self, before: Page, page: Page) -> None:
        """Leave the page before; one that is only covered rests, and is left when another comes to light instead."""
        if page in OVERLAYS and before not in OVERLAYS:
            self._covered = before
            self.models[before].rest()
            return
        self.models[before].leave()
        if page in OVERLAYS:
            return
        if self._covered not in {None, page}:
            self.models[self._covered].leave()
        self._covered = None

    def _speak_to_whom(self, before: Page, page: Page) -> None:
        """Speak the staff's language on the page for staff, and the traveller's again after it."""
        speech = self.desk.speech
        if page is Page.SERVICE:
            self._traveller_tag = speech.tag
            speech.choose(self.desk.terminal.settings.staff_language)
        elif before is Page.SERVICE:
            speech.choose(self._traveller_tag)

    def _sale_changed(self, sale: Sale) -> None:
        if sale.id != self.desk.visit.sale_id:
            return
        if sale.stage is Stage.PAYING and Page.BASKET not in self.navigation.trail:
            self.navigation = self.navigation.to(Page.BASKET)
        self._follow()

    def _refresh(self) -> None:
        for model in tuple(self.models.values()):  # one may be made meanwhile
            model.refresh()
        self._show_frame()

    def _show_frame(self) -> None:
        desk = self.desk
        model = self.models[self.page]
        props = model.frame()
        here = desk.visit.origin
        reason = "" if has_voice() else desk.say("Voice is off")
        stop = stop_sentence(desk, is_short=True) if self.page in BUYING and props.wayOn else ""
        if stop:  # nobody is led to a till that is shut
            props = replace(props, isWayOnOn=False, line=stop, total="")
        can_go_back = bool(props.back) and self.page not in {Page.HOME, Page.ATTRACT}
        self._frame.show(
            replace(
                props,
                station=here.name.text(desk.speech.tag) if here else desk.terminal.settings.terminal.name,
                time=desk.clock(desk.now),
                training="DEMO" if desk.terminal.is_training else "",
                languageName=desk.speech.language.name,
                back=props.back if can_go_back else "",
                isReading=self._is_reading,
                readReason=reason,
            )
        )

    # ---- what is read, spoken and toggled

    def _read_input(self, read: Input) -> None:
        self.touched()
        if self.page in READING:
            self.models[self.page].take(read)  # type: ignore[attr-defined]
            return
        sale = self.desk.sale
        if self.page is Page.PAYMENT and self._takes_gift_card(read):
            self.go(Page.GIFT_CARD)
            self.models[Page.GIFT_CARD].take(read)  # type: ignore[attr-defined]
            return
        is_free = sale is None or (
            sale.stage is Stage.CHOOSING and (sale.kind is SaleKind.PICKUP or not sale.basket.offers)
        )
        if not is_free:
            return
        if self.page is not Page.PICKUP:
            if sale is not None and sale.kind is not SaleKind.PICKUP:
                self.desk.visit.sale_id = ""
            self.navigation = Navigation((Page.ATTRACT, Page.HOME))
            self.go("pickup")
        self.models[Page.PICKUP].take(read)  # type: ignore[attr-defined]

    def _takes_gift_card(self, read: Input) -> bool:
        """Say whether what was read may be a gift card: a code or a chip, while a way to pay is being chosen."""
        sale, has_gift_cards = self.desk.sale, self.desk.terminal.platform.gift_cards is not None
        is_choosing = sale is not None and sale.tender_in_flight is None and sale.due.minor > 0
        return has_gift_cards and is_choosing and isinstance(read, CodeRead | CardRead)

    @Slot(str)
    def speak(self, tag: str) -> None:
        """Speak another language."""
        self.desk.speech.choose(tag)
        self.desk.tell_language()

    def _toggle(self, name: str) -> None:
        if self.shell:
            self.shell.theme(**{name: not self.shell.look.property(name)})

    def _toggle_contrast(self) -> None:
        if self.shell:
            usual = self.desk.terminal.settings.face.look
            other = usual if usual != "contrast" else "light"
            self.shell.theme(scheme=other if self.shell.look.property("scheme") == "contrast" else "contrast")

    def _read(self) -> None:
        if self._is_reading or self.shell is None:
            self._voice.stop()
            self._is_reading = False
            self._show_frame()
            return
        text = str(self.shell.evaluate("textsOf(contentItem)"))
        self._is_reading = True
        self._show_frame()
        self.desk.tasks.latest("voice", self._speak_aloud(text))

    async def _speak_aloud(self, text: str) -> None:
        await self._voice.speak(text, self.desk.speech.tag)
        self._is_reading = False
        self.touched()
        self._show_frame()

    # ---- somebody there?

    def _now_s(self) -> float:
        return self.desk.terminal.clock.mono_ns() / NS

    def answered(self) -> bool:
        """Somebody is there; say whether that only answers the question that stands."""
        was_asked = self.idle.asked_at_s is not None
        self.touched()
        return was_asked

    def touched(self) -> None:
        """Take note that somebody is there."""
        self.idle.touch(self._now_s())

    @Slot()
    def tick(self) -> None:
        """Move the clock on the page, and ask whether somebody is still there."""
        now_s, sale = self._now_s(), self.desk.sale
        may_wipe = sale is None or (sale.stage in FREE_STAGES and not sale.is_moving)
        if self.page is Page.ATTRACT or not may_wipe or self._is_reading:
            self.idle.touch(now_s)
        elif self.idle.is_wipe_due(now_s):
            self.wipe()
        elif self.idle.is_question_due(now_s):
            self.idle.ask(now_s)
            self.go("still_there")
        if self.page is Page.STILL_THERE:
            self.models[Page.STILL_THERE].tick(self.idle.left_s(now_s), self.idle.wipe_s)  # type: ignore[attr-defined]
        if self.page is Page.ATTRACT:
            self.models[Page.ATTRACT].refresh()
        self._show_frame()

    @Slot()
    def wipe(self) -> None:
        """Forget this visit: give the sale up if it is not paid, and begin clean in the first language."""
        sale = self.desk.sale
        if sale is not None:
            settled = sale.is_settled or sale.stage in {Stage.DONE, Stage.CLAIM, Stage.ABANDONED}
            self.desk.post(CustomerLeft() if settled else SaleAbandoned("customer.gone", self.desk.now))
        self.desk.visit = Visit(origin=self._here)
        for page in self.models.keys() & {Page.RIDERS, Page.VISITORS, Page.SEATS}:
            self.models[page].reset()  # type: ignore[attr-defined]
        self.navigation = Navigation()
        self._is_reading = False
        self.touched()
        self._traveller_tag = self.desk.speech.offered[0].tag
        self.desk.speech.choose(self._traveller_tag)
        if self.shell:
            self.shell.theme(isLarge=False, isLow=False, scheme=self.desk.terminal.settings.face.look)
        self._follow()
