"""What pane 3 says of a claim somebody brings to the counter: what is due now, paid out once; pure."""

from kiosk.application.claim_book import ClaimStanding
from kiosk.application.paper_words import grouped
from kiosk.application.word import Word
from kiosk.shells.box_office.pay_rows import PayProps, SaleLine
from kiosk.ui.controls.staff_words import StaffWords

IN_DOUBT = Word("It is not known yet whether this money came in. Ask the customer to come again tomorrow.")
SETTLED = Word("This claim is settled. Nothing is due.")
NOT_SETTLED = Word("This could not be written down. Pay nothing out and try again.")
OF_ANOTHER = Word("This claim slip is of another terminal. Keep it: the operator settles it there.")
NEXT = Word("Next customer")


def claim_props(words: StaffWords, claim: ClaimStanding, *, is_paid_now: bool = False, problem: str = "") -> PayProps:
    """Return what is shown; `is_paid_now` when this clerk has just noted it, so that the money is to be handed out."""
    name = words.say("Claim {code}", code=grouped(claim.id))
    fact = ", ".join(grouped(code) for code in claim.codes)
    owed = claim.settlements[-1].money if is_paid_now else claim.due if claim.due.minor else claim.doubtful
    lines = (SaleLine("", "1", name, fact, words.amount(owed)),)
    if is_paid_now:
        headline = words.say("Pay out {amount} now and keep the slip.", amount=words.amount(owed))
        return PayProps(lines=lines, headline=headline, mood="ok", enter="next", way=words.tell(NEXT))
    if claim.due.minor == 0:
        said = words.tell(IN_DOUBT if claim.doubtful.minor else SETTLED)
        return PayProps(lines=lines, message=said, mood="warn", enter="next", way=words.tell(NEXT))
    total = words.amount(claim.due)
    way = words.say("Pay out {amount} in cash", amount=total)
    return PayProps(lines=lines, total=total, message=problem, mood="warn", enter="settle", way=way)
