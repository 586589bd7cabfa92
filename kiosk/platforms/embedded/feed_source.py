"""Read the text files of a GTFS feed, from a folder or a zip file, without trusting either.

A feed comes from outside: sizes are counted while reading (a zip may lie about them), lines and fields are bounded,
and whatever cannot be read is refused with the file, the line and what to do.
"""

import csv
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kiosk.platforms.embedded.config import FileRefusedError

FILE_BYTES_MAX = 1_500_000_000  # the largest national feeds hold stop_times of about 1 GB
FEED_BYTES_MAX = 3_000_000_000
LINE_CHARS_MAX = 20_000
MEMBERS_MAX = 500
DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
ASK_AGAIN = "Ask the publisher of the feed for a corrected file"

Row = tuple[int, dict[str, str]]


class FeedSource:
    """Give the rows of a feed's files by name; a missing file has no rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bytes_left = FEED_BYTES_MAX
        if path.is_dir():
            self._members = {each.name.lower(): each.name for each in sorted(path.iterdir()) if each.is_file()}
            self._zip: zipfile.ZipFile | None = None
        else:
            self._zip = _open_zip(path)
            self._members = _zip_members(self._zip, path)

    def close(self) -> None:
        """Close the zip file, if it is one."""
        if self._zip is not None:
            self._zip.close()

    def has(self, name: str) -> bool:
        """Say whether the feed has this file."""
        return name in self._members

    def require(self, name: str) -> None:
        """Refuse a feed without this file."""
        if not self.has(name):
            raise FileRefusedError(
                f"{self.path.name}/{name}", "this file is missing", "Choose a GTFS feed that is complete"
            )

    def rows(self, name: str, required: tuple[str, ...] = ()) -> Iterator[Row]:
        """Yield (line number, fields by column); empty fields are left out of none: they are ""."""
        reader = self.table(name, required)
        header = next(reader, None)
        if header is None:
            return
        columns = header[1]
        for line, fields in reader:
            yield line, dict(zip(columns, fields, strict=False))

    def table(self, name: str, required: tuple[str, ...] = ()) -> Iterator[tuple[int, list[str]]]:
        """Yield (line number, fields) with the header first; short rows are filled with "".

        Raises:
            FileRefusedError: not UTF-8, a column missing, a line or the file too long.
        """
        if not self.has(name):
            return
        with self._open(name) as raw:
            reader = csv.reader(self._lines(name, raw), skipinitialspace=True)
            columns: list[str] = []
            try:
                for fields in reader:
                    if not any(fields):
                        continue
                    if not columns:
                        columns = self._columns(name, fields, required)
                        yield 1, columns
                        continue
                    yield reader.line_num, fields + [""] * (len(columns) - len(fields))
            except csv.Error as problem:
                raise FileRefusedError(name, f"cannot be read as CSV ({problem})", ASK_AGAIN, reader.line_num) from None
            except DAMAGES as problem:
                raise FileRefusedError(name, f"the file is damaged ({problem})", "Download the feed again") from None

    def _columns(self, name: str, fields: list[str], required: tuple[str, ...]) -> list[str]:
        columns = [each.strip().lower() for each in fields]
        missing = [each for each in required if each not in columns]
        if missing:
            raise FileRefusedError(name, f"the column {missing[0]} is missing", ASK_AGAIN, 1)
        return columns

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        member = self._members[name]
        if self._zip is None:
            with (self.path / member).open("rb") as stream:
                yield stream
            return
        try:
            opened = self._zip.open(member)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as problem:
            trouble = f"the zip file does not open it ({problem})"
            raise FileRefusedError(name, trouble, "Download the feed again") from None
        with opened:
            yield opened

    def _lines(self, name: str, raw: IO[bytes]) -> Iterator[str]:
        size = 0
        number = 0
        while line := raw.readline(LINE_CHARS_MAX + 1):
            number += 1
            size += len(line)
            self._bytes_left -= len(line)
            if len(line) > LINE_CHARS_MAX:
                raise FileRefusedError(name, f"the line is longer than {LINE_CHARS_MAX} characters", ASK_AGAIN, number)
            if size > FILE_BYTES_MAX or self._bytes_left < 0:
                raise FileRefusedError(
                    name, "unpacks to more than any real feed", "Check where the file came from", number
                )
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                raise FileRefusedError(name, "is not in UTF-8", "Save the file as UTF-8", number) from None
            yield text.replace("\0", "")


def _open_zip(path: Path) -> zipfile.ZipFile:
    if not path.exists():
        raise FileRefusedError(str(path), "there is no such file or folder", "Check the feed path in the settings")
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise FileRefusedError(path.name, "is neither a folder nor a zip file", "Download the feed again") from None


def _zip_members(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    infos = archive.infolist()
    if len(infos) > MEMBERS_MAX:
        raise FileRefusedError(path.name, f"holds more than {MEMBERS_MAX} files", "Check where the file came from")
    members: dict[str, str] = {}
    for info in sorted(infos, key=lambda each: each.filename.count("/")):
        base = info.filename.rsplit("/", maxsplit=1)[-1].lower()
        if base.endswith(".txt") and base not in members:
            if info.file_size > FILE_BYTES_MAX:
                raise FileRefusedError(base, "unpacks to more than any real feed", "Check where the file came from")
            members[base] = info.filename
    return members
