"""The book of a simulated payment device: what it truly charged and gave back, whatever it answered."""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from hardware.ledger_file import LedgerFile, read_ledger


class ChargeState(StrEnum):
    """What the device's book says of one reference."""

    PENDING = "pending"  # started, not decided: a card in the slot, a host not yet asked
    CHARGED = "charged"
    DECLINED = "declined"
    REVERSED = "reversed"


class Charge(Struct, frozen=True):
    """One reference in the book; `will` is how a pending one ends, `number` counts from one."""

    reference: str
    amount_minor: int
    currency: str
    state: ChargeState
    will: ChargeState
    number: int
    cause: str = ""

    @property
    def kept_minor(self) -> int:
        """Return what the customer's account is poorer by."""
        return self.amount_minor if self.state is ChargeState.CHARGED else 0


class PaymentLedger:
    """Charges by reference on an append-only file; opening the same file again knows them all."""

    def __init__(self, path: Path) -> None:
        self._file = LedgerFile(path)
        self._charges, self._day = _replay(path)

    @property
    def path(self) -> Path:
        """Return where the book lies."""
        return self._file.path

    @property
    def charges(self) -> tuple[Charge, ...]:
        """Return every reference ever asked, oldest first."""
        return tuple(self._charges.values())

    def find(self, reference: str) -> Charge | None:
        """Return what is known of a reference."""
        return self._charges.get(reference)

    def begin(self, reference: str, amount_minor: int, currency: str, will: ChargeState, cause: str) -> Charge:
        """Write that a payment began and how it will end.

        Raises:
            ValueError: the reference was used before.
        """
        if reference in self._charges:
            raise ValueError(f"reference {reference} was used before")
        number = len(self._charges) + 1
        charge = Charge(reference, amount_minor, currency, ChargeState.PENDING, will, number, cause)
        self._file.append(
            {
                "event": "begin",
                "reference": reference,
                "amount_minor": amount_minor,
                "currency": currency,
                "will": will.value,
                "cause": cause,
            }
        )
        self._charges[reference] = charge
        return charge

    def settle(self, reference: str, state: ChargeState, cause: str = "") -> Charge:
        """Write how a reference ended, or that it was reversed."""
        self._file.append({"event": "settle", "reference": reference, "state": state.value, "cause": cause})
        settled = _moved(self._charges[reference], state, cause)
        self._charges[reference] = settled
        return settled

    def day(self) -> tuple[Charge, ...]:
        """Return what was charged since the last end of day."""
        return tuple(c for c in self.charges if c.state is ChargeState.CHARGED and c.number > self._day)

    def close_day(self) -> None:
        """Write an end of day."""
        self._day = len(self._charges)
        self._file.append({"event": "day", "number": self._day})

    def close(self) -> None:
        """Let go of the file; idempotent."""
        self._file.close()


def read_charges(path: Path) -> tuple[Charge, ...]:
    """Return the charges in a book without opening it for writing: for those who compare it with theirs."""
    return tuple(_replay(path)[0].values())


def _replay(path: Path) -> tuple[dict[str, Charge], int]:
    charges: dict[str, Charge] = {}
    day = 0
    for record in read_ledger(path):
        reference = str(record.get("reference", ""))
        match record["event"]:
            case "begin":
                charges[reference] = Charge(
                    reference,
                    int(record["amount_minor"]),
                    str(record["currency"]),
                    ChargeState.PENDING,
                    ChargeState(str(record["will"])),
                    len(charges) + 1,
                    str(record["cause"]),
                )
            case "settle":
                state = ChargeState(str(record["state"]))
                charges[reference] = _moved(charges[reference], state, str(record["cause"]))
            case "day":
                day = int(record["number"])
            case other:
                raise ValueError(f"{path.name} holds an entry of unknown kind {other!r}")
    return charges, day


def _moved(charge: Charge, state: ChargeState, cause: str) -> Charge:
    return Charge(
        charge.reference, charge.amount_minor, charge.currency, state, charge.will, charge.number, cause or charge.cause
    )
