"""Tests of one device: what is done, and what came of it in words."""

import asyncio
import secrets
from typing import assert_never

from hardware.cash import CashUnit
from hardware.errors import DeviceError
from hardware.payment_terminal import PaymentOutcome, PaymentTerminal
from hardware.printer import Printer, PrintJob, PrintOutcome
from kiosk.application.documents import Imprint, PaperMaker
from kiosk.application.inputs import CardNotUsable, CardRead, CodeNotUsable, CodeRead
from kiosk.application.terminal import Terminal
from kiosk.application.word import Word
from kiosk.domain.money import Money
from kiosk.ui.controls.staff_words import StaffWords

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ3789"
READ_BACK_S = 60.0
ASK_AGAIN = Word("No answer. Reference {reference}: ask the device again before anything else.")
Outcome = tuple[str, str]  # mood, sentence
_UNDER_WAY: set[asyncio.Task[Outcome]] = set()  # payments, kept until what was taken is given back


def test_code() -> str:
    """Return a code for a test print that no ticket has."""
    return "TEST" + "".join(secrets.choice(ALPHABET) for _ in range(4))


async def print_test(words: StaffWords, terminal: Terminal, printer: Printer, code: str) -> Outcome:
    """Print the pattern; the outcome is the printer's own word."""
    settings = terminal.settings
    name, zone = settings.terminal.name, terminal.platform.traits.zone
    imprint = Imprint(name, settings.terminal.id, zone, words.tag, is_training=terminal.is_training)
    document = PaperMaker(imprint).test(code, terminal.clock.now(), printer.width_dots)
    result = await printer.print(PrintJob(code[-4:], document), timeout_s=settings.timeouts.print_s)
    match result.outcome:
        case PrintOutcome.PRINTED:
            return "ok", words.say("Printed. Hold the code {code} before the reader.", code=code)
        case PrintOutcome.NOT_PRINTED:
            return "stop", words.say("Not printed.")
        case PrintOutcome.UNKNOWN:
            return "warn", words.say("The printer cannot say whether it printed. Look at the paper.")
        case _:
            assert_never(result.outcome)


async def open_drawer(words: StaffWords, printer: Printer) -> Outcome:
    """Kick the drawer."""
    if await printer.open_drawer():
        return "ok", words.say("Drawer opened.")
    return "warn", words.say("No drawer on this printer.")


async def pay_one_cent(words: StaffWords, terminal: Terminal, device: PaymentTerminal) -> Outcome:
    """Take the smallest coin by card and give it back, also where nobody waits for the outcome any more."""
    work = asyncio.create_task(_paid_and_given_back(words, terminal, device))
    _UNDER_WAY.add(work)
    work.add_done_callback(_UNDER_WAY.discard)
    return await asyncio.shield(work)


async def _paid_and_given_back(words: StaffWords, terminal: Terminal, device: PaymentTerminal) -> Outcome:
    """Take the smallest coin by card and give it back under the same reference."""
    currency = terminal.platform.traits.currency
    times = terminal.settings.timeouts
    reference = "T" + "".join(secrets.choice(ALPHABET) for _ in range(15))
    coin = words.amount(Money(1, currency))
    paid = await device.pay(reference, 1, currency, timeout_s=times.card_payment_s)
    if paid.outcome is not PaymentOutcome.APPROVED:
        is_certain = paid.outcome is PaymentOutcome.DECLINED
        return (
            ("stop", words.say("Declined, nothing charged."))
            if is_certain
            else ("warn", words.tell(ASK_AGAIN, reference=reference))
        )
    back = await device.reverse(reference, 1, currency, timeout_s=times.reversal_s)
    if back.outcome is PaymentOutcome.APPROVED:
        return "ok", words.say("{amount} taken and given back.", amount=coin)
    return "warn", words.say(
        "{amount} taken, not given back yet. Reference {reference}.", amount=coin, reference=reference
    )


async def read_something(
    words: StaffWords, terminal: Terminal, wanted: type[CardRead] | type[CodeRead], expected: str = ""
) -> Outcome:
    """Wait for a card or a code; `expected` is the code of a test print."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[object] = loop.create_future()
    end = terminal.inputs.subscribe(lambda read: None if answer.done() else answer.set_result(read))
    try:
        read = await asyncio.wait_for(answer, READ_BACK_S)
    except TimeoutError:
        return "warn", words.say("Nothing was read within a minute.")
    finally:
        end()
    match read:
        case CodeRead(text=text) if wanted is CodeRead:
            if expected and text != expected:
                return "warn", words.say("Another code was read.")
            is_test = bool(expected)
            return "ok", words.say("Code read back.") if is_test else words.say(
                "Code of %n character(s) read.", n=len(text)
            )
        case CardRead(contents=contents) if wanted is CardRead:
            return "ok", words.say("Card read, its number ends in {end}.", end=contents.uid[-4:])
        case CardNotUsable() | CodeNotUsable():
            return "warn", words.say("Read, but it cannot be used here.")
        case _:
            return "warn", words.say("Something else was read.")


async def cash_counts(words: StaffWords, terminal: Terminal, cash: CashUnit) -> Outcome:
    """Read what lies in the cash unit."""
    currency = terminal.platform.traits.currency
    try:
        counts = await cash.counts()
    except DeviceError:
        return "warn", words.say("The cash unit does not say what lies in it.")
    held = [f"{count} × {words.amount(Money(value, currency))}" for value, count in counts]  # noqa: RUF001 - times
    return "ok", " · ".join(held) or words.say("It is empty.")


__all__ = ["cash_counts", "open_drawer", "pay_one_cent", "print_test", "read_something", "test_code"]
