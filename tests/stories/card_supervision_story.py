"""Run in namespaces of its own: a terminal on the real pcscd sees a card, the service killed and back; prints JSON."""

import asyncio
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hardware.card_reader import EmulatedCard, VirtualReader
from kiosk.application.inputs import CardRead, Input
from kiosk.application.settings_file import load
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal

SETTINGS = '[[devices]]\nkind = "card_reader.pcsc"\ndevice_id = "card"\noptions = { name_prefix = "Virtual PCD" }\n'
WAIT_S = 150.0


def conformance() -> Any:
    path = Path(__file__).parents[1] / "conformance" / "card_reader_story.py"
    spec = importlib.util.spec_from_file_location("card_reader_story", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def until(terminal: Terminal, holds: Callable[[str], bool]) -> str:
    while True:
        await terminal.supervision.look()
        state = next((str(each.state) for each in terminal.supervision.healths if each.device_id == "card"), "")
        if holds(state):
            return state
        await asyncio.sleep(0.05)


async def story(folder: Path) -> dict[str, object]:
    cards = conformance()
    cards.bring_up_loopback()
    service = cards.Service(folder)
    file = folder / "settings.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    read: asyncio.Queue[Input] = asyncio.Queue()
    virtual = VirtualReader()
    async with asyncio.timeout(WAIT_S), open_terminal(Start(load(file, folder / "data"), folder / "data")) as terminal:
        terminal.inputs.subscribe(read.put_nowait)
        service.start()
        before = await until(terminal, lambda state: state == "ready")
        await cards.insert(virtual, EmulatedCard(uid=b"\x01\x02\x03\x04", text="GUICHET:7"))
        card = await read.get()
        service.kill()
        gone = await until(terminal, lambda state: state == "not_reachable")
        await asyncio.to_thread(virtual.pull)
        service.start()
        after = await until(terminal, lambda state: state == "ready")
    service.kill()
    texts = card.contents.ndef if isinstance(card, CardRead) else ()
    return {"before": before, "texts": list(texts), "gone": gone, "after": after}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(story(Path(sys.argv[1])))))
