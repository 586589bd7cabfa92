"""After paying: printing, taking, the question whether paper came out, and what happens when it cannot."""

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.paper_words import grouped
from kiosk.application.print_desk import claim_facts
from kiosk.application.word import Word
from kiosk.domain.catalogue import OccurrenceKind
from kiosk.domain.sale.document import FAILURES_MAX, Document, DocumentKind, DocumentState
from kiosk.domain.sale.events import ClaimAsked, CustomerAnswered, CustomerLeft, ReceiptAsked
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.ui.bridge import rows, shown
from kiosk.ui.controls.desk import SALE_STEPS, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps
from kiosk.ui.sale import sale_words

QML_IMPORT_NAME = "kiosk.ui.sale"
QML_IMPORT_MAJOR_VERSION = 1
ROWS_MAX = 6


class PaperRow(Struct, frozen=True):
    """One thing that is done (ok), being done (now), still to come (next) or in doubt (warn)."""

    mood: str
    title: str
    fact: str


class BarRow(Struct, frozen=True):
    """One ticket of the bar: filled when it is printed, half while it prints."""

    share: float


class DeliveryProps(Struct, frozen=True):
    """The page; `kind` is printing, ask, recovery, claim, take or over."""

    kind: str = "printing"
    question: str = ""
    lead: str = ""
    papers: tuple[PaperRow, ...] = ()
    bars: tuple[BarRow, ...] = ()
    claim: str = ""
    claimLine: str = ""
    claimText: str = ""
    note: str = ""
    mood: str = "ok"
    canReceipt: bool = False


KINDS = {
    Stage.CONFIRMING: "printing",
    Stage.PRINTING: "printing",
    Stage.ASK_CUSTOMER: "ask",
    Stage.RECOVERY: "recovery",
    Stage.CLAIM: "claim",
    Stage.DONE: "take",
    Stage.ABANDONED: "over",
}


@QmlElement
class DeliveryViewModel(PageViewModel):
    """Show what became of money and paper; each ticket is ticked only when the printer has confirmed it."""

    changed = Signal()
    kind = shown(changed, str, "kind")
    question = shown(changed, str, "question")
    lead = shown(changed, str, "lead")
    papers = rows("papers", PaperRow)
    bars = rows("bars", BarRow)
    claim = shown(changed, str, "claim")
    claimLine = shown(changed, str, "claimLine")
    claimText = shown(changed, str, "claimText")
    note = shown(changed, str, "note")
    mood = shown(changed, str, "mood")
    canReceipt = shown(changed, bool, "canReceipt")

    def derive(self) -> DeliveryProps:
        """Return the page for the stage."""
        sale = self.desk.sale
        if sale is None:
            return DeliveryProps()
        kind = KINDS.get(sale.stage, "printing")
        question, lead = getattr(self, f"_{kind}")(sale)
        tickets = sale.tickets
        return DeliveryProps(
            kind=kind,
            question=question,
            lead=lead,
            papers=self._papers(sale, kind),
            bars=tuple(BarRow(_share(each)) for each in tickets) if kind == "printing" else (),
            claim=grouped(sale.claim.id) if sale.claim else "",
            claimLine=self._claim_line(sale),
            claimText=self.desk.terminal.signer.sign(claim_facts(sale)) if sale.claim else "",
            note=self._note(sale, kind),
            mood="warn" if kind in {"recovery", "claim", "over"} and sale.problem else "ok",
            canReceipt=kind == "take" and not sale.is_receipt_wanted
            and self.desk.terminal.supervision.capabilities.can_print_receipts and bool(sale.tenders),
        )  # fmt: skip

    # ---- what is asked or said first

    def _printing(self, sale: Sale) -> tuple[str, str]:
        say, tickets = self.desk.say, sale.tickets
        if sale.stage is Stage.CONFIRMING:
            return say("Booking your tickets"), say("Paid. The tickets follow in a moment.")
        printed = sum(each.state is DocumentState.PRINTED for each in tickets)
        if printed >= len(tickets):
            return say("Printing your receipt"), say("It comes after the tickets.")
        if any(each.is_waiting for each in sale.documents):
            return say("Your money is safe. The printer needs a moment."), say("You did nothing wrong. Staff are told.")
        question = say("Printing ticket {number} of {count}", number=printed + 1, count=len(tickets))
        return question, say("Wait for all of them.")

    def _ask(self, sale: Sale) -> tuple[str, str]:
        document = self._asked(sale)
        fact = sale_words.ticket(self.desk, sale, document) if document and document.kind is DocumentKind.TICKET else ""
        return self.desk.say("Did this ticket come out?"), fact

    def _recovery(self, sale: Sale) -> tuple[str, str]:
        say = self.desk.say
        if sale.is_settled:
            return say("Your money is safe."), say("We are paying back what could not be printed. Stay here a moment.")
        return say("We are asking about your payment."), say("Do not pay again. This takes a moment.")

    def _claim(self, sale: Sale) -> tuple[str, str]:
        say = self.desk.say
        if sale.claim and sale.claim.doubtful.minor:
            return (
                say("Nothing is lost. You get a slip."),
                say("We do not know yet whether you were charged. We check and pay back what is yours."),
            )
        return say("Your money is safe."), say("This machine owes you money and could not give it back now.")

    def _take(self, sale: Sale) -> tuple[str, str]:
        printed = sum(each.state is DocumentState.PRINTED for each in sale.tickets)
        return self.desk.say("Take your %n ticket(s)", n=printed), self.desk.say("from the tray below")

    def _over(self, sale: Sale) -> tuple[str, str]:
        say = self.desk.say
        if sale.is_settled:
            amount = self.desk.money(sale.refunded or sale.price)
            return say("You were paid back."), say("{amount} went back the way you paid.", amount=amount)
        return say("Nothing was charged."), say("You can begin again whenever you like.")

    # ---- what is shown below

    def _papers(self, sale: Sale, kind: str) -> tuple[PaperRow, ...]:
        if kind == "take":
            return self._next_things(sale)
        if kind == "over":
            return ()
        is_paid = sale.is_settled and bool(sale.tenders) and kind != "claim"  # what is owed is said above
        told = [PaperRow("ok", sale_words.paid(self.desk, sale), "")] if is_paid else []
        shown_tickets = [self._paper(sale, at, each) for at, each in enumerate(sale.tickets)]
        if len(shown_tickets) > ROWS_MAX:
            rest = len(shown_tickets) - ROWS_MAX
            shown_tickets = [
                *shown_tickets[:ROWS_MAX],
                PaperRow("next", self.desk.say("%n more ticket(s)", n=rest), ""),
            ]
        return (*told, *shown_tickets)

    def _paper(self, sale: Sale, at: int, document: Document) -> PaperRow:
        fact = sale_words.ticket(self.desk, sale, document)
        words = {
            DocumentState.PRINTED: ("ok", Word("Ticket {number} printed and checked")),
            DocumentState.PRINT_INTENT: ("now", Word("Ticket {number} printing")),
            DocumentState.UNKNOWN: ("warn", Word("Ticket {number} is being checked")),
            DocumentState.UNDELIVERED: ("warn", Word("Ticket {number} is not printed")),
        }
        mood, text = words.get(document.state, ("next", Word("Ticket {number}")))
        return PaperRow(mood, self.desk.tell(text, number=at + 1), fact)

    def _next_things(self, sale: Sale) -> tuple[PaperRow, ...]:
        say = self.desk.say
        told = []
        for offer in sorted(sale.offers, key=lambda each: each.occurrence.starts):
            occurrence = offer.occurrence
            if occurrence.kind is OccurrenceKind.TRIP:
                track = f" · {say('Platform {track}', track=occurrence.track)}" if occurrence.track else ""
                time = self.desk.clock(occurrence.starts)
                told.append(
                    PaperRow("clock", say("Your departure is at {time}", time=time), f"{occurrence.line}{track}")
                )
            else:
                title = occurrence.title.text(self.desk.speech.tag)
                told.append(PaperRow("ticket", title, sale_words.when(self.desk, offer)))
        if sale.change.minor:
            told.append(PaperRow("cash", say("Take your change: {amount}", amount=self.desk.money(sale.change)), ""))
        return tuple(told[:ROWS_MAX])

    def _claim_line(self, sale: Sale) -> str:
        if not sale.claim:
            return ""
        amount = sale.claim.owed if sale.claim.owed.minor else sale.claim.doubtful
        return self.desk.say(
            "{amount}. Good at every counter. Take a picture, or print it.", amount=self.desk.money(amount)
        )

    def _note(self, sale: Sale, kind: str) -> str:
        if sale.problem and kind != "take":
            return sale_words.problem(self.desk, sale)
        if kind == "printing":
            return self.desk.say("If a ticket does not print, you get it again or your money back.")
        return ""

    def _asked(self, sale: Sale) -> Document | None:
        return next((each for each in sale.documents if each.is_asked and each.state is DocumentState.UNKNOWN), None)

    # ---- the frame and what is touched

    def frame(self) -> FrameProps:
        """Return the frame: an arrow to the tray, and Done when all is over."""
        say, sale = self.desk.say, self.desk.sale
        kind = self.derive().kind
        step = {"take": 3, "over": 1}.get(kind, 2)
        start = FrameProps(steps=steps(self.desk, SALE_STEPS), step=step, isPlaceNamed=True)
        if kind == "printing":
            return replace(
                start, title=say("Tickets come out below"), line=say("Leave them until all are printed"), arrow="down"
            )
        if kind == "take":
            return replace(start, title=say("Tray below"), line=say("Thank you. Have a good day."), arrow="down",
                           isArrowFirst=True, wayOn=say("Done"), wayOnSign="check")  # fmt: skip
        if kind == "ask":
            return replace(start, title=say("Look into the tray"), line=say("Paid. Nothing is lost."), arrow="down")
        if kind == "recovery":
            return replace(start, title=say("Nothing is lost"), line=say("Stay here a moment"))
        can_print = self.desk.terminal.supervision.capabilities.can_print_receipts
        if kind == "claim" and can_print and sale and _is_slip_due(sale):
            return replace(start, title=say("Nothing is lost"), wayOn=say("Print claim slip"), wayOnSign="printer")
        return replace(start, title=say("Thank you"), wayOn=say("Done"), wayOnSign="check")

    def go_on(self) -> None:
        """Print the slip, or be done."""
        sale = self.desk.sale
        if sale and self.frame().wayOnSign == "printer":
            self.desk.post(ClaimAsked())
            return
        self.desk.post(CustomerLeft())
        self.went.emit("over")

    def go_back(self) -> None:
        """Stay: paid is paid."""

    @Slot(bool)
    def answer(self, came_out: bool) -> None:
        """Say whether the paper came out."""
        sale = self.desk.sale
        document = self._asked(sale) if sale else None
        if document:
            self.desk.post(CustomerAnswered(document.id, came_out))

    @Slot()
    def wantReceipt(self) -> None:
        """Ask for a receipt."""
        self.desk.post(ReceiptAsked())


def _share(document: Document) -> float:
    return {DocumentState.PRINTED: 1.0, DocumentState.PRINT_INTENT: 0.6}.get(document.state, 0.0)


def _is_slip_due(sale: Sale) -> bool:
    """Say whether a slip can be asked for: none came out, none is on its way, and it was not tried too often."""
    slips = [each for each in sale.documents if each.kind is DocumentKind.CLAIM]
    is_done = any(each.state is DocumentState.PRINTED or each.is_pending for each in slips)
    return not is_done and len(slips) < FAILURES_MAX
