"""Exchanging at the counter: a booking's code brings its tickets into pane 3 and its event into pane 2."""

from kiosk.application.errors import PlatformError, Refused
from kiosk.application.exchanging import Returned, in_place_of, returned
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import Event, Offer
from kiosk.shells.box_office.pay_view_model import PayViewModel
from kiosk.shells.box_office.when_view_model import WhenViewModel
from kiosk.shells.box_office.words import sentence
from kiosk.ui.controls.staff_words import StaffWords

EVENTS_MAX = 200


class ExchangeDesk:
    """Lead from a code to what takes the tickets' place."""

    def __init__(self, terminal: Terminal, words: StaffWords, when: WhenViewModel, pay: PayViewModel) -> None:
        self._terminal = terminal
        self._words = words
        self._when = when
        self._pay = pay

    def over(self) -> None:
        """Sell to the next customer as usual."""
        self._when.asking.is_off = False

    async def look_up(self, code: str) -> bool:
        """Show the tickets of a booking, and the times of their event; False where its event is not sold any more.

        Raises:
            PlatformError: no such booking, nothing alive of it, or no answer.
        """
        timeout_s = self._terminal.settings.timeouts.platform_read_s
        old = await returned(self._terminal.platform, code, (), timeout_s=timeout_s)
        event = await self._event(old)
        self._pay.begin_exchange(old)
        self._when.asking.is_off = True
        if event is None:
            return False
        counts: dict[str, int] = {}
        for part in old.parts:
            counts[part.product_id] = counts.get(part.product_id, 0) + 1
        self._when.show_event(event, counts)
        return True

    async def _event(self, old: Returned) -> Event | None:
        """Return the event the tickets are for; a slot's id begins with its event's."""
        slots = {offer.occurrence.id for offer in old.booking.offers}
        events = await self._terminal.platform.events(on=None, limit=EVENTS_MAX)
        return next((each for each in events if any(slot.startswith(f"{each.id}@") for slot in slots)), None)

    async def take(self, offers: tuple[Offer, ...]) -> bool:
        """Let what was chosen take the place of the old tickets; False where it cannot, and pane 3 says why."""
        old = self._pay.exchanging
        if old is None:
            return False
        platform, timeout_s = self._terminal.platform, self._terminal.settings.timeouts.platform_read_s
        try:
            new = in_place_of(old, offers)
            ids = tuple(part.id for part in old.parts)
            await platform.check_exchange(old.booking.code, ids, new, timeout_s=timeout_s)
        except PlatformError as trouble:
            key = trouble.key if isinstance(trouble, Refused) else "platform.away"
            self._pay.say_problem(sentence(self._words, key))
            return False
        self._pay.exchange(new)
        return True
