"""Claim slips: what we sign we can prove, and nothing else passes."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.application.claims import NotOurSlip, open_signer, verify
from kiosk.application.paper import ClaimFacts
from kiosk.domain.money import Money

FACTS = ClaimFacts(
    "CL4K7", "0190-sale", ("BKG7Q2",), ("payment_unknown",), Money(0, "EUR"), Money(4200, "EUR"), "en",
    datetime(2026, 3, 1, 12, tzinfo=UTC),
)  # fmt: skip


def test_a_slip_proves_what_it_promises(tmp_path: Path) -> None:
    signer = open_signer("gate-7", tmp_path / "claim.key")
    slip = signer.sign(FACTS)
    claim = verify(slip, signer.public_key)
    assert (claim.terminal_id, claim.facts) == ("gate-7", FACTS)
    assert len(slip) < 400  # fits a QR code that prints at whole dots


def test_the_key_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "store" / "claim.key"
    first = open_signer("a", path).public_key
    assert open_signer("a", path).public_key == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(b"short")
    with pytest.raises(ValueError, match="backup"):
        open_signer("a", tmp_path / "k")


def test_another_terminals_slip_is_refused(tmp_path: Path) -> None:
    slip = open_signer("a", tmp_path / "one").sign(FACTS)
    with pytest.raises(NotOurSlip, match="not of this terminal"):
        verify(slip, open_signer("b", tmp_path / "two").public_key)


@pytest.mark.parametrize("text", ["", "GCS1", "GCS1.x.y", "GCS1.ä.ö", "x" * 5000, "GCS1.AAAA.AAAA", "\x00.\x00.\x00"])
def test_what_is_no_slip_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotOurSlip):
        verify(text, open_signer("a", tmp_path / "k").public_key)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    signer = open_signer("a", tmp_path_factory.mktemp("key") / "k")
    return signer.sign(FACTS), signer.public_key


@given(at=st.integers(5, 10_000), other=st.sampled_from("ABCxyz019-_"))
def test_no_changed_character_passes(signed: tuple[str, bytes], at: int, other: str) -> None:
    slip, key = signed
    at %= len(slip)
    changed = slip[:at] + other + slip[at + 1 :]
    try:
        claim = verify(changed, key)
    except NotOurSlip:
        return
    assert claim.facts == FACTS  # only the unused bits of the last base64 character may differ
