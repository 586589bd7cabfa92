"""What every scanner must keep: simulator, serial driver on a pseudo terminal, HID driver on a pipe."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.scanner import (
    HidScannerEmulator,
    ScanEvent,
    Scanner,
    ScannerEmulator,
    ScannerSimulator,
    ScanRefused,
    filter_scan,
)
from hardware.scanner.framing import LINE_BYTES_MAX, OVERLONG, LineSplitter
from hardware.scanner.hidraw import HidPosScanner
from hardware.scanner.serial import SerialScanner

WAIT_S = 30.0
Heard = ScanEvent | ScanRefused


@dataclass
class Bench:
    device: Scanner
    scan: Callable[[bytes], object]
    heard: "asyncio.Queue[Heard]"

    async def next(self) -> Heard:
        return await asyncio.wait_for(self.heard.get(), WAIT_S)

    async def until_working(self, *, is_working: bool) -> None:
        for _ in range(1000):
            if (await self.device.health()).is_working is is_working:
                return
            await asyncio.sleep(0.02)
        raise AssertionError((await self.device.health()).cause)


@asynccontextmanager
async def simulated(tmp_path: Path) -> AsyncIterator[Bench]:
    del tmp_path
    device = ScannerSimulator("scan")
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    await device.start(heard.put_nowait)
    yield Bench(device, device.inject, heard)
    await device.close()


@asynccontextmanager
async def on_a_line(tmp_path: Path) -> AsyncIterator[Bench]:
    emulator = ScannerEmulator(tmp_path / "tty")
    emulator.plug_in()
    device = SerialScanner("scan", emulator.path)
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    await device.start(heard.put_nowait)
    bench = Bench(device, emulator.scan, heard)
    await bench.until_working(is_working=True)
    yield bench
    await device.close()
    emulator.unplug()


@asynccontextmanager
async def in_reports(tmp_path: Path) -> AsyncIterator[Bench]:
    emulator = HidScannerEmulator(tmp_path / "hid")
    emulator.plug_in()
    device = HidPosScanner("scan", emulator.path, descriptor=emulator.descriptor)
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    await device.start(heard.put_nowait)
    bench = Bench(device, emulator.scan, heard)
    await bench.until_working(is_working=True)
    yield bench
    await device.close()
    emulator.unplug()


SYMBOLOGY = {"hid_pos": "]Q1", "serial": "", "simulator": "qr"}
BENCHES: dict[str, Callable[[Path], AbstractAsyncContextManager[Bench]]] = {
    "hid_pos": in_reports,
    "serial": on_a_line,
    "simulator": simulated,
}


@pytest.mark.parametrize("kind", sorted(BENCHES))
def test_codes_come_whole_in_order_and_filtered(kind: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with BENCHES[kind](tmp_path) as b:
            for code in (b"TICKET-1", "旅客-2".encode(), b"bad\x07code", b"\xff\xfe", b"x" * 3000):
                b.scan(code)
            heard = [await b.next() for _ in range(5)]
            assert [h.text if isinstance(h, ScanEvent) else h.cause for h in heard] == [
                "TICKET-1",
                "旅客-2",
                "control_characters",
                "not_text",
                "too_long",
            ]

    asyncio.run(story())


@pytest.mark.parametrize("kind", sorted(BENCHES))
def test_codes_read_while_off_are_dropped(kind: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with BENCHES[kind](tmp_path) as b:
            b.scan(b"FIRST")
            assert await b.next() == ScanEvent("FIRST", SYMBOLOGY[kind])
            await b.device.close()
            await b.device.start(b.heard.put_nowait)
            await b.until_working(is_working=True)
            b.scan(b"SECOND")
            assert isinstance(await b.next(), ScanEvent)

    asyncio.run(story())


def test_serial_scanner_survives_being_unplugged(tmp_path: Path) -> None:
    async def story() -> None:
        emulator = ScannerEmulator(tmp_path / "tty")
        device = SerialScanner("scan", emulator.path)
        heard: asyncio.Queue[Heard] = asyncio.Queue()
        await device.start(heard.put_nowait)
        bench = Bench(device, emulator.scan, heard)
        for number in range(3):
            await bench.until_working(is_working=False)
            emulator.plug_in()
            await bench.until_working(is_working=True)
            emulator.scan(f"CODE-{number}".encode())
            assert await bench.next() == ScanEvent(f"CODE-{number}")
            emulator.scan(b"half a code", end=b"")
            emulator.unplug()
        await device.close()
        assert heard.empty()

    asyncio.run(story())


def test_hid_scanner_survives_being_unplugged_and_leaves_a_keyboard_alone(tmp_path: Path) -> None:
    async def story() -> None:
        emulator = HidScannerEmulator(tmp_path / "hid")
        device = HidPosScanner("scan", emulator.path, descriptor=emulator.descriptor)
        heard: asyncio.Queue[Heard] = asyncio.Queue()
        await device.start(heard.put_nowait)
        bench = Bench(device, emulator.scan, heard)
        for number in range(2):
            await bench.until_working(is_working=False)
            emulator.plug_in()
            await bench.until_working(is_working=True)
            emulator.scan(f"CODE-{number}".encode() * 20)
            assert await bench.next() == ScanEvent(f"CODE-{number}" * 20, "]Q1")
            emulator.unplug()
        await bench.until_working(is_working=False)
        keyboard = bytes.fromhex("05010906A1010507750895068100C0")
        await asyncio.to_thread(Path(emulator.descriptor).write_bytes, keyboard)
        for _ in range(1000):
            if (await device.health()).cause == "scanner.not_hid_pos":
                break
            await asyncio.sleep(0.02)
        assert (await device.health()).cause == "scanner.not_hid_pos"
        await device.close()

    asyncio.run(story())


def feed_noise(splitter: LineSplitter, count: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        codes = splitter.feed(chance.randbytes(chance.randrange(30)))
        assert all(0 < len(c) <= LINE_BYTES_MAX for c in codes)
        for code in codes:
            assert isinstance(filter_scan(code), ScanEvent | ScanRefused)


@pytest.mark.soak
def test_splitter_is_bounded_over_a_million_pieces() -> None:
    feed_noise(LineSplitter(), 1_000_000, 5)


def test_splitter_is_bounded_whatever_comes() -> None:
    splitter = LineSplitter()
    feed_noise(splitter, 50_000, 4)
    splitter.feed(b"\n")
    for _ in range(100):
        splitter.feed(b"x" * 4096)
        assert len(splitter._line) <= LINE_BYTES_MAX
    assert splitter.feed(b"\rNEXT\n") == [OVERLONG, b"NEXT"]
