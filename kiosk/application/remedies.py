"""A remedy card for every cause a device can tell: what it is, in a technician's words, and what to do next."""

from collections.abc import Mapping

from msgspec import Struct

from kiosk.application.word import Word


class RemedyCard(Struct, frozen=True):
    """One cause: `word` stands beside the device, `todo` is the next thing to do with one's hands."""

    word: Word
    todo: Word


_ASK_AGAIN = Word("Nothing to mend: the terminal asks again by itself.")
_RESTART = Word("Switch it off and on, then read the status again. Replace it if that does not help.")
_CABLE = Word("Check power and cable, then read the status again.")
_DOCUMENT = Word("Nothing to mend here: report it with the support bundle; the ticket's money goes back.")
REMEDY_CARDS: Mapping[str, RemedyCard] = {
    "service.out_of_service": RemedyCard(Word("Out of service"), Word("Put it into service when it is mended.")),
    # ---- any device
    "device.no_answer": RemedyCard(Word("Does not answer"), _RESTART),
    "device.queue_full": RemedyCard(Word("Asked too often"), _RESTART),
    "device.link_lost": RemedyCard(Word("Connection lost"), _CABLE),
    "device.not_there": RemedyCard(Word("Not plugged in"), _CABLE),
    "device.closed": RemedyCard(Word("Was let go"), Word("Start the terminal again.")),
    # ---- printers
    "printer.paper_out": RemedyCard(Word("Out of paper"), Word("Put in a new roll. Paper leaves the roll from below.")),
    "printer.near_end": RemedyCard(Word("Paper low"), Word("Have a new roll ready; it still prints.")),
    "printer.cover_open": RemedyCard(Word("Cover open"), Word("Close the cover until it clicks.")),
    "printer.jam": RemedyCard(
        Word("Paper jam"), Word("Open the cover, take the stuck paper out, close it. Print a test.")
    ),
    "printer.jams": RemedyCard(
        Word("Jams again and again"),
        Word("Look at cutter and paper path, print a test. Put it into service when it prints."),
    ),
    "printer.offline": RemedyCard(
        Word("Switched to off-line"), Word("Press its feed button once; look for a blinking light.")
    ),
    "printer.too_hot": RemedyCard(
        Word("Print head too hot"), Word("Let it cool for ten minutes. Keep its air slits free.")
    ),
    "printer.broken": RemedyCard(
        Word("Broken part"), Word("Switch it off and on, print a test. Put it into service when it prints.")
    ),
    "printer.unplugged": RemedyCard(Word("Not connected"), _CABLE),
    "printer.no_answer": RemedyCard(
        Word("Does not answer"), Word("Switch it off and on. Check that nothing else uses its port.")
    ),
    "printer.link_lost": RemedyCard(
        Word("Connection lost"), Word("Check plug and cable: the line broke while it printed.")
    ),
    "printer.leftovers": RemedyCard(
        Word("Holds old data"), Word("Switch it off, wait ten seconds, switch it on, print a test.")
    ),
    "printer.slow": RemedyCard(
        Word("Too slow"), Word("Check the baud rate in the settings and on the printer's own test print.")
    ),
    "printer.cannot_tell": RemedyCard(Word("Cannot tell"), Word("Look into the tray: the ticket may have come out.")),
    "printer.job_never_came": RemedyCard(Word("Job never came"), _ASK_AGAIN),
    "printer.job_unreadable": RemedyCard(
        Word("Job record damaged"), Word("Look into the tray: the ticket may have come out.")
    ),
    "printer.job_id": RemedyCard(Word("Job cannot travel"), _DOCUMENT),
    "printer.document_too_wide": RemedyCard(Word("Ticket too wide"), Word("Check the paper width in the settings.")),
    "printer.document_too_long": RemedyCard(Word("Ticket too long"), _DOCUMENT),
    "printer.qr_too_wide": RemedyCard(Word("Code too wide"), Word("Check the paper width in the settings.")),
    "printer.qr_payload": RemedyCard(Word("Code cannot be drawn"), _DOCUMENT),
    "printer.font_missing": RemedyCard(
        Word("Font missing"), Word("Install the fonts the README names, then start again.")
    ),
    # ---- payment devices
    "payment.not_started": RemedyCard(Word("Not started"), Word("Start the terminal again.")),
    "payment.not_reachable": RemedyCard(Word("Not connected"), _CABLE),
    "payment.no_answer": RemedyCard(
        Word("Does not answer"), Word("Look at its screen; switch it off and on if it stands still.")
    ),
    "payment.no_host": RemedyCard(
        Word("No way to the bank"), Word("Check the device's own network; call the payment provider.")
    ),
    "payment.not_ready": RemedyCard(
        Word("Not ready"), Word("Look at its screen: it wants something. Then read the status again.")
    ),
    "payment.needs_end_of_day": RemedyCard(Word("Wants its end of day"), Word("Run: guichet reconcile --close-day")),
    "payment.updating": RemedyCard(Word("Loads new software"), Word("Wait until it is done; do not switch it off.")),
    "payment.tampered": RemedyCard(
        Word("Was opened"), Word("Call the payment provider, do not reset it. Put it into service when they agree.")
    ),
    "payment.out_of_paper": RemedyCard(
        Word("No merchant paper"), Word("Put a roll into the device; payments go on meanwhile.")
    ),
    "payment.device_busy": RemedyCard(Word("Busy"), Word("Wait for the payment under way to end.")),
    "payment.in_progress": RemedyCard(Word("Payment under way"), Word("Wait for it to end.")),
    "payment.device_refused": RemedyCard(Word("Device refuses"), Word("Look at its screen; run its own diagnosis.")),
    "payment.device_nonsense": RemedyCard(Word("Speaks nonsense"), _RESTART),
    "payment.refuses": RemedyCard(Word("Device refuses"), Word("Look at its screen; run its own diagnosis.")),
    "payment.not_possible": RemedyCard(
        Word("Not possible there"), Word("This device cannot do that; use the provider's portal.")
    ),
    "payment.no_totals": RemedyCard(Word("No totals"), Word("Ask again; the device did not tell its totals.")),
    "payment.request_refused": RemedyCard(
        Word("Request refused"), Word("Check currency and amount limits of the device.")
    ),
    "payment.declined": RemedyCard(Word("Card declined"), Word("Nothing to mend: the bank said no.")),
    "payment.declined_by_issuer": RemedyCard(Word("Card declined"), Word("Nothing to mend: the bank said no.")),
    "payment.cancelled_by_customer": RemedyCard(Word("Customer cancelled"), Word("Nothing to mend.")),
    "payment.aborted": RemedyCard(Word("Payment stopped"), Word("Nothing to mend.")),
    "payment.never_charged": RemedyCard(Word("Never charged"), Word("Nothing to mend.")),
    "payment.reversed": RemedyCard(Word("Given back"), Word("Nothing to mend.")),
    "payment.nothing_to_reverse": RemedyCard(Word("Nothing to give back"), Word("Nothing to mend.")),
    "payment.reversal_refused": RemedyCard(
        Word("Reversal refused"), Word("A claim slip holds it: pay it back at the counter.")
    ),
    "payment.answer_lost": RemedyCard(Word("Answer lost"), _ASK_AGAIN),
    "payment.answer_unclear": RemedyCard(Word("Answer unclear"), _ASK_AGAIN),
    "payment.cannot_tell": RemedyCard(Word("Cannot tell"), Word("Look the payment up in the provider's portal.")),
    # ---- cash
    "cash.not_started": RemedyCard(Word("Not started"), Word("Start the terminal again.")),
    "cash.not_reachable": RemedyCard(Word("Not connected"), _CABLE),
    "cash.jam": RemedyCard(Word("Note or coin stuck"), Word("Open the unit, take the piece out and close it.")),
    "cash.cashbox_full": RemedyCard(Word("Note box full"), Word("Change the box and count it.")),
    "cash.cashbox_removed": RemedyCard(
        Word("Box was taken out"), Word("Push the box in until it locks, count the cash. Then put it into service.")
    ),
    "cash.acceptor_broken": RemedyCard(Word("Note reader broken"), _RESTART),
    "cash.no_change": RemedyCard(Word("Out of change"), Word("Fill the coins; until then it takes exact money only.")),
    "cash.short_dispense": RemedyCard(
        Word("Paid out too little"), Word("A claim slip holds the rest. Fill the coins.")
    ),
    "cash.answer_lost": RemedyCard(Word("Answer lost"), _ASK_AGAIN),
    # ---- scanners
    "scanner.not_started": RemedyCard(Word("Not started"), Word("Start the terminal again.")),
    "scanner.not_reachable": RemedyCard(Word("Not connected"), _CABLE),
    "scanner.blind": RemedyCard(Word("Window dirty"), Word("Clean the window with a soft cloth, then read a code.")),
    "scanner.nonsense": RemedyCard(
        Word("Speaks nonsense"), Word("Scan the maker's reset code, then the one for this mode.")
    ),
    "scanner.not_hid_pos": RemedyCard(
        Word("Wrong USB mode"), Word("Scan the maker's code for HID-POS: it is a keyboard now.")
    ),
    # ---- card readers
    "card_reader.not_started": RemedyCard(Word("Not started"), Word("Start the terminal again.")),
    "card_reader.service_absent": RemedyCard(Word("Card service off"), Word("Start it: systemctl start pcscd.socket")),
    "card_reader.not_plugged_in": RemedyCard(Word("Not plugged in"), _CABLE),
    "card_reader.no_library": RemedyCard(
        Word("Driver missing"), Word("Install the card reader's packages: see the README.")
    ),
    "card_reader.nonsense": RemedyCard(Word("Speaks nonsense"), _RESTART),
    "card_reader.card_mute": RemedyCard(
        Word("Card does not answer"), Word("Take the card off; try it the other way round.")
    ),
    "card_reader.card_gone": RemedyCard(Word("Card was taken"), Word("Hold the card still until it is read.")),
    "card_reader.card_reset": RemedyCard(Word("Card was reset"), Word("Take the card off and hold it on again.")),
    "card_reader.card_shared": RemedyCard(Word("Used by another"), Word("End the other program that uses the reader.")),
    "card_reader.answer_cut": RemedyCard(Word("Answer cut short"), Word("Hold the card still until it is read.")),
    "card_reader.answer_nonsense": RemedyCard(
        Word("Card speaks nonsense"), Word("This card is not for this terminal.")
    ),
    "card_reader.ndef_unreadable": RemedyCard(
        Word("Card unreadable"), Word("The card's text is damaged: write it anew.")
    ),
    "card_reader.not_enrolled": RemedyCard(
        Word("Unknown card"), Word("Enrol it: guichet service card add NAME --key-file FILE")
    ),
    "card_reader.no_staff_card": RemedyCard(
        Word("No staff card"), Word("This card holds no key of ours: use a staff card.")
    ),
    "card_reader.staff_key_wrong": RemedyCard(
        Word("Not our staff card"), Word("The card's key is another one: have it blocked.")
    ),
    # ---- displays
    "display.not_reachable": RemedyCard(Word("Not connected"), _CABLE),
}
