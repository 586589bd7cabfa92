"""A remedy card for every cause a device can tell: what it is, in a technician's words, and what to do next."""

from collections.abc import Mapping

from msgspec import Struct


class RemedyCard(Struct, frozen=True):
    """One cause: `word` stands beside the device, `todo` is the next thing to do with one's hands."""

    word: str
    todo: str


_ASK_AGAIN = "Nothing to mend: the terminal asks again by itself."
_RESTART = "Switch it off and on, then read the status again. Replace it if that does not help."
_CABLE = "Check power and cable, then read the status again."
_DOCUMENT = "Nothing to mend here: report it with the support bundle; the ticket's money goes back."
REMEDY_CARDS: Mapping[str, RemedyCard] = {
    "service.out_of_service": RemedyCard("Out of service", "Put it into service when it is mended."),
    # ---- any device
    "device.no_answer": RemedyCard("Does not answer", _RESTART),
    "device.queue_full": RemedyCard("Asked too often", _RESTART),
    "device.link_lost": RemedyCard("Connection lost", _CABLE),
    "device.not_there": RemedyCard("Not plugged in", _CABLE),
    "device.closed": RemedyCard("Was let go", "Start the terminal again."),
    # ---- printers
    "printer.paper_out": RemedyCard("Out of paper", "Put in a new roll. Paper leaves the roll from below."),
    "printer.near_end": RemedyCard("Paper low", "Have a new roll ready; it still prints."),
    "printer.cover_open": RemedyCard("Cover open", "Close the cover until it clicks."),
    "printer.jam": RemedyCard("Paper jam", "Open the cover, take the stuck paper out, close it. Print a test."),
    "printer.offline": RemedyCard("Switched to off-line", "Press its feed button once; look for a blinking light."),
    "printer.too_hot": RemedyCard("Print head too hot", "Let it cool for ten minutes. Keep its air slits free."),
    "printer.broken": RemedyCard("Broken part", _RESTART),
    "printer.unplugged": RemedyCard("Not connected", _CABLE),
    "printer.no_answer": RemedyCard("Does not answer", "Switch it off and on. Check that nothing else uses its port."),
    "printer.link_lost": RemedyCard("Connection lost", "Check plug and cable: the line broke while it printed."),
    "printer.leftovers": RemedyCard("Holds old data", "Switch it off, wait ten seconds, switch it on, print a test."),
    "printer.slow": RemedyCard("Too slow", "Check the baud rate in the settings and on the printer's own test print."),
    "printer.cannot_tell": RemedyCard("Cannot tell", "Look into the tray: the ticket may have come out."),
    "printer.job_never_came": RemedyCard("Job never came", _ASK_AGAIN),
    "printer.job_unreadable": RemedyCard("Job record damaged", "Look into the tray: the ticket may have come out."),
    "printer.job_id": RemedyCard("Job cannot travel", _DOCUMENT),
    "printer.document_too_wide": RemedyCard("Ticket too wide", "Check the paper width in the settings."),
    "printer.document_too_long": RemedyCard("Ticket too long", _DOCUMENT),
    "printer.qr_too_wide": RemedyCard("Code too wide", "Check the paper width in the settings."),
    "printer.qr_payload": RemedyCard("Code cannot be drawn", _DOCUMENT),
    "printer.font_missing": RemedyCard("Font missing", "Install the fonts the README names, then start again."),
    # ---- payment devices
    "payment.not_started": RemedyCard("Not started", "Start the terminal again."),
    "payment.not_reachable": RemedyCard("Not connected", _CABLE),
    "payment.no_answer": RemedyCard("Does not answer", "Look at its screen; switch it off and on if it stands still."),
    "payment.no_host": RemedyCard("No way to the bank", "Check the device's own network; call the payment provider."),
    "payment.not_ready": RemedyCard("Not ready", "Look at its screen: it wants something. Then read the status again."),
    "payment.needs_end_of_day": RemedyCard("Wants its end of day", "Run: guichet reconcile --close-day"),
    "payment.updating": RemedyCard("Loads new software", "Wait until it is done; do not switch it off."),
    "payment.tampered": RemedyCard("Was opened", "Take it out of service, call the payment provider, do not reset it."),
    "payment.out_of_paper": RemedyCard("No merchant paper", "Put a roll into the device; payments go on meanwhile."),
    "payment.device_busy": RemedyCard("Busy", "Wait for the payment under way to end."),
    "payment.in_progress": RemedyCard("Payment under way", "Wait for it to end."),
    "payment.device_refused": RemedyCard("Device refuses", "Look at its screen; run its own diagnosis."),
    "payment.device_nonsense": RemedyCard("Speaks nonsense", _RESTART),
    "payment.refuses": RemedyCard("Device refuses", "Look at its screen; run its own diagnosis."),
    "payment.not_possible": RemedyCard("Not possible there", "This device cannot do that; use the provider's portal."),
    "payment.no_totals": RemedyCard("No totals", "Ask again; the device did not tell its totals."),
    "payment.request_refused": RemedyCard("Request refused", "Check currency and amount limits of the device."),
    "payment.declined": RemedyCard("Card declined", "Nothing to mend: the bank said no."),
    "payment.declined_by_issuer": RemedyCard("Card declined", "Nothing to mend: the bank said no."),
    "payment.cancelled_by_customer": RemedyCard("Customer cancelled", "Nothing to mend."),
    "payment.aborted": RemedyCard("Payment stopped", "Nothing to mend."),
    "payment.never_charged": RemedyCard("Never charged", "Nothing to mend."),
    "payment.reversed": RemedyCard("Given back", "Nothing to mend."),
    "payment.nothing_to_reverse": RemedyCard("Nothing to give back", "Nothing to mend."),
    "payment.reversal_refused": RemedyCard("Reversal refused", "A claim slip holds it: pay it back at the counter."),
    "payment.answer_lost": RemedyCard("Answer lost", _ASK_AGAIN),
    "payment.answer_unclear": RemedyCard("Answer unclear", _ASK_AGAIN),
    "payment.cannot_tell": RemedyCard("Cannot tell", "Look the payment up in the provider's portal."),
    # ---- cash
    "cash.not_started": RemedyCard("Not started", "Start the terminal again."),
    "cash.not_reachable": RemedyCard("Not connected", _CABLE),
    "cash.jam": RemedyCard("Note or coin stuck", "Open the unit, take the piece out and close it."),
    "cash.cashbox_full": RemedyCard("Note box full", "Change the box and count it."),
    "cash.cashbox_removed": RemedyCard("Box is out", "Push the box in until it locks."),
    "cash.acceptor_broken": RemedyCard("Note reader broken", _RESTART),
    "cash.no_change": RemedyCard("No change", "Fill the coins; until then it takes exact money only."),
    "cash.short_dispense": RemedyCard("Paid out too little", "A claim slip holds the rest. Fill the coins."),
    "cash.answer_lost": RemedyCard("Answer lost", _ASK_AGAIN),
    # ---- scanners
    "scanner.not_started": RemedyCard("Not started", "Start the terminal again."),
    "scanner.not_reachable": RemedyCard("Not connected", _CABLE),
    "scanner.blind": RemedyCard("Window dirty", "Clean the window with a soft cloth, then read a code."),
    "scanner.nonsense": RemedyCard("Speaks nonsense", "Scan the maker's reset code, then the one for this mode."),
    "scanner.not_hid_pos": RemedyCard("Wrong USB mode", "Scan the maker's code for HID-POS: it is a keyboard now."),
    # ---- card readers
    "card_reader.not_started": RemedyCard("Not started", "Start the terminal again."),
    "card_reader.service_absent": RemedyCard("Card service off", "Start it: systemctl start pcscd.socket"),
    "card_reader.not_plugged_in": RemedyCard("Not plugged in", _CABLE),
    "card_reader.no_library": RemedyCard("Driver missing", "Install the card reader's packages: see the README."),
    "card_reader.nonsense": RemedyCard("Speaks nonsense", _RESTART),
    "card_reader.card_mute": RemedyCard("Card does not answer", "Take the card off; try it the other way round."),
    "card_reader.card_gone": RemedyCard("Card was taken", "Hold the card still until it is read."),
    "card_reader.card_reset": RemedyCard("Card was reset", "Take the card off and hold it on again."),
    "card_reader.card_shared": RemedyCard("Used by another", "End the other program that uses the reader."),
    "card_reader.answer_cut": RemedyCard("Answer cut short", "Hold the card still until it is read."),
    "card_reader.answer_nonsense": RemedyCard("Card speaks nonsense", "This card is not for this terminal."),
    "card_reader.ndef_unreadable": RemedyCard("Card unreadable", "The card's text is damaged: write it anew."),
    "card_reader.not_enrolled": RemedyCard("Unknown card", "Enrol it: guichet service card add NAME --key-file FILE"),
    "card_reader.no_staff_card": RemedyCard("No staff card", "This card holds no key of ours: use a staff card."),
    "card_reader.staff_key_wrong": RemedyCard("Not our staff card", "The card's key is another one: have it blocked."),
    # ---- displays
    "display.not_reachable": RemedyCard("Not connected", _CABLE),
}
