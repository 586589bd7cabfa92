"""Refuse a Qt binding that loses references to None or True (PySide6 6.12.0 does on Python 3.11, and aborts)."""

import sys

from PySide6.QtCore import QObject, Signal

ROUNDS = 20_000
DRIFT_MAX = 50


class _Probe(QObject):
    changed = Signal()


def main() -> int:
    """Emit a signal and call a void method often; compare the reference counts before and after."""
    probe = _Probe()
    before = (sys.getrefcount(None), sys.getrefcount(True))
    for _ in range(ROUNDS):
        probe.changed.emit()
        probe.setObjectName("x")
    after = (sys.getrefcount(None), sys.getrefcount(True))
    drift = tuple(now - then for now, then in zip(after, before, strict=True))
    print(f"reference drift over {ROUNDS} rounds: None {drift[0]:+d}, True {drift[1]:+d}")
    return int(max(abs(each) for each in drift) > DRIFT_MAX)


if __name__ == "__main__":
    sys.exit(main())
