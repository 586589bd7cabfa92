"""What a payment device is: it is asked for money under our reference and says done, not done or unknown."""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from hardware.health import Health


class PaymentOutcome(StrEnum):
    """The outcomes of a payment, a reversal or a query about one."""

    APPROVED = "approved"
    DECLINED = "declined"  # certainly no charge
    UNKNOWN = "unknown"  # no answer: query, never charge again
    IN_PROGRESS = "in_progress"  # only as the answer to a query
    NOT_FOUND = "not_found"  # only as the answer to a query: certainly no charge under this reference


class PaymentResult(Struct, frozen=True):
    """What the device said; `amount_minor` is what it says it charged. Never a card number: `card_hint` is the scheme.

    `device_reference` is the device's own (trace or receipt number), `cause` a message key such as
    "payment.declined_by_issuer", `merchant_receipt` the lines the scheme demands.
    """

    reference: str
    outcome: PaymentOutcome
    amount_minor: int = 0
    device_reference: str = ""
    card_hint: str = ""
    cause: str = ""
    merchant_receipt: tuple[str, ...] = ()


class DayTotals(Struct, frozen=True):
    """The device's own totals since its last end of day."""

    count: int
    amount_minor: int
    currency: str


class PaymentTerminal(Protocol):
    """A card payment device beside our terminal."""

    @property
    def device_id(self) -> str:
        """Return the id given in the settings."""
        ...

    @property
    def keeps_our_reference(self) -> bool:
        """Say whether `query` can ask by our reference (else by last transaction, amount and time)."""
        ...

    async def start(self) -> None:
        """Open the device; one that is not there yet is not an error."""
        ...

    async def close(self) -> None:
        """Let go of the device; idempotent."""
        ...

    async def health(self) -> Health:
        """Ask the device how it is; never raises."""
        ...

    async def pay(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Ask for money under our reference; a silent device gives UNKNOWN, never a guess."""
        ...

    async def abort(self, reference: str) -> None:
        """Ask the device to stop a payment in progress; `pay` still returns the outcome."""
        ...

    async def query(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Ask what became of a payment under our reference."""
        ...

    async def reverse(self, reference: str, amount_minor: int, currency: str, *, timeout_s: float) -> PaymentResult:
        """Give back a payment in full under its reference: APPROVED means reversed; again gives the same."""
        ...

    async def totals(self, *, timeout_s: float) -> DayTotals:
        """Ask for the device's totals; DeviceUnavailable where it does not answer."""
        ...

    async def end_of_day(self, *, timeout_s: float) -> DayTotals:
        """Close the device's day and return its totals; DeviceUnavailable where it does not answer."""
        ...
