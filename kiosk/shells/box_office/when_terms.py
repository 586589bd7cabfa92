"""On which terms an event is sold: a voucher, and what the choice costs with it."""

from collections.abc import Callable

from kiosk.application.errors import PlatformError
from kiosk.application.interfaces import EventChoice
from kiosk.application.terminal import Terminal
from kiosk.domain.catalogue import EventProduct, Voucher
from kiosk.domain.money import Money, total
from kiosk.shells.box_office.when_choices import with_voucher
from kiosk.ui.controls.staff_words import StaffWords


class EventTerms:
    """Keep a voucher and the sum of the choice; `show` is called when either changed."""

    def __init__(self, terminal: Terminal, words: StaffWords, show: Callable[[], None]) -> None:
        self._terminal = terminal
        self._words = words
        self._show = show
        self.voucher: Voucher | None = None
        self.sum: Money | None = None

    def clear(self) -> None:
        """Sell on the usual terms."""
        self.voucher, self.sum = None, None

    async def take(self, slot_id: str, code: str) -> Voucher:
        """Sell on the terms of a code.

        Raises:
            PlatformError: it is good for nothing here; voucher_unknown for one that is no voucher at all.
        """
        timeout_s = self._terminal.settings.timeouts.platform_read_s
        self.voucher = await self._terminal.platform.voucher(slot_id, code, timeout_s=timeout_s)
        return self.voucher

    async def work_out(self, choices: tuple[EventChoice, ...]) -> None:
        """Work out what a choice costs in the sale, as far as that is known; against a rule it is said when taken."""
        try:
            found = [await self._terminal.platform.event_price(each) for each in choices]
        except PlatformError:
            found = []
        self.sum = total(tuple(found), found[0].currency) if found else None
        self._show()

    def shown(self, products: tuple[EventProduct, ...]) -> tuple[EventProduct, ...]:
        """Return what is sold, at the voucher's prices."""
        return with_voucher(products, self.voucher)

    def text(self) -> str:
        """Return the voucher in a line."""
        if self.voucher is None:
            return ""
        return self._words.say("Code {code}: good for {count} more", code=self.voucher.code, count=self.voucher.left)
