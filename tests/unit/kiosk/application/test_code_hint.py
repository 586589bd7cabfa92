"""What is kept of a code must not give the code away."""

from kiosk.application.code_hint import hint_of


def test_a_short_code_shows_less_of_itself() -> None:
    assert hint_of("KZ7PQRSTW9AB") == "W9AB"
    assert hint_of("PRESENT9") == "T9"
    assert hint_of("KZ7PQR") == "QR"
    assert [hint_of(code) for code in ("ABC", "AB", "")] == ["C", "", ""]
