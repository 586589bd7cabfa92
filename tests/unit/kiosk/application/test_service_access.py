"""The service code: shown once, never kept, and not to be found by trying."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.application import service_access
from kiosk.application.service_access import CODE_DIGITS, FREE_TRIES, LOCK_MAX, ServiceAccess, Tried, shown


class Hands:
    """A clock one can set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def mono_ns(self) -> int:
        return 0


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def access(tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> ServiceAccess:
    monkeypatch.setitem(service_access.SCRYPT, "n", 16)  # what makes trying dear is not what is tested
    return ServiceAccess(tmp_path / "service" / "access.json", clock)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def test_there_is_no_code_until_one_is_made_and_it_is_told_once(access: ServiceAccess, tmp_path: Path) -> None:
    assert not access.has_code
    assert access.attempt("00000000") == Tried(is_admitted=False, has_code=False)
    code = access.first()
    assert len(code) == CODE_DIGITS
    assert code.isdigit()
    assert access.first() == ""
    assert access.attempt(code).is_admitted
    file = tmp_path / "service" / "access.json"
    assert code.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert shown("12345678") == "1234 5678"


def test_wrong_tries_lock_for_longer_and_longer_and_a_right_one_in_between_is_not_judged(
    access: ServiceAccess, clock: Hands
) -> None:
    code = access.make()
    for left in range(FREE_TRIES - 1, -1, -1):
        assert access.attempt(wrong(code)) == Tried(is_admitted=False, left=left)
    lengths = []
    for _ in range(9):
        locked = access.attempt(wrong(code)).locked_until
        assert locked is not None
        lengths.append(locked - clock.at)
        assert access.attempt(code) == Tried(is_admitted=False, locked_until=locked, is_judged=False)
        clock.at = locked
    assert lengths == sorted(lengths)
    assert lengths[0] == timedelta(seconds=30)
    assert lengths[-1] == LOCK_MAX
    assert access.attempt(code).is_admitted
    assert access.attempt(wrong(code)).left == FREE_TRIES - 1, "begins anew"


def test_the_count_outlives_a_restart_and_is_written_before_the_judgement(
    access: ServiceAccess, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = access.make()

    def power_cut(*_: bytes) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("kiosk.application.service_access.hmac.compare_digest", power_cut)
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(KeyboardInterrupt):
            access.attempt(wrong(code))
    monkeypatch.undo()
    again = ServiceAccess(tmp_path / "service" / "access.json", clock)
    assert again.attempt(code).locked_until is not None


def test_a_clock_that_was_set_back_locks_nobody_out_for_days(access: ServiceAccess, clock: Hands) -> None:
    code = access.make()
    for _ in range(FREE_TRIES + 1):
        access.attempt(wrong(code))
    clock.at -= timedelta(days=400)
    locked = access.attempt(code).locked_until
    assert locked is not None
    assert locked <= clock.at + LOCK_MAX


@pytest.mark.parametrize("raw", [b"", b"{", b'{"salt":"AA=="}', b"\xff" * 200])
def test_a_damaged_file_admits_nobody_and_is_not_replaced_by_itself(
    access: ServiceAccess, tmp_path: Path, raw: bytes
) -> None:
    code = access.make()
    file = tmp_path / "service" / "access.json"
    file.write_bytes(raw)
    assert access.first() == ""
    assert access.attempt(code) == Tried(is_admitted=False, has_code=False)
    assert access.count() == Tried(is_admitted=False, has_code=False, is_judged=False), "nor is a card judged"
    assert file.read_bytes() == raw
    assert access.first() == ""
    assert access.attempt(access.make()).is_admitted


@pytest.mark.parametrize("code", ["", "1" * 10_000, "\udc80", "١٢٣٤٥٦٧٨", "1234 5678"])
def test_what_is_no_code_is_a_wrong_try(access: ServiceAccess, code: str) -> None:
    access.make()
    assert not access.attempt(code).is_admitted
