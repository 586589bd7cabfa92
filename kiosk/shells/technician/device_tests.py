"""Tests of one device: what is done, and what came of it in words."""

import asyncio
import secrets
from typing import assert_never

from hardware.cash import CashUnit
from hardware.payment_terminal import PaymentOutcome, PaymentTerminal
from hardware.printer import Printer, PrintJob, PrintOutcome
from kiosk.application.documents import Imprint, PaperMaker
from kiosk.application.inputs import CardNotUsable, CardRead, CodeNotUsable, CodeRead
from kiosk.application.paper_words import money
from kiosk.application.terminal import Terminal
from kiosk.domain.money import Money
from kiosk.shells.technician.words import say

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ3789"
READ_BACK_S = 60.0
Outcome = tuple[str, str]  # mood, sentence


def test_code() -> str:
    """Return a code for a test print that no ticket has."""
    return "TEST" + "".join(secrets.choice(ALPHABET) for _ in range(4))


async def print_test(terminal: Terminal, printer: Printer, code: str) -> Outcome:
    """Print the pattern; the outcome is the printer's own word."""
    settings = terminal.settings
    imprint = Imprint(
        settings.terminal.name, settings.terminal.id, terminal.platform.traits.zone, is_training=terminal.is_training
    )
    document = PaperMaker(imprint).test(code, terminal.clock.now(), printer.width_dots)
    result = await printer.print(PrintJob(code[-4:], document), timeout_s=settings.timeouts.print_s)
    match result.outcome:
        case PrintOutcome.PRINTED:
            return "ok", say("Printed. Hold the code {0} before the reader.", code)
        case PrintOutcome.NOT_PRINTED:
            return "stop", say("Not printed.")
        case PrintOutcome.UNKNOWN:
            return "warn", say("The printer cannot say whether it printed. Look at the paper.")
        case _:
            assert_never(result.outcome)


async def open_drawer(printer: Printer) -> Outcome:
    """Kick the drawer."""
    return ("ok", say("Drawer opened.")) if await printer.open_drawer() else ("warn", say("No drawer on this printer."))


async def pay_one_cent(terminal: Terminal, device: PaymentTerminal) -> Outcome:
    """Take the smallest coin by card and give it back under the same reference."""
    currency = terminal.platform.traits.currency
    times = terminal.settings.timeouts
    reference = "T" + "".join(secrets.choice(ALPHABET) for _ in range(15))
    coin = money(Money(1, currency), "en")
    paid = await device.pay(reference, 1, currency, timeout_s=times.card_payment_s)
    if paid.outcome is not PaymentOutcome.APPROVED:
        is_certain = paid.outcome is PaymentOutcome.DECLINED
        return (
            ("stop", say("Declined, nothing charged."))
            if is_certain
            else ("warn", say("No answer. Reference {0}: ask the device again before anything else.", reference))
        )
    back = await device.reverse(reference, 1, currency, timeout_s=times.reversal_s)
    if back.outcome is PaymentOutcome.APPROVED:
        return "ok", say("{0} taken and given back.", coin)
    return "warn", say("{0} taken, not given back yet. Reference {1}.", coin, reference)


async def read_something(terminal: Terminal, wanted: type[CardRead] | type[CodeRead], expected: str = "") -> Outcome:
    """Wait for a card or a code; `expected` is the code of a test print."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[object] = loop.create_future()
    end = terminal.inputs.subscribe(lambda read: None if answer.done() else answer.set_result(read))
    try:
        read = await asyncio.wait_for(answer, READ_BACK_S)
    except TimeoutError:
        return "warn", say("Nothing was read within a minute.")
    finally:
        end()
    match read:
        case CodeRead(text=text) if wanted is CodeRead:
            if expected and text != expected:
                return "warn", say("Another code was read.")
            return "ok", say("Code read back.") if expected else say("Code read: {0} characters.", len(text))
        case CardRead(contents=contents) if wanted is CardRead:
            return "ok", say("Card read, number ends in {0}.", contents.uid[-4:])
        case CardNotUsable() | CodeNotUsable():
            return "warn", say("Read, but it cannot be used here.")
        case _:
            return "warn", say("Something else was read.")


async def cash_counts(cash: CashUnit) -> Outcome:
    """Read what lies in the cash unit."""
    counts = await cash.counts()
    return "ok", ", ".join(f"{count} × {value / 100:.2f}" for value, count in counts) or say("It is empty.")  # noqa: RUF001 - times


__all__ = ["cash_counts", "open_drawer", "pay_one_cent", "print_test", "read_something", "test_code"]
