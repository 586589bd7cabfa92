"""NDEF, capability container and APDU answers: held against ndeflib and against anything at all."""

import contextlib
import random

import ndef
import pytest

from hardware.card_reader.emulator import EmulatedCard
from hardware.card_reader.interface import CardContents
from hardware.card_reader.ndef import NdefError, decode_ndef
from hardware.card_reader.reading import parse_container, read_contents, split_answer
from hardware.errors import DeviceProtocolError

RECORDS = [
    ndef.TextRecord("GUICHET:1"),
    ndef.TextRecord("Grüße 旅客", "zh"),
    ndef.TextRecord("UTF-16 طريق", "ar", "UTF-16"),
    ndef.TextRecord("x" * 900),
    ndef.UriRecord("https://www.example.org/t/1"),
    ndef.UriRecord("http://example.org"),
    ndef.UriRecord("tel:+41791234567"),
    ndef.UriRecord("mailto:a@example.org"),
    ndef.UriRecord("urn:nfc:sn:1"),
    ndef.UriRecord("guichet:raw"),
]


@pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
def test_reads_what_another_library_wrote(record: ndef.Record) -> None:
    expected = record.text if isinstance(record, ndef.TextRecord) else record.uri
    assert decode_ndef(b"".join(ndef.message_encoder([record]))) == (expected,)


def test_reads_several_records_and_passes_over_strangers() -> None:
    stranger = ndef.Record("application/octet-stream", "id", b"\x00" * 300)
    message = b"".join(ndef.message_encoder([RECORDS[0], stranger, RECORDS[4]]))
    assert decode_ndef(message) == ("GUICHET:1", "https://www.example.org/t/1")


@pytest.mark.parametrize("message", [b"\xd1", b"\xd1\x01\xffT", b"\xf1\x01\x01Tx", b"\xd7\x00\x00", b"\x00" * 200])
def test_broken_messages_are_refused(message: bytes) -> None:
    with pytest.raises(NdefError):
        decode_ndef(message)


def hammer(count: int, seed: int) -> None:
    chance = random.Random(seed)
    seeds = [b"".join(ndef.message_encoder([r])) for r in RECORDS]
    for _ in range(count):
        raw = bytearray(chance.choice(seeds)[: chance.randrange(1, 64)])
        for _ in range(chance.randrange(4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        for parser in (decode_ndef, parse_container, split_answer):
            try:
                parser(bytes(raw))
            except DeviceProtocolError:
                continue


def test_parsers_raise_only_what_they_declare() -> None:
    hammer(50_000, 5)


@pytest.mark.soak
def test_parsers_raise_only_what_they_declare_a_million_times() -> None:
    hammer(1_000_000, 6)


def test_card_that_answers_nonsense_is_refused_in_bounded_steps() -> None:
    chance = random.Random(9)
    for _ in range(2000):
        asked = 0

        def exchange(apdu: bytes) -> object:
            nonlocal asked
            asked += 1
            size = chance.choice((0, 1, 2, apdu[-1], chance.randrange(300)))
            return split_answer(chance.randbytes(size) + chance.choice((b"\x90\x00", b"\x6a\x82")))

        with contextlib.suppress(DeviceProtocolError):
            read_contents(1, exchange)  # type: ignore[arg-type]
        assert asked < 5000


def test_payment_card_is_recognised_and_not_read() -> None:
    card = EmulatedCard(is_payment_card=True, text="secret")
    sent: list[bytes] = []

    def exchange(apdu: bytes) -> object:
        sent.append(apdu)
        return split_answer(card.answer(apdu))

    contents = read_contents(3, exchange)  # type: ignore[arg-type]
    assert contents == CardContents(3, "", is_payment_card=True)
    assert len(sent) == 1
