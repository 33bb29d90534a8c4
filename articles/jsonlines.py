"""Files of JSON Lines (one value a line, https://jsonlines.org), plain or gzipped, of any size. Pure."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

LONGEST = 10 * 1024 * 1024  # bytes of a line; the longest article there is fits a hundred times
PIECE = 1024 * 1024
MARK = b"\xef\xbb\xbf"  # the byte order mark that some programs write at the beginning


class DamagedFile(Exception):
    """A gzipped file is damaged or ends too early; what was read before that is sound."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, from 1, and its bytes without the end of line. None stands for one longer than LONGEST."""

    number: int
    data: bytes | None


def plain(file: BinaryIO) -> BinaryIO:
    """The file's content: unpacked if it is gzipped (RFC 1952: it begins with 1f 8b), as it is if not."""
    magic = file.read(2)
    file.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if magic == b"\x1f\x8b" else file


class Reader:
    """Reads a file line by line and knows where it stands: `offset` in bytes, `number` of lines, a hash of them all.

    Offset and hash together tell later whether another file begins with the same bytes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.offset, self.number = 0, 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of everything read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Line]:
        while data := self._taken(self.file.readline, LONGEST + 1):
            self.number += 1
            whole = len(data) <= LONGEST or data.endswith(b"\n")
            if not whole:
                self._pass_over_line()
            if self.number == 1:
                data = data.removeprefix(MARK)
            yield Line(self.number, data.strip() if whole else None)

    def advance(self, offset: int) -> bool:
        """Pass over everything up to an offset; the number of lines is not counted. False if the file ends before."""
        while self.offset < offset:
            if not self._taken(self.file.read, min(PIECE, offset - self.offset)):
                return False
        return True

    def _pass_over_line(self) -> None:
        while (data := self._taken(self.file.readline, PIECE)) and not data.endswith(b"\n"):
            pass

    def _taken(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            data = read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DamagedFile from error
        self.offset += len(data)
        self._hash.update(data)
        return data
