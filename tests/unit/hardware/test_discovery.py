"""Devices are found where they are, and what is looked at is not disturbed: on loopback, on a made-up /sys."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

import pytest
from zeroconf import ServiceInfo, Zeroconf

from hardware.discovery import Candidate, Find, FindLimits, Found, announced, find_devices, own_networks
from hardware.discovery.finding import NAME_CHARS_MAX, harmless
from hardware.discovery.nearby import ASK_STATUS, look_around
from hardware.discovery.networks import around
from hardware.discovery.plugged import _model, plugged_in
from hardware.printer import EmulatedPrinter

SCANNER = bytes.fromhex(
    "058c0902a10185020912a1021500 26ff00 7508 9501 0501 093b 8102 9503 058c 09fb09fc09fd 8102 9538 09fe 820201"
    "2501 7501 9501 09ff 8102 7507 8103 c0c0"
)
KEYBOARD = bytes.fromhex("05010906a101050719e029e715002501750195088102950175088103950675081500256505071900296581 00c0")
NET = IPv4Network("127.73.41.0/28")
QUICK = FindLimits(announce_s=0.6, connect_s=0.3, answer_s=0.3)


class Peer:
    """Something that listens and writes down what it is sent; it answers with what it was given."""

    def __init__(self, host: str, port: int, answer: bytes = b"") -> None:
        self.heard = b""
        self.callers = 0
        self.is_over = threading.Event()
        self.is_cut = False
        self._answer = answer
        self._server = socket.create_server((host, port))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            self.callers += 1
            with link:
                link.settimeout(5)
                try:
                    while part := link.recv(64):
                        self.heard += part
                        if self._answer:
                            link.sendall(self._answer)
                except OSError:
                    self.is_cut = True  # whoever asked hung up hard; what was heard until then is what counts
            self.is_over.set()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def printer() -> Iterator[EmulatedPrinter]:
    device = EmulatedPrinter()
    device.serve_tcp("127.73.41.3", 9100)
    yield device
    device.stop()


def usb(root: Path, name: str, device: Path, maker: str = "EPSON", product: str = "TM-T20III") -> Path:
    """Make a device of /sys with the USB device above it."""
    home = root / "sys/devices/usb1/1-1"
    (home / "1-1:1.0").mkdir(parents=True, exist_ok=True)
    (home / "product").write_text(product + "\n")
    (home / "manufacturer").write_text(maker + "\n")
    node = root / device / name
    node.mkdir(parents=True)
    (node / "device").symlink_to(home / "1-1:1.0")
    return node


def test_what_is_plugged_in_is_read_off_sys(tmp_path: Path) -> None:
    usb(tmp_path, "lp0", Path("sys/class/usbmisc"))
    usb(tmp_path, "ttyACM0", Path("sys/class/tty"))
    (tmp_path / "sys/class/tty/ttyS0").mkdir()
    (tmp_path / "sys/class/tty/ttyS0/type").write_text("4\n")
    (tmp_path / "sys/class/tty/ttyS1").mkdir()
    (tmp_path / "sys/class/tty/ttyS1/type").write_text("0\n")
    (tmp_path / "sys/class/tty/tty1").mkdir()
    (tmp_path / "dev/serial/by-id").mkdir(parents=True)
    (tmp_path / "dev/ttyACM0").touch()
    (tmp_path / "dev/serial/by-id/usb-Datalogic_Gryphon-if00").symlink_to("../../ttyACM0")
    for name, descriptor in (("hidraw0", KEYBOARD), ("hidraw1", SCANNER)):
        node = tmp_path / "sys/class/hidraw" / name / "device"
        node.mkdir(parents=True)
        (node / "report_descriptor").write_bytes(descriptor)
    (tmp_path / "sys/class/hidraw/hidraw2").mkdir()
    found = {each.place: each for each in plugged_in(tmp_path)}
    assert sorted(found) == [
        "/dev/hidraw1",
        "/dev/serial/by-id/usb-Datalogic_Gryphon-if00",
        "/dev/ttyS0",
        "/dev/usb/lp0",
    ]
    assert found["/dev/usb/lp0"] == Find(
        "usb", "/dev/usb/lp0", "EPSON TM-T20III", (Candidate("printer.escpos.usb", {"path": "/dev/usb/lp0"}),)
    )
    kinds = [each.kind for each in found["/dev/ttyS0"].candidates]
    assert kinds == ["scanner.serial", "printer.escpos.serial", "display.cd5220"]
    assert plugged_in(tmp_path / "nothing") == ()


def test_a_name_from_outside_is_harmless_and_short() -> None:
    assert harmless("EPSON\x1b[31m\n TM\u202e-T20 ") == "EPSON [31m TM -T20"
    assert len(harmless("x" * 500)) == NAME_CHARS_MAX
    assert harmless(b"caf\xc3\xa9\xff") == "café\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("ACS ACR122U PICC Interface 00 00", "ACS ACR122U PICC Interface"),
        (
            "HID Global OMNIKEY 5022 Smart Card Reader [OMNIKEY 5022] (AB12) 01 00",
            "HID Global OMNIKEY 5022 Smart Card Reader",
        ),
        ("Virtual PCD 00 00", "Virtual PCD"),
        ("00", "00"),
    ],
)
def test_a_reader_is_named_by_what_stays_the_same(name: str, stays: str) -> None:
    assert _model(name) == stays
    assert name.startswith(stays)


def test_no_network_larger_than_a_class_c_is_looked_through() -> None:
    assert around(IPv4Interface("10.20.30.40/8"), 24) == (IPv4Network("10.20.30.0/24"), IPv4Interface("10.20.30.40").ip)
    assert around(IPv4Interface("192.168.7.9/28"), 24)[0] == IPv4Network("192.168.7.0/28")
    for network, own in own_networks():
        assert network.prefixlen >= 24
        assert own in network
        assert not own.is_loopback
    looked = asyncio.run(look_around([IPv4Network("127.0.0.0/8")], QUICK))
    assert looked == ((), True), "a network that is too large is left out"


def look(limits: FindLimits = QUICK, **more: object) -> Found:
    wanted = {"networks": [NET], "own": [], "root": Path("/nonexistent"), **more}
    return asyncio.run(find_devices(limits, **wanted))


def test_where_nothing_is_announced_ports_are_found_and_nobody_is_sent_anything(printer: EmulatedPrinter) -> None:
    pay, laser, mine = Peer("127.73.41.4", 20007), Peer("127.73.41.5", 9100), Peer("127.73.41.6", 9100)
    found = look(in_use=frozenset({("127.73.41.6", 9100)}))
    told = {each.place: each for each in found.finds if each.way == "network"}
    assert told == {
        "127.73.41.3:9100": Find(
            "network", "127.73.41.3:9100", "", (Candidate("printer.escpos.tcp", {"host": "127.73.41.3"}),), "silent"
        ),
        "127.73.41.5:9100": Find(
            "network", "127.73.41.5:9100", "", (Candidate("printer.escpos.tcp", {"host": "127.73.41.5"}),), "silent"
        ),
        "127.73.41.4:20007": Find(
            "network", "127.73.41.4:20007", "", (Candidate("payment_terminal.zvt", {"host": "127.73.41.4"}),), "silent"
        ),
    }
    assert printer.machine.papers() == ()
    assert pay.is_over.wait(10)
    assert laser.is_over.wait(10)
    assert pay.heard == b"", "nothing is ever sent to what takes money"
    assert laser.heard == b"", "it may be a page printer, and would print what it gets"
    assert (mine.callers, mine.heard) == (0, b""), "what is in use already is left alone"
    for each in (pay, laser, mine):
        each.close()


@pytest.mark.usefixtures("printer")
def test_what_announces_itself_is_named_and_a_page_printer_is_not_asked() -> None:
    office, inkjet, unknown = (Peer(f"127.73.41.{last}", 9100) for last in (7, 8, 9))
    till = Peer("127.73.41.10", 9100)
    responder = Zeroconf(interfaces=["127.0.0.1"])
    raw, ipp = "_pdl-datastream._tcp.local.", "_ipp._tcp.local."
    for service, title, host, port, texts in (
        (raw, "Hall printer", "127.73.41.3", 9100, {"ty": "EPSON\x07 TM-m30III", "usb_CMD": "ESC/POS"}),
        (raw, "Till", "127.73.41.10", 9100, {"ty": "Till", "pdl": "application/vnd.epson.escpos"}),
        (raw, "Photo", "127.73.41.8", 9100, {"ty": "Inkjet 7", "pdl": "application/vnd.epson.escpr"}),
        (raw, "Old one", "127.73.41.9", 9100, {"ty": "Old one"}),
        (
            raw,
            "Office",
            "127.73.41.7",
            9100,
            {"ty": "Laser 400", "pdl": "application/postscript,application/vnd.hp-PCL"},
        ),
        (raw, "Other net", "127.99.0.1", 9101, {}),
        (ipp, "Upstairs", "127.99.0.2", 631, {"ty": "Inkjet", "pdl": "image/urf"}),
    ):
        responder.register_service(
            ServiceInfo(service, f"{title}.{service}", port, addresses=[socket.inet_aton(host)], properties=texts)
        )
    try:
        found = look(FindLimits(), own=["127.0.0.1"])
    finally:
        responder.close()
    told = {each.place: each for each in found.finds}
    assert told["127.73.41.3:9100"].name == "EPSON TM-m30III"
    assert told["127.73.41.3:9100"].note == ""
    assert (told["127.73.41.7:9100"].note, told["127.73.41.7:9100"].candidates) == ("page_printer", ())
    assert office.is_over.wait(10)
    assert office.heard == b"", "a page printer would have printed our question"
    for each in (inkjet, unknown):
        assert each.is_over.wait(10)
        assert each.heard == b"", "it does not say that it speaks our language"
    assert told["127.73.41.9:9100"].note == "silent"
    assert till.is_over.wait(10)
    assert till.heard == ASK_STATUS
    assert told["127.73.41.10:9100"].note == "silent", "asked, and it said nothing"
    assert told["127.99.0.1:9101"].candidates == (
        Candidate("printer.escpos.tcp", {"host": "127.99.0.1", "port": 9101}),
    )
    assert told["127.99.0.1:9101"].note == "not_asked"
    assert told["127.99.0.2:631"].note == "ipp"
    for each in (office, inkjet, unknown, till):
        each.close()


def test_a_search_ends_in_its_time_and_says_that_it_did_not_come_to_an_end() -> None:
    quick = FindLimits(total_s=0.2, at_once=1, connect_s=5.0, answer_s=5.0)
    mute = Peer("127.73.41.2", 9100)
    began = time.monotonic()
    answers, is_whole = asyncio.run(
        look_around([IPv4Network("127.73.41.2/32")], quick, asked=frozenset({"127.73.41.2"}))
    )
    assert (answers, is_whole) == ((), False)
    assert time.monotonic() - began < 5
    mute.close()


def test_no_more_connections_at_once_than_allowed() -> None:
    is_open, most = 0, 0

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal is_open, most
        is_open += 1
        most = max(most, is_open)
        await reader.read()
        is_open -= 1
        writer.close()

    async def story() -> None:
        hosts = [f"127.73.41.{n}" for n in range(1, 15)]
        async with await asyncio.start_server(hold, hosts, 9100):
            limits = FindLimits(at_once=3, connect_s=5.0, answer_s=0.1)
            answers, is_whole = await look_around([NET], limits, asked=frozenset(hosts))
        assert (len(answers), is_whole) == (14, True)

    asyncio.run(story())
    assert 1 <= most <= 3 + 1, "one that is being hung up may still count"


def test_what_cannot_be_asked_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> Zeroconf:
        raise OSError("no multicast here")

    monkeypatch.setattr(announced, "Zeroconf", refused)
    found = look(networks=[], own=["127.0.0.1"])
    assert "mdns" in found.missed
    assert found.networks == ()


def test_names_that_nobody_answers_to_hold_a_search_up_no_longer_than_listening_did() -> None:
    class Announcing:
        """Names are heard, and what they are is never answered; time passes as it is asked for."""

        def __init__(self) -> None:
            self.asked_ms: list[float] = []

        def get_service_info(self, service: str, name: str, timeout_ms: float) -> None:
            del service, name
            self.asked_ms.append(timeout_ms)
            threading.Event().wait(timeout_ms / 1000)

    mute, began = Announcing(), time.monotonic()
    for _ in range(64):
        assert announced._resolved(mute, announced.RAW, "Nobody", began + 0.2) == []  # type: ignore[arg-type]
    assert mute.asked_ms
    assert sum(mute.asked_ms) <= 200
