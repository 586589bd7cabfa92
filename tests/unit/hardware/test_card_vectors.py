"""NDEF and Type 4 tags against bytes of others: named in docs/hardware/card_reader.md."""

import pytest

from hardware.card_reader.interface import ApduResponse
from hardware.card_reader.ndef import NdefError, decode_ndef
from hardware.card_reader.reading import parse_container, read_ndef, split_answer

# nfcpy/ndeflib, tests/test_uri.py and tests/test_text.py: whole messages.
MESSAGES = [
    ("D1010a55036e666370792e6f7267", ("http://nfcpy.org",)),
    (
        "91010a55036e666370792e6f7267 51010a55046e666370792e6f7267",
        ("http://nfcpy.org", "https://nfcpy.org"),
    ),
    ("D101115500736d74703a2f2f6e666370792e6f7267", ("smtp://nfcpy.org",)),
    ("D101075402656e54455854", ("TEXT",)),
    ("9101075402656e54585431 5101075402656e54585432", ("TXT1", "TXT2")),
]
# The same files: payloads of one record, put behind the head of a short record.
URIS = [
    ("006e66637079", "nfcpy"),
    ("016e66637079", "http://www.nfcpy"),
    ("026e66637079", "https://www.nfcpy"),
    ("036e66637079", "http://nfcpy"),
    ("046e66637079", "https://nfcpy"),
    ("053031323334", "tel:01234"),
    ("066e66637079", "mailto:nfcpy"),
]
TEXTS = [
    ("02656e48656c6c6f", "Hello"),
    ("82656efffe480065006c006c006f00", "Hello"),
    ("02656cce94", "\u0394"),
    ("82656cfffe9403", "\u0394"),
]
BROKEN_TEXTS = ["82656e54", "02656efffe5400", "01"]
# nfcpy/nfcpy, tests/test_tag_tt4.py: capability containers, and whether a reader may read behind them.
CONTAINERS = [
    ("000f 20 003b 0034 04 06 e104 0040 00 00", True),
    ("000f 20 003b 0034 04 06 e104 0040 00 80", True),
    ("000f 20 003b 0034 04 06 e104 0040 80 00", False),
    ("000f 20 003b 0034 04 06 e104 0040 81 81", False),
    ("000f 20 003b 0034 05 05 e104 0040 00 00", False),
    ("000f 00 003b 0034 04 06 e104 0040 00 00", False),
    ("000f 10 003b 0034 04 06 e104 0040 00 00", True),
    ("000f 30 003b 0034 04 06 e104 0040 00 00", True),
    ("000f 40 003b 0034 04 06 e104 0040 00 00", False),
    ("000e 20 003b 0034 04 06 e104 0040 00", False),
]


@pytest.mark.parametrize(("raw", "texts"), MESSAGES)
def test_messages_of_ndeflib(raw: str, texts: tuple[str, ...]) -> None:
    assert decode_ndef(bytes.fromhex(raw)) == texts


def short_record(kind: bytes, payload: str) -> bytes:
    octets = bytes.fromhex(payload)
    return bytes((0xD1, 1, len(octets))) + kind + octets


@pytest.mark.parametrize(("payload", "uri"), URIS)
def test_addresses_of_ndeflib(payload: str, uri: str) -> None:
    assert decode_ndef(short_record(b"U", payload)) == (uri,)


@pytest.mark.parametrize(("payload", "text"), TEXTS)
def test_texts_of_ndeflib(payload: str, text: str) -> None:
    assert decode_ndef(short_record(b"T", payload)) == (text,)


@pytest.mark.parametrize("payload", BROKEN_TEXTS)
def test_texts_that_ndeflib_refuses(payload: str) -> None:
    with pytest.raises(NdefError):
        decode_ndef(short_record(b"T", payload))


@pytest.mark.parametrize(("raw", "is_open"), CONTAINERS)
def test_containers_of_nfcpy(raw: str, is_open: bool) -> None:
    octets = bytes.fromhex(raw)
    if is_open:
        assert parse_container(octets) == (b"\xe1\x04", 0x3B, 0x40)
    else:
        with pytest.raises(NdefError):
            parse_container(octets)


def test_a_tag_of_nfcpy_is_read_whole() -> None:
    memory = {
        "e103": "000f20003b00340406e10400400000",
        "e104": "000ed1010a55036e666370792e6f7267" + "00" * 48,
    }
    chosen = ""

    def exchange(apdu: bytes) -> ApduResponse:
        nonlocal chosen
        said = apdu.hex()
        if said.startswith("00a4040007d2760000850101"):
            return split_answer(bytes.fromhex("9000"))
        if said.startswith("00a4000c02"):
            chosen = said[10:14]
            return split_answer(bytes.fromhex("9000"))
        assert said.startswith("00b0")
        offset = int(said[4:8], 16)
        return split_answer(bytes.fromhex(memory[chosen])[offset : offset + apdu[4]] + b"\x90\x00")

    assert read_ndef(exchange) == ("http://nfcpy.org",)
