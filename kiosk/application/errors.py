"""What can go wrong with a platform, by what the caller can do.

PlatformError
├── Unreachable      nothing was asked of the platform, or it certainly did not act: try again
├── Refused          the platform said no for a reason (an RFC 9457 problem): final, tell the customer
└── OutcomeUnknown   sent, no answer: it may have acted; reconcile by our own reference, never repeat blindly
"""


class PlatformError(Exception):
    """Something between us and a platform; `key` picks the customer's sentence."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key = key
        self.detail = detail


class Unreachable(PlatformError):  # noqa: N818 - read as a state of the platform
    """Nothing happened there: try again later."""


class Refused(PlatformError):  # noqa: N818
    """The platform said no, for good.

    Keys: sold_out, seat_taken, hold_expired, unknown_offer, sale_closed, bad_request, code_in_use, secret_in_use,
    not_found, already_cancelled, not_allowed.
    """


class OutcomeUnknown(PlatformError):  # noqa: N818
    """Sent and not answered: ask by our reference before anything else."""
