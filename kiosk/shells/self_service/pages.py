"""The pages of the kiosk: the view-model and the QML of each, and the view-models made so far."""

import importlib
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from kiosk.shells.self_service.navigation import Page
from kiosk.shells.shell import ROOT
from kiosk.ui.controls.desk import Desk, PageViewModel

Seen = Callable[[PageViewModel], None]


class PageParts(Struct, frozen=True):
    """What a page consists of; the module is read when the page is first wanted, not before the first one is shown."""

    module: str
    view_model: str
    qml: str

    def made(self, desk: Desk) -> PageViewModel:
        """Make the view-model."""
        model: PageViewModel = getattr(importlib.import_module(self.module), self.view_model)(desk)
        return model

    @property
    def path(self) -> str:
        """Return where the QML lies."""
        return str(Path(ROOT, self.qml))


def _parts(folder: str, name: str, module: str = "") -> PageParts:
    stem = f"kiosk.{folder}.{module or f'{name.lower()}_view_model'}"
    return PageParts(stem, f"{name}ViewModel", f"kiosk/{folder.replace('.', '/')}/{name}Page.qml")


OVERLAYS_MODULE = "overlay_view_models"
PAGES = {
    Page.ATTRACT: _parts("ui.catalogue", "Attract"),
    Page.HOME: _parts("ui.catalogue", "Home"),
    Page.PLACES: _parts("ui.catalogue", "Places"),
    Page.DEPARTURES: _parts("ui.catalogue", "Departures"),
    Page.RIDERS: _parts("ui.catalogue", "Riders"),
    Page.EVENTS: _parts("ui.catalogue", "Events"),
    Page.SLOTS: _parts("ui.catalogue", "Slots"),
    Page.VISITORS: _parts("ui.catalogue", "Visitors"),
    Page.VOUCHER: _parts("ui.catalogue", "Voucher"),
    Page.QUESTIONS: _parts("ui.catalogue", "Questions"),
    Page.SEATS: _parts("ui.catalogue", "Seats"),
    Page.BASKET: _parts("ui.sale", "Basket"),
    Page.PAYMENT: _parts("ui.sale", "Payment"),
    Page.GIFT_CARD: _parts("ui.sale", "GiftCard", "gift_card_view_model"),
    Page.DELIVERY: _parts("ui.sale", "Delivery"),
    Page.PICKUP: _parts("ui.pickup", "PickUp"),
    Page.LANGUAGES: _parts("shells.self_service", "Languages", OVERLAYS_MODULE),
    Page.HELP: _parts("shells.self_service", "Help", OVERLAYS_MODULE),
    Page.STILL_THERE: _parts("shells.self_service", "StillThere", OVERLAYS_MODULE),
    Page.SERVICE: _parts("shells.self_service", "Service"),
}


class Models(dict[str, PageViewModel]):
    """The view-models by page, each made when it is first asked for."""

    def __init__(self, desk: Desk, joined: Callable[[Page, PageViewModel], None]) -> None:
        super().__init__()
        self._desk = desk
        self._joined = joined
        self._awaited: dict[Page, Seen] = {}

    def __missing__(self, name: str) -> PageViewModel:
        """Make the view-model that is asked for."""
        return self.make(Page(name))

    def missing(self) -> tuple[Page, ...]:
        """Return the pages that have none yet."""
        return tuple(page for page in PAGES if page not in self)

    def make(self, page: Page) -> PageViewModel:
        """Return the view-model of a page, made where there is none."""
        if page in self:
            return self[page]
        model = self[page] = PAGES[page].made(self._desk)
        self._joined(page, model)
        if page in self._awaited:
            self._awaited.pop(page)(model)
        return model

    def when_made(self, page: Page, act: Seen) -> None:
        """Do something with a view-model as soon as there is one."""
        if page in self:
            act(self[page])
        else:
            self._awaited[page] = act
