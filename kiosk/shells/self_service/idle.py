"""How long nobody has touched anything: a question first, then a clean start."""

from msgspec import Struct


class Idle(Struct):
    """Count seconds since the last touch; `warning_s` before the question, `wipe_s` from the question to the wipe."""

    warning_s: float
    wipe_s: float
    touched_at_s: float = 0.0
    asked_at_s: float | None = None

    def touch(self, now_s: float) -> None:
        """Somebody is there."""
        self.touched_at_s, self.asked_at_s = now_s, None

    def is_question_due(self, now_s: float) -> bool:
        """Say whether the question has to be put now."""
        return self.asked_at_s is None and now_s - self.touched_at_s >= self.warning_s

    def ask(self, now_s: float) -> None:
        """Put the question."""
        self.asked_at_s = now_s

    def left_s(self, now_s: float) -> float:
        """Return how long until the wipe."""
        return self.wipe_s if self.asked_at_s is None else max(0.0, self.wipe_s - (now_s - self.asked_at_s))

    def is_wipe_due(self, now_s: float) -> bool:
        """Say whether the screen clears now."""
        return self.asked_at_s is not None and self.left_s(now_s) <= 0
