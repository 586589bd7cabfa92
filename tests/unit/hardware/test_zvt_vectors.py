"""The ZVT codec against bytes of others: named in docs/hardware/payment_terminal.md."""

import random
from typing import Any

import pytest

from hardware.payment_terminal.zvt_codec import (
    BMPS,
    Frame,
    ZvtError,
    bcd,
    from_bcd,
    parse_abort,
    parse_fields,
    parse_print,
    parse_status,
    parse_tlv,
    parse_version,
    take_frame,
)

TAIL = "A0000000041010"
# Portalum.Zvt, StatusInformationParserTest (captures of a terminal).
STATUSES: list[tuple[str, dict[str, Any]]] = [
    (
        "040F1E276C29280048693CF0F1F941626272756368206475726368204B756E6465",
        {"result_code": 0x6C, "text": "Abbruch durch Kunde"},
    ),
    (
        "040F1827FF29280048693CF0F1F34265747261672066616C736368",
        {"result_code": 0xFF, "text": "Betrag falsch"},
    ),
    (
        (
            "040F772700040000000020400B0004700C2239530D10060E2512170001197022F0F8EEEEEEEEEEEE477129280048692A3130303436313"
            "736332020202020203B36313138303400003CF0F1F447454E2E4E522E3A363131383034490978870470880004708A2E8BF1F744656269"
            "74204D61737465726361726400"
        ),
        {
            "amount_minor": 2040,
            "currency_code": 978,
            "trace": 470,
            "receipt": 470,
            "time": "223953",
            "date": "1006",
            "card_name": "Debit Mastercard",
            "text": "GEN.NR.:611804",
        },
    ),
    (
        (
            "040F772700040000000020400B0004630C2104430D10060E2512170001197022F0F8EEEEEEEEEEEE477129280048692A3130303436313"
            "736332020202020203B39373835333900003CF0F1F447454E2E4E522E3A393738353339490978870463880004638A2E8BF1F744656269"
            "74204D61737465726361726400"
        ),
        {"amount_minor": 2040, "trace": 463, "text": "GEN.NR.:978539"},
    ),
    (
        (
            "040FE22700040000000001000B0006070C1548580D02010E2512170001197022F0F8EEEEEEEEEEEE477129280048692A3130303436313"
            "7363320202020202037000606"
            "3B37313536393100003CF0F1F447454E2E4E522E3A373135363931490978870607880006078A2E8BF1F74465626974204D61737465726"
            "36172640006652410070E47454E2E4E522E3A3731353639314307A0000000041010461F41303030303030303034313031302042314437"
            "333435433146324433353542471F41303030303030303034313031302042314437333435433146324433353542"
            "1F1001FF1F120102"
        ),
        {"amount_minor": 100, "trace": 607, "reversed_trace": 606, "text": "GEN.NR.:715691"},
    ),
    (
        (
            "040F6527000C2313550D10290E999922F0F8EEEEEEEEEEEE4771A00129000000068700080B0000008A068BF1F14D41535445524341524"
            "400062E2F081F1201021F100100601B4307A000000004101044104465626974204D6173746572636172641F2B0410015008"
        ),
        {"result_code": 0, "says_amount": False, "date": "1029", "receipt": 8, "card_name": "MASTERCARD"},
    ),
    (
        (
            "040F6C2700040000000020400C2109160D11010E999922F0F8EEEEEEEEEEEE4771A00129000000068700050B0000008A068BF1F14D415"
            "35445524341524400062E2F081F1201011F100103601B4307A000000004101044104465626974204D6173746572636172641F2B041001"
            "6005"
        ),
        {"amount_minor": 2040, "receipt": 5, "date": "1101", "card_name": "MASTERCARD"},
    ),
    (
        "040F44276C040000000012004909780C1133390D081722F0F00B000000196029525002958BF0F100",
        {"result_code": 0x6C, "amount_minor": 1200, "date": "0817", "time": "113339"},
    ),
    # ecrterm, tests/test_parsing.py
    (
        (
            "040F37270004000000004000490978 0C0938480D042522F1F15966666666D2002122010017000187 01750B6139951940"
            "29600999140E05128A02"
        ),
        {"amount_minor": 4000, "trace": 613995, "receipt": 175, "time": "093848", "date": "0425"},
    ),
    (
        (
            "040fa12700040000000000014909780c1223060d062922f0f8474843eeeeee77438700023b38383931353000000b00073219602942003"
            "0360e18018a0a8c038bf0f556495341002a3435353630303030303539392020203cf0f7f341532d544944203d2031334630303031330d"
            "41532d50726f632d436f6465203d203230203930332030300d436170742e2d5265662e3d20303030300d41494435393a203830393235"
            "38"
        ),
        {"amount_minor": 1, "trace": 732, "receipt": 2, "card_name": "VISA"},
    ),
    (
        (
            "040FCE2700040000000010004909780C1230050D062922F0F8474843EEEEEE77438700023B38383931353000000B00073319602942003"
            "0360E18018A0A8C038BF0F556495341002A3435353630303030303539392020203CF0F7F341532D544944203D2031334630303031330D"
            "41532D50726F632D436F6465203D203230203930332030300D436170742E2D5265662E3D20303030300D41494435393A203830393235"
            "38062B4102000A4902000315024445600F4204564953414307A00000000310102F0C1F1001001F1101011F120102"
        ),
        {"amount_minor": 1000, "trace": 733, "currency_code": 978, "card_name": "VISA"},
    ),
]


@pytest.mark.parametrize(("raw", "says"), STATUSES, ids=range(len(STATUSES)))
def test_status_information_of_real_devices(raw: str, says: dict[str, Any]) -> None:
    data = bytes.fromhex(raw)
    assert data[:2] == b"\x04\x0f"
    status = parse_status(data[3:])
    assert {name: getattr(status, name) for name in says} == says
    assert not status.fields.get(0x22)


# ecrterm (tests/test_data_encoding.py, test_apdu.py) and Portalum.Zvt (ApduHelperTest): whole frames.
FRAMES = [
    ("06000612345 6BA0978", 0x0600, 6),
    ("0601 0A 04 000000011010 0049 0978".replace("10 0049", "1049"), 0x0601, 10),
    ("067000", 0x0670, 0),
    ("800000", 0x8000, 0),
    ("849C00", 0x849C, 0),
    ("061800", 0x0618, 0),
    ("0501031234560"[:12], 0x0501, 3),
    ("05010512345603 04", 0x0501, 5),
    ("069303999999", 0x0693, 3),
    ("040F016C", 0x040F, 1),
    ("040FFF01006C", 0x040F, 1),
    ("060F03060600", 0x060F, 3),
]


@pytest.mark.parametrize(("raw", "control", "size"), FRAMES, ids=range(len(FRAMES)))
def test_frames_of_other_projects(raw: str, control: int, size: int) -> None:
    data = bytes.fromhex(raw.replace(" ", ""))
    taken = take_frame(data)
    assert taken is not None
    frame, used = taken
    assert (frame.control, len(frame.data), used) == (control, size, len(data))
    if data[2] != 0xFF:
        assert frame.encode() == data


def test_half_frames_wait_for_the_rest() -> None:
    for raw in ("040F", "", "040FFF0100", "040F0600010203", "040FFFFFFF6C"):
        assert take_frame(bytes.fromhex(raw)) is None


def test_long_frames_have_their_low_byte_first() -> None:
    assert Frame(0x06D3, bytes(650)).encode()[:5].hex() == "06d3ff8a02"


def test_completion_abort_and_print_of_other_projects() -> None:
    assert parse_version(bytes.fromhex("F0F0F7322E31342E313500")) == ("2.14.15", 0)
    abort = "6c062b1f1605ff000014411f1720416262727563682064757263682065787465726e6573204b6f6d6d616e646f21"
    assert parse_abort(bytes.fromhex(abort)) == 0x6C
    assert [f"{t.tag:X}" for t in parse_tlv(parse_fields(bytes.fromhex(abort)[1:])[0x06])] == ["1F16", "1F17"]
    line = Frame(0x06D1, bytes.fromhex("0020202020202020202020 4B617373656E7363686E697474".replace(" ", "")))
    assert parse_print(line) == ("Kassenschnitt",)
    late = Frame(0x06D1, bytes.fromhex("4052494544472035300604 1F070101".replace(" ", "")))
    assert parse_print(late) == ("RIEDG 50",)
    umlauts = Frame(0x06D1, bytes.fromhex("005465737420842094208120e1"))
    assert parse_print(umlauts) == ("Test ä ö ü ß",)
    fields = parse_fields(bytes.fromhex("19002952001233490978060527031401FF"))
    assert (fields[0x29].hex(), fields[0x49].hex()) == ("52001233", "0978")
    prompt = parse_tlv(bytes.fromhex("241807164269747465204B617274652065696E737465636B656E"))
    assert prompt[0].items[0].value == b"Bitte Karte einstecken"


def test_registration_answer_with_a_long_list_of_commands() -> None:
    raw = (
        "1002160212014 01A021000 26280A02040F0A02060F0A02061E0A0204FF0A0206D80A0206DB0A0206D90A0206DA0A0206DD0A0206D3"
        "2703140 1FF28101502444515024 54E15024652150249 5440 02C0001F0402F1001F050100"
    )
    items = parse_tlv(bytes.fromhex(raw.replace(" ", "")))
    assert [f"{i.tag:X}" for i in items] == ["10", "12", "1A", "26", "27", "28", "40", "1F04", "1F05"]
    assert len(items[3].items) == 10


def test_card_numbers_in_text_are_masked() -> None:
    assert parse_print(Frame(0x06D1, b"\x00PAN 4556 0000 0599 1234")) == ("PAN ***************1234",)


def test_decimal_numbers_go_there_and_back() -> None:
    assert bcd(2040, 6).hex() == "000000002040"
    assert from_bcd(bytes.fromhex("0978")) == 978
    with pytest.raises(ValueError, match="does not fit"):
        bcd(100, 1)
    with pytest.raises(ZvtError):
        from_bcd(b"\x1f")


def hammer(count: int, seed: int) -> None:
    chance = random.Random(seed)
    seeds = [bytes.fromhex(raw.replace(" ", ""))[3:] for raw, _ in STATUSES]
    bmps = sorted(BMPS)
    parsers = (parse_status, parse_tlv, parse_fields, parse_abort, parse_version)
    for _ in range(count):
        raw = bytearray(chance.choice(seeds)[: chance.randrange(1, 90)])
        for _ in range(chance.randrange(4)):
            raw[chance.randrange(len(raw))] = chance.choice((chance.randrange(256), chance.choice(bmps)))
        data = bytes(raw)
        taken = take_frame(data)
        assert taken is None or taken[1] <= len(data)
        for parser in (chance.choice(parsers), lambda d: parse_print(Frame(0x06D3, d))):
            try:
                parser(data)
            except ZvtError:
                continue


def test_parsers_raise_only_what_they_declare() -> None:
    hammer(50_000, 21)


@pytest.mark.soak
def test_parsers_raise_only_what_they_declare_a_million_times() -> None:
    hammer(1_000_000, 22)


def test_deep_data_objects_are_refused() -> None:
    raw = b""
    for _ in range(20):
        raw = bytes((0x21, len(raw))) + raw
    with pytest.raises(ZvtError):
        parse_tlv(raw)
