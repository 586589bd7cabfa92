import os
import random

import pytest

from hardware.printer.status import (
    BLOCK_BYTES_MAX,
    AutomaticStatus,
    BlockAnswer,
    BufferAnswer,
    BufferCleared,
    Condition,
    FlowControl,
    Nonsense,
    ProcessDone,
    RealTimeAnswer,
    StatusDecoder,
    after_automatic,
    after_real_time,
)

KINDS = (RealTimeAnswer, AutomaticStatus, ProcessDone, BufferCleared, BlockAnswer, BufferAnswer, FlowControl, Nonsense)


def _octets(answer: object) -> bytes:
    match answer:
        case RealTimeAnswer(byte) | BufferAnswer(byte) | FlowControl(byte):
            return bytes((byte,))
        case AutomaticStatus(octets) | Nonsense(octets):
            return octets
        case ProcessDone(job_id):
            return b"\x37\x22" + job_id.encode() + b"\0"
        case BufferCleared():
            return b"\x37\x25\0"
        case BlockAnswer(head, body):
            return bytes((head,)) + body + b"\0"
    raise AssertionError(answer)


@pytest.mark.parametrize(
    ("octets", "answer"),
    [
        # Made from the bit tables of the manuals named in docs/hardware/printer.md, not captured from a device.
        (b"\x12", RealTimeAnswer(0x12)),
        (b"\x16", RealTimeAnswer(0x16)),
        (b"\x1a", RealTimeAnswer(0x1A)),
        (b"\x1e", RealTimeAnswer(0x1E)),
        (b"\x32", RealTimeAnswer(0x32)),
        (b"\x72", RealTimeAnswer(0x72)),
        (b"\x7e", RealTimeAnswer(0x7E)),
        (b"\x14\x00\x00\x0f", AutomaticStatus(b"\x14\x00\x00\x0f")),
        (b"\x3c\x00\x0f\x00", AutomaticStatus(b"\x3c\x00\x0f\x00")),
        (b"\x18\x00\x0c\x00", AutomaticStatus(b"\x18\x00\x0c\x00")),
        (b"\x37\x22ABCD\x00", ProcessDone("ABCD")),
        (b"\x37\x22    \x00", ProcessDone("    ")),
        (b"\x37\x22~~~~\x00", ProcessDone("~~~~")),
        (b"\x37\x25\x00", BufferCleared()),
        (b"\x5fTM-T88IV\x00", BlockAnswer(0x5F, b"TM-T88IV")),
        (b"\x5fEPSON\x00", BlockAnswer(0x5F, b"EPSON")),
        (b"\x00", BufferAnswer(0)),
        (b"\x03", BufferAnswer(3)),
        (b"\x0c", BufferAnswer(0x0C)),
        (b"\x0f", BufferAnswer(0x0F)),
        (b"\x60", BufferAnswer(0x60)),
        (b"\x11", FlowControl(0x11)),
        (b"\x13", FlowControl(0x13)),
        (b"\x92", Nonsense(b"\x92")),
    ],
)
def test_knows_the_answers_that_vendors_bit_tables_give(octets: bytes, answer: object) -> None:
    assert StatusDecoder().feed(octets) == [answer]


def test_answers_in_any_order_and_any_cut_are_told_apart() -> None:
    chance = random.Random(2026)
    made = (
        lambda: RealTimeAnswer(0x12 | chance.choice((0, 4, 8, 0x20, 0x40, 0x6C))),
        lambda: AutomaticStatus(bytes((0x10 | chance.choice((0, 4, 8, 0x20, 0x2C)), chance.choice((0, 8)), 3, 0x60))),
        lambda: ProcessDone("".join(chance.choice([chr(code) for code in range(0x20, 0x7F)]) for _ in range(4))),
        BufferCleared,
        lambda: BlockAnswer(0x5F, bytes(chance.randrange(0x20, 0x7F) for _ in range(chance.randrange(20)))),
        lambda: BufferAnswer(chance.choice((0, 3, 0x0C, 0x0F, 0x63))),
    )
    for _ in range(3000):
        said = [chance.choice(made)() for _ in range(chance.randrange(1, 9))]
        stream = b"".join(_octets(answer) for answer in said)
        decoder, heard = StatusDecoder(), []
        while stream:
            cut = chance.randrange(1, 8)
            heard += decoder.feed(stream[:cut])
            stream = stream[cut:]
        assert heard == said


def _plain(octets: bytes) -> bytes:
    return octets.translate(None, b"\x11\x13")


def test_flow_control_between_the_bytes_of_an_answer_is_stepped_over() -> None:
    heard = StatusDecoder().feed(b"\x18\x00\x13\x0c\x00\x37\x22AB\x13\x11CD\x00")
    assert [answer for answer in heard if not isinstance(answer, FlowControl)] == [
        AutomaticStatus(b"\x18\x00\x0c\x00"),
        ProcessDone("ABCD"),
    ]


def _feed_noise(count: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        noise = bytes(chance.choices(range(256), k=chance.randrange(1, 40)))
        decoder = StatusDecoder()
        heard = decoder.feed(noise)
        assert all(isinstance(answer, KINDS) for answer in heard)
        said = b"".join(_octets(answer) for answer in heard)
        # Nothing is invented, and nothing but an open answer is kept back; flow control is heard ahead of its place.
        assert _plain(noise).startswith(_plain(said))
        assert len(noise) - len(said) <= BLOCK_BYTES_MAX


def test_fifty_thousand_inputs_of_noise_invent_nothing() -> None:
    _feed_noise(50_000, 3)


@pytest.mark.soak
def test_a_million_inputs_of_noise_invent_nothing() -> None:
    _feed_noise(1_000_000, int(os.environ.get("GUICHET_SEED", "11")))


def test_a_block_without_end_is_given_up_in_bounded_memory() -> None:
    decoder = StatusDecoder()
    heard = decoder.feed(b"\x5f" + b"A" * 100_000)
    assert sum(len(answer.octets) for answer in heard if isinstance(answer, Nonsense)) >= BLOCK_BYTES_MAX
    assert decoder.feed(b"\x00\x12")[-1] == RealTimeAnswer(0x12)


def test_a_process_id_is_never_read_out_of_another_answer() -> None:
    for octets in (b"\x37\x22ABC\x00", b"\x37\x22ABCDE\x00", b"\x37\x21ABCD\x00", b"\x5f\x22ABCD\x00"):
        assert not any(isinstance(answer, ProcessDone) for answer in StatusDecoder().feed(octets))


@pytest.mark.parametrize(
    ("asked", "byte", "cause"),
    [
        (1, 0x12, ""),
        (1, 0x1A, "printer.offline"),
        (2, 0x16, "printer.cover_open"),
        (2, 0x32, "printer.paper_out"),
        (3, 0x1A, "printer.jam"),
        (3, 0x32, "printer.broken"),
        (3, 0x52, "printer.too_hot"),
        (4, 0x1E, ""),
        (4, 0x7E, "printer.paper_out"),
    ],
)
def test_real_time_bits_become_causes(asked: int, byte: int, cause: str) -> None:
    assert after_real_time(Condition(), asked, byte).cause == cause


def test_automatic_status_speaks_of_everything_at_once() -> None:
    assert after_automatic(b"\x10\x00\x00\x00") == Condition()
    assert after_automatic(b"\x38\x00\x0f\x00") == Condition(
        is_offline=True, is_cover_open=True, is_paper_out=True, is_near_end=True
    )
    assert after_automatic(b"\x18\x28\x03\x00").cause == "printer.jam"
