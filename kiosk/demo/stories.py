"""The six stories of the demo as step tables. Names are the accessible names of the self-service pages, in English."""

from kiosk.demo.steps import (
    AwaitStage,
    AwaitSynced,
    BookElsewhere,
    InsertCash,
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

PAID_UP = (Stage.DONE, Stage.CLAIM, Stage.ABANDONED)

BEGIN: tuple[Step, ...] = (
    See("Touch to begin.*", wait_s=60.0),
    Picture("attract"),
    Tap("Touch to begin.*"),
    See("Where would you like to go.*"),
    Picture("home"),
)
CHOOSE_JOURNEY: tuple[Step, ...] = (
    Tap("Harbour.*|Kestrel.*|Popular.*"),
    See(".*departures.*|When.*"),
    Picture("departures"),
    Tap("Continue"),
    See("Who is travelling.*"),
    Picture("who"),
    Tap("To basket"),
    See("Your basket.*"),
    Picture("basket"),
)
NO_PAPER: tuple[Step, ...] = (PlayFault("ticket-printer", "paper_out"), PlayFault("receipt-printer", "paper_out"))
PAY_BY_CARD: tuple[Step, ...] = (Tap("Pay by card.*"), Picture("payment"))
TAKE: tuple[Step, ...] = (
    AwaitStage(PAID_UP),
    See("Take your .*"),
    Picture("take-tickets"),
    Tap("Done.*"),
    See("Touch to begin.*"),
)
THEATRE: tuple[Step, ...] = (
    Tap("Events.*|What is on.*"),
    Tap(".*[Tt]heatre.*|.*play.*"),
    Picture("calendar"),
    Tap("Continue"),
    See(".*seats.*"),
    Picture("seat-map"),
    Tap("Hold seats"),
    See("Your basket.*"),
    Picture("basket"),
)
MUSEUM: tuple[Step, ...] = (
    Tap("Add .*|Something else.*"),
    Tap("Events.*|What is on.*"),
    Tap(".*[Mm]useum.*"),
    Picture("slots"),
    Tap("Continue"),
    Tap(".*[Aa]udio guide.*more.*|More .*[Aa]udio.*"),
    Tap("To basket"),
    See("Your basket.*"),
    Picture("mixed-basket"),
)

STORIES: tuple[Story, ...] = (
    Story("journey", "A journey by card", (*BEGIN, *CHOOSE_JOURNEY, *PAY_BY_CARD, *TAKE), ("delivered",)),
    Story("seats", "Two seats in the theatre", (*BEGIN, *THEATRE, *PAY_BY_CARD, *TAKE), ("delivered",)),
    Story(
        "mixed",
        "A journey and a museum slot with an add-on: a declined card, then part cash, part card",
        (
            *BEGIN, *CHOOSE_JOURNEY, *MUSEUM,
            PlayFault("payment-device", "declined", times=1),
            Tap("Pay by card.*"), See(".*not charged.*"), Picture("declined"),
            Tap("Pay .*cash.*"), InsertCash((500,)), See(".*still to pay.*|To pay.*"), Picture("part-cash"),
            Tap("Pay .*card.*"), *TAKE,
        ),
        ("delivered",),
    ),
    Story(
        "pick-up",
        "A booking made elsewhere is picked up with its code",
        (
            BookElsewhere("aldermoor-central", "", adults=2), *BEGIN, Tap("Pick up.*|Collect.*"),
            See(".*scan.*"), Picture("pick-up"), ScanBooking(), *TAKE,
        ),
        ("delivered",),
    ),
    Story(
        "paper",
        "The paper ends after payment; once it is refilled, once it is not",
        (
            *BEGIN, *CHOOSE_JOURNEY, *NO_PAPER,
            *PAY_BY_CARD, AwaitStage((Stage.PRINTING, Stage.RECOVERY)), See("Your money is safe.*"),
            Picture("no-paper"),
            PlayFault("ticket-printer", "paper_out", is_on=False), *TAKE,
            PlayFault("ticket-printer", "paper_out"), *BEGIN, *CHOOSE_JOURNEY, *PAY_BY_CARD,
            AwaitStage((Stage.CLAIM, Stage.ABANDONED), wait_s=120.0), Picture("paid-back"),
        ),
        ("delivered", "paid_back"),
    ),
    Story(
        "link-down",
        "The link fails: a sale in progress ends on its hold, new journeys go on, seats are refused in words",
        (
            *BEGIN, *THEATRE, PlayLink("down"), *PAY_BY_CARD, *TAKE, *BEGIN, *CHOOSE_JOURNEY, *PAY_BY_CARD, *TAKE,
            Tap("Touch to begin.*"), See(".*network is away.*|.*not .*now.*"), Picture("what-works"),
            PlayLink("up"), AwaitSynced(),
        ),
        ("delivered", "delivered"),
    ),
)  # fmt: skip
