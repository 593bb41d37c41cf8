"""Plain text, as saved from a web page or written by hand, as an article."""

from __future__ import annotations

import re
from datetime import datetime

from . import furniture, listing
from .article import ImportedArticle, Unreadable, digest_of, require_length, slug_of
from .blocks import squeeze
from .decoding import decode
from .mending import mend
from .shape import shaped
from .tidy import safe_html
from .words import key_of, same_words, summary_of, title_from_name, title_of

MAX_TITLE_LINE = 200
_LINE_END = re.compile("[\n\x0b\x0c\x85\u2028\u2029]")


def read_plain_text(data: bytes, name: str) -> ImportedArticle:
    """The article in a text file: its first line is the title, if it looks like one.

    Raises Unreadable if the bytes are no text or hold nothing to read.
    """
    text = decode(data)
    require_length(len(text))
    lines = [squeeze(line).strip() for line in _LINE_END.split(text)]
    title, lines, published_at = _head(lines, name)
    tags = tuple(dict.fromkeys(tag for line in lines for tag in furniture.tags_in(line)))
    lines = furniture.without_furniture(lines, str)
    lines = mend([furniture.without_glued_teaser(line) for line in lines])
    blocks = shaped([line for line in lines if line])
    if not blocks:
        raise Unreadable("There is no readable text beside the title.")
    return ImportedArticle(
        slug=slug_of(title),
        title=title,
        summary=summary_of(blocks),
        body_html=safe_html(blocks),
        tags=tags or None,
        conditions=None,
        therapies=None,
        published_at=published_at,
        source_name=name,
        digest=digest_of(data),
    )


def _head(lines: list[str], name: str) -> tuple[str, list[str], datetime | None]:
    """The title, the lines under it without its repeats, and the date if a line gives one."""
    full = [i for i, line in enumerate(lines) if line]
    top = full[:8]
    date = next(
        (
            d
            for i in top
            if furniture.is_date_line(lines[i])
            and len(lines[i]) < 120
            and (d := furniture.date_in(lines[i]))
        ),
        None,
    )
    first = next((i for i in top if not furniture.is_furniture(lines[i])), None)
    if first is None:
        raise Unreadable("There is no readable text, only what stands around an article.")
    if not _can_be_title(lines[first]):
        return title_from_name(name), lines, date
    title = _without_site(lines[first], [lines[i] for i in top if i != first])
    rest = lines[first + 1 :]
    for at in [i for i, line in enumerate(rest) if line][:7]:
        rest[at] = _without_title(rest[at], title)
    return title_of(title.rstrip(".:")) or title_from_name(name), rest, date


def _can_be_title(line: str) -> bool:
    if len(line) > MAX_TITLE_LINE or listing.is_item(line):
        return False
    # A sentence makes no title; “Stem cells vs. Lupus: what works?” does.
    return not (line.endswith((".", ";", ",")) and len(line.split()) > 12)


def _without_site(title: str, others: list[str]) -> str:
    """The title without “ | Name of the site”, which a repeat of the title gives away."""
    parts = re.split(r"\s+[|»–—-]\s+", title)
    if len(parts) > 1:
        for other in others:
            if same_words(parts[0], other) or _begins_with(other, parts[0]):
                return parts[0]
    if " | " in title and len(title.rsplit(" | ", 1)[0].split()) >= 3:
        return title.rsplit(" | ", 1)[0]
    return title


def _begins_with(line: str, title: str) -> bool:
    return len(title.split()) >= 3 and line.casefold().startswith(title.casefold())


def _without_title(line: str, title: str) -> str:
    """The line without the title, and a date, repeated before its first sentence."""
    bare = title.rstrip(" .:?!")
    while _begins_with(line, bare):
        rest = line[len(bare) :]
        found = re.match(r"\s*[.:?!–—|-]*\s*", rest)
        after = furniture.without_date(rest[found.end() :])
        # “Stem cell therapy involves …” only begins like its title: it goes on in lower case.
        if after and not (after[0].isupper() or after[0] in "“\"‘'" or after[0].isdigit()):
            break
        if found.end() == 0 and rest:
            break
        line = after
    return "" if same_words(line, title) else furniture.without_date(line)


def title_matches(line: str, title: str) -> bool:
    """Whether a line only repeats the title, with or without the name of a site."""
    return same_words(line, title) or (
        len(key_of(title)) > 15 and key_of(line).startswith(key_of(title)) and len(line) < 120
    )
