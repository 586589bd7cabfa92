"""The six stories of the demo as step tables. Names are the accessible names of the self-service pages, in English."""

from kiosk.demo.steps import (
    AwaitPaper,
    AwaitStage,
    AwaitSynced,
    BookElsewhere,
    InsertCash,
    LookFrom,
    Picture,
    PlayFault,
    PlayLink,
    ScanBooking,
    See,
    Step,
    Story,
    Tap,
)
from kiosk.domain.sale.sale import Stage

SEATS_REFUSED = "This ticket needs the network.*"
PAID_UP = (Stage.DONE, Stage.CLAIM, Stage.ABANDONED)

BEGIN: tuple[Step, ...] = (
    See("Touch to begin", wait_s=60.0),
    Picture("attract"),
    Tap("Touch to begin"),
    See("Where would you like to go.*"),
    Picture("home"),
)
CHOOSE_JOURNEY: tuple[Step, ...] = (
    Tap("Bellmar, .*|Constan.a, .*"),
    See("Which departure.*"),
    See(".*Cheapest.*"),
    Picture("departures"),
    Tap("Continue"),
    See("Who is travelling.*"),
    Picture("who"),
    Tap("To basket"),
    See("Your basket"),
    Picture("basket"),
)
PAY: tuple[Step, ...] = (Tap("Pay"), See("How would you like to pay.*"), Picture("payment"))
BY_CARD: tuple[Step, ...] = (Tap("Pay by card"),)
NO_PAPER: tuple[Step, ...] = (  # while the card is at the reader: before that nobody would be led to the till
    PlayFault("payment-device", "slow", times=1),
    *BY_CARD,
    See("Waiting for your card"),
    PlayFault("ticket-printer", "paper_out"),
    PlayFault("receipt-printer", "paper_out"),
)
REFILL: tuple[Step, ...] = (
    PlayFault("ticket-printer", "paper_out", is_on=False),
    PlayFault("receipt-printer", "paper_out", is_on=False),
)
PRINTING: tuple[Step, ...] = (See("Printing .*|Booking your tickets"), Picture("printing"))
TAKE: tuple[Step, ...] = (
    AwaitStage(PAID_UP),
    See("Take your .*"),
    Picture("take-tickets"),
    Tap("Done"),
    See("Touch to begin"),
)
THEATRE: tuple[Step, ...] = (
    Tap("All events"),
    Tap("The Winter.*"),
    See("Which day and time.*"),
    Picture("calendar"),
    Tap("Continue"),
    See("Where would you like to sit.*"),
    See("Seats: 2"),
    Picture("seat-map"),
    Tap("Take these seats"),
    See("Your basket"),
    Picture("basket"),
)
MUSEUM: tuple[Step, ...] = (
    Tap("Add another ticket"),
    Tap("All events"),
    Tap("Museum of Light, Museum of Light .*"),
    See("Which day and time.*"),
    Picture("slots"),
    Tap("Continue"),
    See("Who is coming.*"),
    Tap("One more: Audio guide"),
    See("Audio guide: 1"),
    Picture("add-on"),
    Tap("To basket"),
    See("Your basket"),
    Picture("mixed-basket"),
)

STORIES: tuple[Story, ...] = (
    Story("journey", "A journey by card", (*BEGIN, *CHOOSE_JOURNEY, *PAY, *BY_CARD, *TAKE), ("delivered",)),
    Story("seats", "Two seats in the theatre", (*BEGIN, *THEATRE, *PAY, *BY_CARD, *TAKE), ("delivered",)),
    Story(
        "mixed",
        "A journey and a museum slot with an add-on: a declined card, then part cash, part card",
        (
            *BEGIN, *CHOOSE_JOURNEY, *MUSEUM, *PAY,
            PlayFault("payment-device", "declined", times=1),
            *BY_CARD, See(".*not charged.*"), Picture("declined"),
            InsertCash((500,)), Tap("Cash, .*"), See(".*is in"), Picture("part-cash"),
            Tap("Cancel"), See("How would you like to pay.*"), *BY_CARD, *TAKE,
        ),
        ("delivered",),
    ),
    Story(
        "pick-up",
        "A booking made elsewhere is picked up with its code",
        (
            BookElsewhere("aldermoor-central", "bellmar", adults=2), *BEGIN, Tap("Pick up.*"),
            See("Pick up your tickets"), Picture("pick-up"), ScanBooking(), See("Your booking"), Picture("found"),
            Tap("Print tickets"), *TAKE,
        ),
        ("delivered",),
    ),
    Story(
        "paper",
        "The paper ends after payment: it is refilled; the money goes back; it cannot, and a claim stands for it",
        (
            *BEGIN, *CHOOSE_JOURNEY, *PAY, *NO_PAPER,
            See("Your money is safe.*"), Picture("no-paper"), *REFILL, *TAKE,
            *BEGIN, *CHOOSE_JOURNEY, *PAY, *NO_PAPER, See("Your money is safe.*"),
            AwaitStage((Stage.CLAIM, Stage.ABANDONED), wait_s=120.0), See("You were paid back.*"), Picture("paid-back"),
            *REFILL, Tap("Done"),
            *BEGIN, *CHOOSE_JOURNEY, *PAY, PlayFault("payment-device", "reversal_refused"), *NO_PAPER,
            AwaitStage((Stage.CLAIM,), wait_s=120.0), See("Your claim code"), See("QR code of your claim"),
            Picture("claim"), *REFILL, Tap("Print claim slip"), AwaitPaper("claim"), Picture("claim-slip-printed"),
            Tap("Done"), See("Touch to begin"), PlayFault("payment-device", "reversal_refused", is_on=False),
        ),
        ("delivered", "paid_back", "claim"),
    ),
    Story(
        "link-down",
        "The link fails: a sale in progress ends on its hold, new journeys go on, seats are refused in words",
        (
            *BEGIN, *THEATRE, PlayLink("down"), Tap("Pay"), See(SEATS_REFUSED), Picture("seats-refused"),
            PlayLink("up"), Tap("Pay"), See("How would you like to pay.*"), PlayLink("down"), *BY_CARD, *TAKE,
            Picture("what-works"),
            *BEGIN, *CHOOSE_JOURNEY, *PAY, *BY_CARD, *TAKE,
            LookFrom("counter", "Network away .*2 sales wait .*", "counter-link-down"),
            LookFrom("technician", "2 sales wait .*", "bench-link-down"),
            PlayLink("up"), AwaitSynced(), LookFrom("counter", "connected", "counter-link-back"),
        ),
        ("delivered", "delivered"),
    ),
)  # fmt: skip

# Stories on the server that the settings name; they need what `tests/pretix/seeding.py` puts there.
SEE: tuple[Step, ...] = (
    See("Touch to begin", wait_s=60.0),
    Picture("attract"),
    Tap("Touch to begin"),
    See("What would you like to see.*"),
    See(".*Winter's Tale.*"),
    Picture("home"),
)
SERVER_STORIES: tuple[Story, ...] = (
    Story(
        "server-slot",
        "A group with an audio guide at a real server's museum",
        (
            *SEE, Tap("Museum of Light.*"), See("Which day and time.*"), See("Continue"), Picture("slots"),
            Tap("Continue"), See("Who is coming.*"), Picture("who"), Tap("One more: Adult"), Tap("One more: Adult"),
            Tap("One more: Audio guide"), Picture("chosen"), Tap("To basket"), See("Your basket"), Picture("basket"),
            *PAY, *BY_CARD, *TAKE, AwaitSynced(),
        ),
        ("delivered",),
    ),
    Story(
        "server-seats",
        "Two seats in a real server's hall",
        (
            *SEE, Tap("All events"), Tap("Winter's Tale.*"), See("Which day and time.*"), See("Continue"),
            Picture("calendar"), Tap("Continue"), See("Where would you like to sit.*"), See("Seats: 2"),
            Picture("seat-map"), Tap("Take these seats"), See("Your basket"), Picture("basket"),
            *PAY, *BY_CARD, *TAKE, AwaitSynced(),
        ),
        ("delivered",),
    ),
)  # fmt: skip
