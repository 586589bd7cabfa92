"""The second journal: a plain append-only file that can rebuild every sale when the database is lost.

A frame is magic, body length, CRC-32 of chain and body, chain (SHA-256 over the previous chain and the body), body
(MessagePack). The database commits first, so after a power cut the file holds no step that the database lacks; a file
that is ahead means that the database was lost or put back to an older copy. Zeros behind the last frame are room.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from offline_store.disk import Disk, take_alone
from offline_store.journal import GENESIS, EntryTuple
from offline_store.outbox import OutboxTuple, SentTuple
from offline_store.personal import PersonalTuple

_MAGIC = b"GJF1"
_HEAD = struct.Struct(">4sII32s")
FRAME_BYTES_MAX = 64 * 1024 * 1024
_WINDOW_BYTES = 1024 * 1024
# Zeros written ahead of the frames: over them a frame needs no new blocks and no new length, and its sync no second
# place on the medium.
AHEAD_BYTES = 64 * 1024


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """What one transaction wrote; rows in the order of the tables' columns."""

    entries: tuple[EntryTuple, ...] = ()
    messages: tuple[OutboxTuple, ...] = ()
    personal: tuple[PersonalTuple, ...] = ()
    proven: tuple[SentTuple, ...] = ()
    parked: tuple[tuple[str, str], ...] = ()


class Scan(Struct, frozen=True):
    """What a reading of the file found; `end` is where the first frame that is no frame begins."""

    end: int
    last_seq: int
    damaged_at: tuple[int, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Frame)


def pack(frame: Frame, chain: bytes) -> tuple[bytes, bytes]:
    """Return the bytes of a frame and the chain after it."""
    body = _encoder.encode(frame)
    after = hashlib.sha256(chain + body).digest()
    return _HEAD.pack(_MAGIC, len(body), zlib.crc32(after + body), after) + body, after


class JournalFile:
    """Append frames; read them all again."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        self.path = path
        self._fd = disk.open(path)
        self._end = 0
        self._room = 0
        self._chain = GENESIS
        self.last_seq = 0
        disk.sync_folder(path.parent)

    def close(self) -> None:
        """Close the file."""
        self._disk.close(self._fd)

    def take_alone(self) -> None:
        """Lock the file for this process.

        Raises:
            StoreInUse: another process has it.
        """
        take_alone(self._disk, self._fd, self.path)

    def keep_copy(self, target: Path) -> None:
        """Copy the file as it is, for whoever wants to look later. Raises OSError."""
        fd = self._disk.open(target)
        try:
            self._disk.truncate(fd, 0)
            for offset in range(0, self._disk.size(self._fd), _WINDOW_BYTES):
                self._disk.write(fd, self._disk.read(self._fd, _WINDOW_BYTES, offset), offset)
        finally:
            self._disk.close(fd)

    def scan(self) -> Scan:
        """Read the whole file, stand behind its last frame and say what was found; a torn tail is no damage."""
        chain, last_seq, end, damaged = GENESIS, 0, 0, []
        for offset, after, body, frame in self._frames():
            if offset != end or after != hashlib.sha256(chain + body).digest():
                damaged.append(end)
            end, chain = offset + _HEAD.size + len(body), after
            if frame.entries:
                last_seq = frame.entries[-1][0]
        self._end, self._chain, self.last_seq = end, chain, last_seq
        return Scan(end, last_seq, tuple(damaged))

    def contents(self) -> Iterator[Frame]:
        """Return every whole frame, whatever lies between them."""
        return (frame for _, _, _, frame in self._frames())

    def append(self, frame: Frame, *, is_durable: bool) -> None:
        """Write a frame at the end; with `is_durable` return when it is on the medium. Raises OSError."""
        data, chain = pack(frame, self._chain)
        end = self._end + len(data)
        ahead = bytes(AHEAD_BYTES) if end > self._room else b""
        self._disk.write(self._fd, data + ahead, self._end)
        if is_durable:
            self._disk.sync(self._fd)
        self._end, self._room = end, max(self._room, end + len(ahead))
        self._chain = chain
        if frame.entries:
            self.last_seq = frame.entries[-1][0]

    def sync(self) -> None:
        """Return when all frames are on the medium. Raises OSError."""
        self._disk.sync(self._fd)

    def cut_tail(self) -> None:
        """Cut what lies behind the last whole frame. Raises OSError."""
        if self._disk.size(self._fd) != self._end:
            self._disk.truncate(self._fd, self._end)
            self._disk.sync(self._fd)

    def restart(self) -> None:
        """Empty the file, to be written anew from the database. Raises OSError."""
        self._disk.truncate(self._fd, 0)
        self._end, self._room, self._chain, self.last_seq = 0, 0, GENESIS, 0

    def _frames(self) -> Iterator[tuple[int, bytes, bytes, Frame]]:
        """Read frames whose CRC is right; where one is not, look for the next magic behind it."""
        window = _Window(self._disk, self._fd)
        offset = 0
        while len(head := window.read(offset, _HEAD.size)) == _HEAD.size:
            magic, length, check, after = _HEAD.unpack(head)
            is_head = magic == _MAGIC and length <= FRAME_BYTES_MAX
            body = window.read(offset + _HEAD.size, length) if is_head else b""
            if is_head and len(body) == length and check == zlib.crc32(after + body):
                yield offset, after, body, _decoder.decode(body)
                offset += _HEAD.size + length
            else:
                offset = window.find(_MAGIC, offset + 1)


class _Window:
    """A piece of the file kept in memory, so that small frames do not cost a read each."""

    def __init__(self, disk: Disk, fd: int) -> None:
        self._disk = disk
        self._fd = fd
        self._start = 0
        self._data = b""

    def read(self, offset: int, count: int) -> bytes:
        """Return up to `count` bytes at `offset`."""
        place = offset - self._start
        if place < 0 or place + count > len(self._data):
            self._start, place = offset, 0
            self._data = self._disk.read(self._fd, max(count, _WINDOW_BYTES), offset)
        return self._data[place : place + count]

    def find(self, mark: bytes, offset: int) -> int:
        """Return where `mark` comes next, or the end of the file."""
        size = self._disk.size(self._fd)
        while offset < size:
            data = self.read(offset, min(_WINDOW_BYTES, size - offset))
            if (place := data.find(mark)) >= 0:
                return offset + place
            offset += max(len(data) - len(mark) + 1, 1)
        return size
