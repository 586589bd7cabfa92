"""Which page is shown: a pure function of where the person is and what the sale is doing."""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from kiosk.domain.sale.events import SaleKind
from kiosk.domain.sale.sale import Sale, Stage


class Page(StrEnum):
    """The pages of the kiosk."""

    ATTRACT = "attract"
    HOME = "home"
    PLACES = "places"
    DEPARTURES = "departures"
    RIDERS = "riders"
    EVENTS = "events"
    SLOTS = "slots"
    VISITORS = "visitors"
    VOUCHER = "voucher"
    QUESTIONS = "questions"
    SEATS = "seats"
    BASKET = "basket"
    PAYMENT = "payment"
    GIFT_CARD = "gift_card"
    DELIVERY = "delivery"
    PICKUP = "pickup"
    LANGUAGES = "languages"
    HELP = "help"
    STILL_THERE = "still_there"
    SERVICE = "service"


# From these stages on the sale leads; before them the person does.
STAGE_PAGES = {
    Stage.HOLDING: Page.BASKET,
    Stage.PAYING: Page.PAYMENT,
    Stage.CONFIRMING: Page.DELIVERY,
    Stage.PRINTING: Page.DELIVERY,
    Stage.ASK_CUSTOMER: Page.DELIVERY,
    Stage.RECOVERY: Page.DELIVERY,
    Stage.DONE: Page.DELIVERY,
    Stage.CLAIM: Page.DELIVERY,
    Stage.ABANDONED: Page.DELIVERY,
}
OVERLAYS = frozenset({Page.LANGUAGES, Page.HELP, Page.STILL_THERE, Page.SERVICE})
BACK_STOPS = frozenset({Page.ATTRACT, Page.HOME})
DEPTH_MAX = 24


class Navigation(Struct, frozen=True):
    """Where the person is: the pages behind, the last one shown; an overlay lies on top of it."""

    trail: tuple[Page, ...] = (Page.ATTRACT,)
    overlay: Page | None = None

    @property
    def page(self) -> Page:
        """Return the page the person went to last."""
        return self.trail[-1]

    def to(self, page: Page) -> "Navigation":
        """Go to a page; one that lies behind is gone back to, so that Back never goes in circles."""
        if page in OVERLAYS:
            return replace(self, overlay=page)
        if page in self.trail:
            return Navigation(self.trail[: self.trail.index(page) + 1])
        return Navigation((*self.trail, page)[-DEPTH_MAX:])

    def back(self) -> "Navigation":
        """Go one step back: out of an overlay, else to the page before; the first page is never left."""
        if self.overlay:
            return replace(self, overlay=None)
        return Navigation(self.trail[:-1]) if len(self.trail) > 1 and self.page not in BACK_STOPS else self


def page_for(navigation: Navigation, sale: Sale | None) -> Page:
    """Return the page to show."""
    if navigation.overlay:
        return navigation.overlay
    if sale is None:
        return navigation.page
    if sale.kind is SaleKind.PICKUP and sale.stage is Stage.ABANDONED and not sale.documents:
        return navigation.page
    if navigation.page is Page.GIFT_CARD:  # asked for while paying, and over with the next step of the sale
        is_wanted = sale.stage is Stage.PAYING and sale.tender_in_flight is None
        return Page.GIFT_CARD if is_wanted else STAGE_PAGES.get(sale.stage, Page.BASKET)
    return STAGE_PAGES.get(sale.stage, navigation.page)
