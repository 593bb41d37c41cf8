"""What a reader hands over, and how it refuses. Plain Python: no Django here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime

MAX_FILE_BYTES = 5 * 1024 * 1024
"""The largest file read whole, and the longest line of a .jsonl file, in bytes."""

MAX_TEXT = 400_000
"""The longest text of one article, in characters: a book is not one, and work stays bounded."""

MAX_TITLE = 200
MAX_SLUG = 80
MAX_SUMMARY = 240


class Unreadable(Exception):
    """A file or line that cannot become an article; `reason` is one plain sentence."""

    def __init__(self, reason: str, where: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.where = where


@dataclass(frozen=True, slots=True)
class ImportedArticle:
    """One article as it was read, before anything is stored.

    `body_html` holds only the tags that `markup.tidy` writes. `conditions` and `therapies`
    are slugs or names as the file gives them; they and `tags` are None where it says nothing of
    them, which leaves room for suggestions. `slug_given` tells a slug written in the file
    from one made out of the title. `digest` is the SHA-256 of what was read, in hexadecimal.
    """

    slug: str
    title: str
    summary: str
    body_html: str
    tags: tuple[str, ...] | None
    conditions: tuple[str, ...] | None
    therapies: tuple[str, ...] | None
    published_at: datetime | None
    source_name: str
    digest: str
    slug_given: bool = False


def require_length(length: int) -> None:
    """Raise Unreadable if a text of `length` characters is too long for one article."""
    if length > MAX_TEXT:
        raise Unreadable(
            f"The text is too long for one article: {length:,} characters, where {MAX_TEXT:,} is "
            "the limit."
        )


def digest_of(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def slug_of(text: str) -> str:
    """A slug of at most MAX_SLUG characters, cut between words; empty if no letter is Latin."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")
    if len(slug) <= MAX_SLUG:
        return slug
    cut = slug[: MAX_SLUG + 1].rpartition("-")[0]
    return cut or slug[:MAX_SLUG]


def when(value: object) -> datetime | None:
    """A moment with a time zone from a datetime, a date or ISO 8601 text; UTC if none is given.

    Empty text and None give None. Raises Unreadable for anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise Unreadable(
                f"The date of publication, “{value[:40]}”, is not a date; write it as 2025-01-31."
            ) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        raise Unreadable("The date of publication is not a date; write it as 2025-01-31.")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
