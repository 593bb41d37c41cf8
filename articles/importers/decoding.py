"""Bytes to text. Guesses only where the bytes leave one reasonable reading, else refuses."""

from __future__ import annotations

import codecs
import re

from .article import Unreadable

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32's mark begins with UTF-16's, so it must be tried first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SIGNATURES = (
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text document"),
)
EMPTY = "The file is empty."
BINARY = "This is not text: it holds binary data."
UNKNOWN_ENCODING = (
    "The encoding cannot be recognised: it is not UTF-8, UTF-16 or Windows-1252. "
    "Save the file as UTF-8."
)
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# Bytes 0x80 to 0x9F are controls in Latin-1 but quotation marks and dashes in Windows-1252.
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)


def decode(data: bytes, *, markup: bool = False) -> str:
    """The text in `data`, line ends as \\n, without a byte order mark.

    Reads UTF-8, UTF-16 and UTF-32 (with a mark, UTF-16 also without), Windows-1252, and for
    `markup` the charset that its <meta> declares. Raises Unreadable for anything else.
    """
    if not data.strip():
        raise Unreadable(EMPTY)
    text = _by_mark(data)
    if text is None:
        _refuse_binary(data)
        text = _by_nulls(data)
    if text is None:
        text = _by_guess(data, markup)
    if len(CONTROLS.findall(text[:100_000])) > len(text[:100_000]) // 200:
        raise Unreadable(BINARY)
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise Unreadable(EMPTY)
    return text


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
                raise Unreadable(
                    f"The file says it is {name}, but byte {error.start + len(mark)} does not "
                    "fit. Save it again as UTF-8."
                ) from None
    return None


def _refuse_binary(data: bytes) -> None:
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"This is not text: it looks like {what}.")


def _by_nulls(data: bytes) -> str | None:
    """UTF-16 without a mark: in Western text every second byte is null."""
    if b"\0" not in data:
        return None
    sample = data[: 4096 - len(data) % 2] if len(data) < 4096 else data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    for many, few, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if many >= half * 0.4 and few <= half * 0.02:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    raise Unreadable(BINARY)


def _by_guess(data: bytes, markup: bool) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        bad_byte = error.start
    declared = DECLARED.search(data[:4096]) if markup else None
    if declared and (text := _as_declared(data, declared.group(1).decode("ascii"))):
        return text
    if _is_broken_utf8(data):
        raise Unreadable(
            f"The text is UTF-8 with a broken byte (0x{data[bad_byte]:02X}) at position "
            f"{bad_byte}. Save it again as UTF-8."
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(UNKNOWN_ENCODING) from None
    high = [character for character in text if ord(character) > 127]
    # Western text is mostly ASCII; another alphabet read as Windows-1252 is not.
    if len(high) > len(text) * 0.25:
        raise Unreadable(UNKNOWN_ENCODING)
    return text


def _as_declared(data: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
        # "rot13" and "zlib" are codecs too, but of no text.
        if not getattr(codec, "_is_text_encoding", True) or codec.name.startswith("utf-8"):
            return None
        return data.decode("cp1252" if codec.name == "iso8859-1" else codec.name)
    except (LookupError, UnicodeError):
        return None


def _is_broken_utf8(data: bytes) -> bool:
    """Whether bytes beyond ASCII are valid UTF-8 here and there, as they hardly are by chance.

    Where most bytes are beyond ASCII chance is greater, and most of them must be valid.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    valid = sum(ord(character) > 127 for character in text) - broken
    crowded = valid + broken > len(text) * 0.25
    return valid > broken * 4 if crowded else valid > 0
