"""A settings code is signed by the operator or refused; made to attack the parser, it gets the one declared error."""

import base64
import random
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.application.settings_code import (
    CODE_CHARS_MAX,
    CONTEXT,
    PREFIX,
    SettingsCode,
    SettingsCodeRefusedError,
    make,
    read,
)
from kiosk.application.settings_file import SettingsProblem

OPERATOR = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TRUSTED = OPERATOR.public_key().public_bytes_raw()
MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOML = '[terminal]\nid = "hall-7"\nname = "Hall 7"\n'
CODE = SettingsCode(TOML, "hall-7", MADE)
MEMORY_MAX = 8 * 1024 * 1024


def signed(payload: bytes) -> str:
    """Return a payload of any kind, signed by the operator."""
    text = [
        base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in (payload, OPERATOR.sign(CONTEXT + payload))
    ]
    return PREFIX + ".".join(text)


def refusal(
    text: str,
    *,
    trusted: bytes = TRUSTED,
    terminal: str = "hall-7",
    newest: datetime | None = None,
    now: datetime = MADE,
) -> str:
    with pytest.raises(SettingsCodeRefusedError) as refused:
        read(text, trusted, terminal, newest, now)
    return str(refused.value)


def test_what_the_operator_signed_comes_back() -> None:
    text = make(OPERATOR, CODE)
    assert len(text) < 400
    assert read(text, TRUSTED, "hall-7", None, MADE) == CODE
    older = MADE - timedelta(seconds=1)
    assert read(make(OPERATOR, SettingsCode(TOML, "*", MADE)), TRUSTED, "any", older, MADE).toml == TOML


def test_a_stranger_another_terminal_and_an_old_code_are_refused_in_words() -> None:
    stranger = Ed25519PrivateKey.generate()
    assert "not signed by the operator" in refusal(make(stranger, CODE))
    assert "not signed by the operator" in refusal(make(OPERATOR, CODE), trusted=b"")
    assert "another terminal" in refusal(make(OPERATOR, CODE), terminal="hall-8")
    assert "older" in refusal(make(OPERATOR, CODE), newest=MADE)
    assert "not a settings code" in refusal("https://example.org/")
    assert "damaged" in refusal(PREFIX + "AAAA")
    assert "damaged" in refusal(make(OPERATOR, CODE)[:-3])
    assert "damaged" in refusal(PREFIX + "é.AAAA")


def test_a_code_from_the_future_is_refused_and_one_that_came_in_by_a_wrong_clock_is_told() -> None:
    text, day = make(OPERATOR, CODE), timedelta(days=1)
    assert read(text, TRUSTED, "hall-7", None, MADE - day) == CODE, "clocks differ by hours, and zones are set wrong"
    behind = refusal(text, now=MADE - day - timedelta(minutes=1))
    assert "later than this terminal's clock" in behind
    assert "(2026-03-01 12:00 UTC > 2026-02-28 11:59 UTC)" in behind
    far = datetime.max.replace(tzinfo=UTC)
    assert "later than this terminal's clock" in refusal(make(OPERATOR, SettingsCode(TOML, "*", far)))
    blocked = refusal(text, newest=MADE + 2 * day)
    assert "guichet settings trust PUBLIC_KEY --anew" in blocked
    assert "2026-03-03 12:00 UTC" in blocked
    assert "older" in refusal(text, newest=MADE + day), "within a day it is simply newer"


def test_signed_nonsense_is_refused_and_a_bomb_does_not_swell() -> None:
    assert "cannot be read" in refusal(signed(b"nonsense"))
    assert "cannot be read" in refusal(signed(zlib.compress(b"[1, 2]")))
    assert "cannot be read" in refusal(signed(zlib.compress(bytes(500_000_000 // 1000) * 2)))
    naive = msgspec.json.encode({"toml": TOML, "terminal": "*", "made": "2026-03-01T12:00:00"})
    assert "older" in refusal(signed(zlib.compress(naive)))
    wrong = msgspec.json.encode(SettingsCode('[terminal]\nid = ""\n', "*", MADE))
    assert "terminal.id" in refusal(signed(zlib.compress(wrong)))


def test_what_does_not_fit_or_is_not_good_is_not_made() -> None:
    chance = random.Random(1)
    names = "".join(
        f'[[devices]]\nkind = "scanner.simulator"\ndevice_id = "{chance.randbytes(15).hex()}"\n' for _ in range(16)
    )
    long = SettingsCode(names + f"# {chance.randbytes(1500).hex()}\n", "*", MADE)
    with pytest.raises(SettingsCodeRefusedError, match="too long"):
        make(OPERATOR, long)
    with pytest.raises(SettingsProblem):
        make(OPERATOR, SettingsCode("x = 1", "*", MADE))


def attacks(count: int, seed: int) -> Iterator[str]:
    """Yield texts made to break the parser: noise, good codes with flaws, signed noise, bombs, huge ones."""
    chance, good = random.Random(seed), make(OPERATOR, CODE)
    letters = "ABCabc019-_.=:\x00\n\u202e é{}[]"
    for _ in range(count):
        kind = chance.randrange(6)
        if kind == 0:
            yield PREFIX + "".join(chance.choices(letters, k=chance.randrange(300)))
        elif kind == 1:
            at = chance.randrange(len(good))
            yield good[:at] + chance.choice(letters) + good[at + chance.randrange(3) :]
        elif kind == 2:
            yield signed(chance.randbytes(chance.randrange(200)))
        elif kind == 3:
            raw = bytearray(zlib.compress(msgspec.json.encode(CODE)))
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            yield signed(bytes(raw))
        elif kind == 4:
            yield signed(zlib.compress(bytes(chance.randrange(200_000))))
        else:
            yield PREFIX + "A" * chance.randrange(3 * CODE_CHARS_MAX) + "." + "A" * 86


@pytest.mark.parametrize(
    "count", [50_000, pytest.param(1_000_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_made_up_codes_get_the_declared_refusal_in_bounded_memory(count: int) -> None:
    tracemalloc.start()
    try:
        sentences = set()
        for text in attacks(count, seed=7):
            try:
                sentences.add("" if read(text, TRUSTED, "hall-7", None, MADE) == CODE else "another code")
            except SettingsCodeRefusedError as refused:
                sentences.add(str(refused))
        assert all(sentence.isprintable() for sentence in sentences)
        assert "another code" not in sentences
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()
