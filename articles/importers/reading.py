"""Which reader reads which file. A new format is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePath

from . import files
from .article import MAX_FILE_BYTES, ImportedArticle, Unreadable
from .html_page import read_html
from .json_lines import read_json_lines
from .markdown_file import read_markdown
from .plain_text import read_plain_text
from .word_file import MAX_WORD_BYTES, read_word
from .wordpress import read_wordpress

READERS: dict[str, Callable[[bytes, str], ImportedArticle]] = {
    ".txt": read_plain_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_word,
}
STREAMS = {".jsonl": read_json_lines, ".xml": read_wordpress}
LIMITS = {".docx": MAX_WORD_BYTES}  # bytes; MAX_FILE_BYTES for the others


def read(source: Path | str | bytes, name: str) -> ImportedArticle:
    """The article in a file or in bytes; the suffix of `name` says the format.

    Raises Unreadable with one plain sentence, and nothing else, whatever the bytes are.
    """
    reader = READERS.get(_suffix(name))
    if reader is None:
        raise Unreadable(_not_supported(name))
    limit = LIMITS.get(_suffix(name), MAX_FILE_BYTES)
    data = source if isinstance(source, bytes) else files.load(Path(source), limit)
    if len(data) > limit:
        raise Unreadable(f"This is more than {limit // 1024**2} MB.")
    return reader(data, name)


def read_all(source: Path | str | bytes, name: str) -> Iterator[ImportedArticle | Unreadable]:
    """Every article in a file, however many it holds; what cannot be read comes as Unreadable."""
    stream = STREAMS.get(_suffix(name))
    try:
        if stream is None:
            yield read(source, name)
        elif isinstance(source, bytes):
            yield from stream(BytesIO(source), name)
        else:
            files.check(Path(source), None)
            with open(source, "rb") as file:
                yield from stream(file, name)
    except Unreadable as refusal:
        yield refusal
    except OSError as error:
        yield Unreadable(f"It could not be read: {error.strerror or 'unknown error'}.")


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _not_supported(name: str) -> str:
    known = ", ".join(sorted({*READERS, *STREAMS}))
    suffix = _suffix(name)
    what = f"Files ending in “{suffix}” are" if suffix else "A file without an ending is"
    return f"{what} not supported; these are: {known}."
