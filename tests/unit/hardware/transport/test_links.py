import contextlib
import os
import socket
import struct
import threading
import tty
from collections.abc import Iterator

import pytest

from hardware.errors import DeviceUnavailable
from hardware.transport import Link, LinkLost, LoopbackLink, SerialLink, TcpLink, UsbPrinterLink


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def _connected(listener: socket.socket) -> tuple[TcpLink, socket.socket]:
    link = TcpLink("127.0.0.1", listener.getsockname()[1])
    link.open(5)
    peer, _ = listener.accept()
    peer.settimeout(10)
    return link, peer


def test_tcp_sends_receives_and_says_so(listener: socket.socket) -> None:
    link, peer = _connected(listener)
    assert link.send(b"\x10\x04\x01", 5).accepted == 3
    assert peer.recv(10) == b"\x10\x04\x01"
    peer.sendall(b"\x12")
    assert link.receive(5) == b"\x12"
    assert link.receive(0.01) == b""
    link.close()
    link.close()
    assert not link.is_open
    peer.close()


def test_a_refused_connection_means_nothing_happened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    link = TcpLink("127.0.0.1", port)
    with pytest.raises(DeviceUnavailable) as refused:
        link.open(1)
    assert refused.value.key == "device.not_there"
    assert link.send(b"x", 1).accepted == 0
    with pytest.raises(LinkLost):
        link.receive(1)


def test_a_peer_that_reads_nothing_takes_a_part_and_the_rest_stays_ours(listener: socket.socket) -> None:
    link, peer = _connected(listener)
    data = b"x" * 20_000_000
    sent = link.send(data, 0.2)
    assert not sent.is_lost
    assert 0 < sent.accepted < len(data)
    received = 0
    link.close()
    while part := peer.recv(1 << 20):
        received += len(part)
    assert received == sent.accepted  # what was accepted and the link closed in peace, arrives
    peer.close()


def test_discard_keeps_unsent_bytes_from_arriving_later(listener: socket.socket) -> None:
    link, peer = _connected(listener)
    sent = link.send(b"x" * 20_000_000, 0.2)
    link.discard()
    received = 0
    with contextlib.suppress(ConnectionResetError):
        while part := peer.recv(1 << 20):
            received += len(part)
    assert received < sent.accepted
    assert not link.is_open
    peer.close()


@pytest.mark.parametrize("is_reset", [False, True])
def test_a_peer_that_goes_is_told_and_never_taken_for_an_answer(listener: socket.socket, is_reset: bool) -> None:
    link, peer = _connected(listener)
    if is_reset:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    with pytest.raises(LinkLost):
        link.receive(5)
    assert not link.is_open
    assert link.send(b"x", 1).is_lost


def test_a_link_opens_again_after_a_loss(listener: socket.socket) -> None:
    link, peer = _connected(listener)
    peer.close()
    with pytest.raises(LinkLost):
        link.receive(5)
    link.open(5)
    link.open(5)
    again, _ = listener.accept()
    assert link.send(b"ab", 5).accepted == 2
    assert again.recv(10) == b"ab"
    link.close()
    again.close()


def test_a_serial_line_sends_receives_discards_and_is_exclusive() -> None:
    near, far = os.openpty()
    tty.setraw(far)
    path = os.ttyname(far)
    link = SerialLink(path)
    link.open(1)
    assert link.send(b"\x1b@", 1).accepted == 2
    assert os.read(near, 10) == b"\x1b@"
    os.write(near, b"\x12")
    assert link.receive(5) == b"\x12"
    with pytest.raises(DeviceUnavailable):
        SerialLink(path).open(1)
    sent = link.send(b"y" * 200_000, 0.05)
    assert 0 < sent.accepted < 200_000
    link.discard()
    link.close()
    os.close(near)
    os.close(far)


def test_a_serial_line_that_is_pulled_is_lost() -> None:
    near, far = os.openpty()
    tty.setraw(far)
    link = SerialLink(os.ttyname(far))
    link.open(1)
    os.close(far)
    os.close(near)
    with pytest.raises(LinkLost):
        link.receive(5)
    link.close()


def test_a_printer_device_file_answers_nothing_without_being_lost(tmp_path: os.PathLike[str]) -> None:
    path = os.path.join(tmp_path, "lp0")  # noqa: PTH118 - os.mkfifo wants a string
    os.mkfifo(path)
    link = UsbPrinterLink(path)
    link.open(1)
    assert link.send(b"\x10\x04\x01", 1).accepted == 3
    assert link.receive(1) == b"\x10\x04\x01"  # a FIFO gives back what it took
    assert link.receive(0.01) == b""
    assert link.is_open
    link.close()


def test_links_that_are_not_there_say_so() -> None:
    for link in (SerialLink("/dev/no-such-line"), UsbPrinterLink("/dev/usb/no-such-printer")):
        with pytest.raises(DeviceUnavailable) as missing:
            link.open(1)
        assert link.name in missing.value.detail
        link.discard()


def test_loopback_gives_the_far_end_to_a_test() -> None:
    link = LoopbackLink()
    link.open(1)
    assert link.peer is not None
    answered = threading.Thread(target=lambda peer: peer.sendall(peer.recv(10)), args=(link.peer,))
    answered.start()
    assert link.send(b"abc", 1).accepted == 3
    assert link.receive(5) == b"abc"
    answered.join(5)
    link.peer.close()
    with pytest.raises(LinkLost):
        link.receive(5)


@pytest.mark.parametrize("made", [TcpLink("h", 1), SerialLink("/x"), UsbPrinterLink(), LoopbackLink()])
def test_every_link_has_the_same_face(made: Link) -> None:
    assert not made.is_open
    assert made.name
    made.close()
