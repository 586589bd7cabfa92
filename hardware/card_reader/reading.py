"""Reading a card by APDUs (ISO 7816-4; PC/SC part 3; NFC Forum Type 4 Tag 2.0): who it is and what it says.

A card that answers to the payment environment is a payment card: nothing more is asked of it, nothing of it is kept.
"""

from collections.abc import Callable

from hardware.card_reader.interface import ApduResponse, CardContents
from hardware.card_reader.ndef import MESSAGE_BYTES_MAX, NdefError, decode_ndef
from hardware.errors import DeviceProtocolError

GET_UID = bytes.fromhex("FFCA000000")
SELECT_PPSE = bytes.fromhex("00A404000E325041592E5359532E444446303100")
SELECT_PSE = bytes.fromhex("00A404000E315041592E5359532E444446303100")
SELECT_NDEF = bytes.fromhex("00A4040007D276000085010100")
SELECT_CC = bytes.fromhex("00A4000C02E103")
_CC_BYTES_MIN = 15
_NDEF_FILE_TAG = 4
UID_SIZES = frozenset({4, 7, 8, 10})
_APDU_BYTES_MAX = 65_544
_SW_OK = 0x9000
_READ_MAX = 0xF0
Exchange = Callable[[bytes], ApduResponse]


def check_apdu(apdu: bytes) -> None:
    """Refuse a command that no card could be sent.

    Raises:
        ValueError: shorter than a head or longer than an extended APDU.
    """
    if not 4 <= len(apdu) <= _APDU_BYTES_MAX:  # noqa: PLR2004 - CLA INS P1 P2
        raise ValueError("an APDU has 4 to 65544 bytes")


def split_answer(raw: bytes) -> ApduResponse:
    """Part an answer into data and status word.

    Raises:
        DeviceProtocolError: it has no status word, is too long or its status is none.
    """
    if not 2 <= len(raw) <= MESSAGE_BYTES_MAX + 2:  # noqa: PLR2004 - SW1 SW2
        raise DeviceProtocolError("card_reader.answer_cut", f"{len(raw)} bytes")
    sw = int.from_bytes(raw[-2:])
    if sw >> 12 not in (6, 9):
        raise DeviceProtocolError("card_reader.answer_nonsense", f"status {sw:04X}")
    return ApduResponse(raw[:-2], sw)


def read_contents(card_seq: int, exchange: Exchange) -> CardContents:
    """Read UID and NDEF; of a payment card only that it is one.

    Raises:
        DeviceProtocolError: the card answers what its manual does not know.
    """
    for select in (SELECT_PPSE, SELECT_PSE):
        if exchange(select).sw == _SW_OK:
            return CardContents(card_seq, "", is_payment_card=True)
    answer = exchange(GET_UID)
    is_uid = answer.sw == _SW_OK and len(answer.data) in UID_SIZES
    uid = answer.data.hex().upper() if is_uid else ""
    return CardContents(card_seq, uid, read_ndef(exchange))


def read_ndef(exchange: Exchange) -> tuple[str, ...]:
    """Return the texts of a Type 4 tag; none where the card is not one.

    Raises:
        DeviceProtocolError: it says it is one and is not.
    """
    if exchange(SELECT_NDEF).sw != _SW_OK:
        return ()
    if exchange(SELECT_CC).sw != _SW_OK:
        raise NdefError("no capability container")
    container = _read(exchange, 0, _CC_BYTES_MIN)
    file_id, chunk, size_max = parse_container(container)
    if exchange(bytes.fromhex("00A4000C02") + file_id).sw != _SW_OK:
        raise NdefError("no NDEF file")
    length = int.from_bytes(_read(exchange, 0, 2))
    if length > size_max - 2:
        raise NdefError("the message is longer than its file")
    message = bytearray()
    while len(message) < length:
        message += _read(exchange, 2 + len(message), min(chunk, length - len(message)))
    return decode_ndef(bytes(message))


def parse_container(container: bytes) -> tuple[bytes, int, int]:
    """Return file id, bytes per read and file size of a capability container.

    Raises:
        NdefError: it is cut, locked or of another mapping version.
    """
    if len(container) < _CC_BYTES_MIN or container[2] >> 4 not in (1, 2, 3):
        raise NdefError("the capability container is cut or of an unknown version")
    if (container[7], container[8]) != (_NDEF_FILE_TAG, 6) or container[13] != 0:
        raise NdefError("no open NDEF file is named")
    chunk = min(int.from_bytes(container[3:5]), _READ_MAX)
    size_max = int.from_bytes(container[11:13])
    if chunk < 1 or size_max < 2:  # noqa: PLR2004 - the length itself takes two
        raise NdefError("the sizes make no sense")
    return container[9:11], chunk, size_max


def _read(exchange: Exchange, offset: int, count: int) -> bytes:
    if offset > 0x7FFF:  # noqa: PLR2004 - READ BINARY takes 15 bits
        raise NdefError("the message is too long")
    answer = exchange(bytes((0x00, 0xB0, offset >> 8, offset & 0xFF, count)))
    if answer.sw != _SW_OK or len(answer.data) != count:
        raise NdefError("a read came back short")
    return answer.data
