"""Card payments: effects to the payment device, its answers to events."""

from collections.abc import Callable

from hardware.errors import DeviceBusy, DeviceError, DeviceUnavailable
from hardware.payment_terminal import PaymentOutcome, PaymentResult, PaymentTerminal
from kiosk.application.bounding import bounded
from kiosk.application.clock import Clock
from kiosk.domain.money import Money
from kiosk.domain.sale.effects import AbortPayment, CollectPayment, QueryPayment, ReversePayment
from kiosk.domain.sale.events import (
    Event,
    PaymentApproved,
    PaymentDeclined,
    PaymentInProgress,
    PaymentUnknown,
    ReversalDone,
    ReversalRefused,
    ReversalUnknown,
)

NO_DEVICE = "payment.no_device"
OUT_OF_SERVICE = "payment.out_of_service"


class PaymentDesk:
    """Ask the payment device of this terminal, if it has one."""

    def __init__(
        self,
        device: PaymentTerminal | None,
        clock: Clock,
        *,
        payment_s: float,
        reversal_s: float,
        is_out: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_out = is_out
        self._device = device
        self._clock = clock
        self._payment_s = payment_s
        self._reversal_s = reversal_s

    async def collect(self, effect: CollectPayment) -> Event:
        """Ask for money once; not asked is declined, asked and not answered is unknown."""
        reference, amount = effect.reference, effect.amount
        if self._device is None:
            return PaymentDeclined(reference, self._clock.now(), NO_DEVICE, was_asked=False)
        if self._is_out(self._device.device_id):
            return PaymentDeclined(reference, self._clock.now(), OUT_OF_SERVICE, was_asked=False)
        try:
            result = await bounded(
                self._device.pay(reference, amount.minor, amount.currency, timeout_s=self._payment_s), self._payment_s
            )
        except (DeviceUnavailable, DeviceBusy) as problem:
            return PaymentDeclined(reference, self._clock.now(), problem.key, was_asked=False)
        except (DeviceError, TimeoutError):
            return PaymentUnknown(reference, self._clock.now())
        return self._said(result, amount)

    async def abort(self, effect: AbortPayment) -> None:
        """Ask the device to stop; the payment itself tells what came of it."""
        if self._device is None:
            return
        try:
            await bounded(self._device.abort(effect.reference), self._reversal_s)
        except (DeviceError, TimeoutError):
            return  # it goes on; its outcome is what counts

    async def query(self, effect: QueryPayment) -> Event:
        """Ask what became of a payment."""
        reference, amount = effect.reference, effect.amount
        if self._device is None:
            return PaymentUnknown(reference, self._clock.now())
        try:
            result = await bounded(
                self._device.query(reference, amount.minor, amount.currency, timeout_s=self._reversal_s),
                self._reversal_s,
            )
        except (DeviceError, TimeoutError):
            return PaymentUnknown(reference, self._clock.now())
        return self._said(result, amount)

    async def reverse(self, effect: ReversePayment) -> Event:
        """Give a payment back under its own reference."""
        reference, amount = effect.reference, effect.amount
        if self._device is None:
            return ReversalUnknown(reference, self._clock.now())
        try:
            result = await bounded(
                self._device.reverse(reference, amount.minor, amount.currency, timeout_s=self._reversal_s),
                self._reversal_s,
            )
        except (DeviceError, TimeoutError):
            return ReversalUnknown(reference, self._clock.now())
        match result.outcome:
            case PaymentOutcome.APPROVED:
                return ReversalDone(reference, self._clock.now())
            case PaymentOutcome.DECLINED | PaymentOutcome.NOT_FOUND:
                return ReversalRefused(reference, self._clock.now(), result.cause)
            case _:
                return ReversalUnknown(reference, self._clock.now())

    def _said(self, result: PaymentResult, amount: Money) -> Event:
        now = self._clock.now()
        match result.outcome:
            case PaymentOutcome.APPROVED:
                return PaymentApproved(
                    result.reference,
                    Money(result.amount_minor, amount.currency),
                    now,
                    result.device_reference,
                    result.card_hint,
                    result.merchant_receipt,
                )
            case PaymentOutcome.DECLINED | PaymentOutcome.NOT_FOUND:
                return PaymentDeclined(result.reference, now, result.cause)
            case PaymentOutcome.IN_PROGRESS:
                return PaymentInProgress(result.reference, now)
            case PaymentOutcome.UNKNOWN:
                return PaymentUnknown(result.reference, now)
