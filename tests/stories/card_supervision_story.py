"""Run in namespaces of its own; prints JSON.

A terminal on the real pcscd sees a card, prints the booking whose code is on it, and sees the service killed and back.
"""

import asyncio
import contextlib
import importlib.util
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageOps

from hardware.card_reader import (
    CardReader,
    EmulatedCard,
    EmulatedStaffCard,
    StaffCardRefused,
    VirtualReader,
    card_key,
    prove_staff_card,
)
from hardware.discovery.plugged import card_readers
from hardware.printer import EmulatedPrinter
from kiosk.__main__ import main
from kiosk.application.inputs import CardRead, Input
from kiosk.application.ordering import SaleOrder
from kiosk.application.questions import ANSWERS
from kiosk.application.selling import sell
from kiosk.application.settings_file import load
from kiosk.application.staff_cards import try_card
from kiosk.application.terminal import Terminal
from kiosk.bootstrap import Start, open_terminal

SETTINGS = """
[[devices]]
kind = "card_reader.pcsc"
device_id = "card"
options = {{ name_prefix = "Virtual PCD" }}
[[devices]]
kind = "printer.escpos.tcp"
device_id = "ticket-printer"
options = {{ port = {port} }}
"""
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


def book(settings: Path, data: Path) -> str:
    """Book a journey as another channel does; return its code."""
    named = ("--settings", str(settings), "--data", str(data))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(("platform", "book", "--from", "aldermoor-central", "--to", "bellmar", *named)) == 0
    return str(json.loads(out.getvalue())["code"])


def codes_on(printer: EmulatedPrinter) -> list[str]:
    """Return what zxing-cpp reads on the paper."""
    sheets = [Image.open(io.BytesIO(paper.to_png())).convert("L") for paper in printer.machine.papers()]
    return [code.text for sheet in sheets for code in zxingcpp.read_barcodes(ImageOps.expand(sheet, 40, 255))]


async def staff(reader: CardReader, cards: Any, virtual: VirtualReader, read: asyncio.Queue[Input]) -> list[str]:
    """Let the right card and one with a foreign key prove themselves; return what each came to."""
    master, uid, told = b"0123456789abcdef", bytes.fromhex("04A1B2C3D4E5F6"), []
    for key in (card_key(master, uid), bytes(16)):
        await cards.insert(virtual, EmulatedStaffCard(uid=uid, key=key))
        card = await read.get()
        assert isinstance(card, CardRead)
        try:
            proof = await prove_staff_card(reader, card.contents.card_seq, master, timeout_s=10)
        except StaffCardRefused as refused:
            told.append(refused.key)
        else:
            told.append(proof.uid)
    return told


async def sign_in(terminal: Terminal, cards: Any, virtual: VirtualReader, read: asyncio.Queue[Input]) -> list[str]:
    """Enrol one card; let it, a stranger's, a forged and a copied one open the bench; return what each came to."""
    master, uid, told = b"0123456789abcdef", bytes.fromhex("04A1B2C3D4E5F6"), []
    mine = card_key(master, uid)
    adding = asyncio.create_task(ANSWERS["service.card.add"](terminal, {"name": "Anna", "key": master.hex()}))
    await asyncio.sleep(0)
    await cards.insert(virtual, EmulatedStaffCard(uid=uid, key=mine))
    told.append((await adding)["name"])
    copy = EmulatedStaffCard(uid=uid, key=bytes(16), is_parrot=True, proofs=[bytes(16)])
    for card in (
        EmulatedStaffCard(uid=uid, key=mine),
        EmulatedStaffCard(uid=bytes.fromhex("04999999999999"), key=mine),
        EmulatedStaffCard(uid=uid, key=bytes(16)),
        copy,
        EmulatedCard(uid=uid),
    ):
        await cards.insert(virtual, card)
        answer = await try_card(
            terminal.staff_cards, terminal.access, terminal.acts, terminal.devices.readers, await read.get()
        )
        told.append(answer.name or f"{answer.cause} {answer.tried.left}")
    return told


async def story(folder: Path, code: str, printer: EmulatedPrinter) -> dict[str, object]:
    cards = conformance()
    service = cards.Service(folder)
    read: asyncio.Queue[Input] = asyncio.Queue()
    virtual = VirtualReader()
    start = Start(load(folder / "settings.toml", folder / "data"), folder / "data")
    async with asyncio.timeout(WAIT_S), open_terminal(start) as terminal:
        terminal.inputs.subscribe(read.put_nowait)
        service.start()
        before = await until(terminal, lambda state: state == "ready")
        readers = [each.place for each in card_readers() or ()]
        await cards.insert(virtual, EmulatedCard(uid=b"\x01\x02\x03\x04", text=code))
        card = await read.get()
        texts = card.contents.ndef if isinstance(card, CardRead) else ()
        sold = await sell(terminal, SaleOrder(pick_up=texts[0]))
        signed_in = await sign_in(terminal, cards, virtual, read)
        proven = await staff(terminal.devices.readers[0], cards, virtual, read)
        wire = [each.what for each in terminal.devices.traces["card"].exchanges()]
        service.kill()
        gone = await until(terminal, lambda state: state == "not_reachable")
        await asyncio.to_thread(virtual.pull)
        service.start()
        after = await until(terminal, lambda state: state == "ready")
    service.kill()
    secrets = [each["secret"] for each in sold["documents"] if each["kind"] == "ticket"]
    return {
        "before": before,
        "is_card_traced": "90 00, 7 bytes of data" in wire,
        "is_trace_clean": not [each for each in (code, code.encode().hex(), "04A1B2C3") if each in str(wire)],
        "readers": readers,
        "is_code_read": texts == (code,),
        "outcome": sold["outcome"],
        "is_on_paper": bool(secrets) and codes_on(printer) == secrets,
        "staff": proven,
        "signed_in": signed_in,
        "gone": gone,
        "after": after,
    }


def run(folder: Path) -> dict[str, object]:
    conformance().bring_up_loopback()
    printer = EmulatedPrinter()
    settings = folder / "settings.toml"
    settings.write_text(SETTINGS.format(port=printer.serve_tcp()), encoding="utf-8")
    try:
        return asyncio.run(story(folder, book(settings, folder / "data"), printer))
    finally:
        printer.stop()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]))))
