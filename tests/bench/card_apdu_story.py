"""Run in namespaces of its own: one APDU through our card reader beside pyscard alone, same pcscd, same card."""

import asyncio
import importlib.util
import json
import statistics
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from smartcard.System import readers

from hardware.card_reader import CardEvent, CardEventKind, EmulatedCard, VirtualReader
from hardware.card_reader.pcsc import PcscCardReader

ROUNDS, APDUS = 9, 200
GET_UID = bytes.fromhex("FFCA000000")


def conformance() -> ModuleType:
    path = Path(__file__).parents[1] / "conformance" / "card_reader_story.py"
    spec = importlib.util.spec_from_file_location("card_reader_story", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def alone(connection: Any) -> float:
    start = time.perf_counter()
    for _ in range(APDUS):
        data, sw1, sw2 = connection.transmit(list(GET_UID))
        assert (len(data), sw1, sw2) == (7, 0x90, 0)
    return time.perf_counter() - start


async def ours(device: PcscCardReader, card_seq: int) -> float:
    start = time.perf_counter()
    for _ in range(APDUS):
        answer = await device.transmit(card_seq, GET_UID, timeout_s=5)
        assert (len(answer.data), answer.sw) == (7, 0x9000)
    return time.perf_counter() - start


async def story(folder: Path) -> list[float]:
    cards: Any = conformance()
    cards.bring_up_loopback()
    service, virtual = cards.Service(folder), VirtualReader()
    events: asyncio.Queue[CardEvent] = asyncio.Queue()
    device = PcscCardReader("card", name_prefix="Virtual PCD")
    service.start()
    await device.start(events.put_nowait)
    await cards.insert(virtual, EmulatedCard())
    event = await asyncio.wait_for(events.get(), 30)
    assert event.kind is CardEventKind.INSERTED
    connection = readers()[0].createConnection()
    await asyncio.to_thread(connection.connect)
    ratios = []
    for turn in range(ROUNDS + 1):
        mine = await ours(device, event.card_seq)
        theirs = alone(connection)
        if turn:  # the first round warms up
            ratios.append(mine / theirs)
    await device.close()
    service.kill()
    return ratios


if __name__ == "__main__":
    sys.stdout.write(json.dumps(statistics.median(asyncio.run(story(Path(sys.argv[1]))))))
