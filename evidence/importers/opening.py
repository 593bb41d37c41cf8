"""Opening a text file of any size: UTF-8, UTF-16 or Windows-1252, in bounded memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .record import Unreadable

LONGEST_LINE = 1_000_000
_HEAD = 4096
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NOT_TEXT = "This is not text: it holds binary data. Export the references as a text file."


def _windows_1252(error: UnicodeError):
    """Bytes that are not UTF-8 are read as Windows-1252: old exports mix the two in one file."""
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("as-windows-1252", _windows_1252)


def open_text(path: Path) -> io.TextIOWrapper:
    """The file for reading as text. Raises Unreadable when it is missing, empty or binary."""
    try:
        data = path.open("rb")
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    try:
        return as_text(data)
    except OSError as error:
        data.close()
        raise Unreadable(f"The file cannot be read: {error.strerror}.") from None
    except Unreadable:
        data.close()
        raise


def as_text(data: BinaryIO) -> io.TextIOWrapper:
    """A seekable stream of bytes as text, byte order mark and line ends taken care of."""
    head = data.read(_HEAD)
    data.seek(0)
    if not head.strip(b"\0 \t\r\n"):
        raise Unreadable("The file is empty.")
    encoding = _encoding(head)
    errors = "as-windows-1252" if encoding == "utf-8-sig" else "replace"
    return io.TextIOWrapper(data, encoding=encoding, errors=errors, newline=None)


def _encoding(head: bytes) -> str:
    for mark, name in _UTF16_MARKS.items():
        if head.startswith(mark):
            return name
    if b"\0" not in head:
        controls = sum(byte < 9 or 14 <= byte < 27 for byte in head)
        if controls > len(head) // 50:
            raise Unreadable(NOT_TEXT)
        return "utf-8-sig"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd >= half * 0.4 and even <= half * 0.02:
        return "utf-16-le"
    if even >= half * 0.4 and odd <= half * 0.02:
        return "utf-16-be"
    raise Unreadable(NOT_TEXT)


def lines_of(text: io.TextIOWrapper) -> Iterator[str]:
    """Its lines with their ends. Raises Unreadable at a line too long to be one."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise Unreadable(
                f"Line {number} is longer than {LONGEST_LINE:,} characters, which no such file "
                "has. Export it again."
            )
        yield line
