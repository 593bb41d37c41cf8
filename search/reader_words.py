"""Words readers search by, from `reader_words.yaml`: lay words, brands, names that mean several
things, and names that are right as they are. Plain Python: no database."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from .words import key, words

FILE = Path(__file__).with_name("reader_words.yaml")
PARTS = {"lay", "brands", "elsewhere", "ask", "protect"}


@dataclass(frozen=True)
class Ambiguous:
    """A short name that means several things: the page here, if any, and what else it means."""

    name: str
    page: tuple[str, str] | None  # kind and slug
    also: tuple[str, ...]


@dataclass(frozen=True)
class ReaderWords:
    """The file, read: by (kind, slug) the lay words and the brands with what is in them;
    `elsewhere`, by key, what is in brands of medicines without a page."""

    lay: dict[tuple[str, str], tuple[str, ...]]
    brands: dict[tuple[str, str], dict[str, str]]
    elsewhere: dict[str, str]
    ask: dict[str, Ambiguous]
    protected: frozenset[str]
    digest: str


@lru_cache(maxsize=1)
def reader_words() -> ReaderWords:
    """The shipped words, read once a process. Raises ValueError naming what is wrong in them."""
    return read(FILE.read_bytes())


def read(data: bytes) -> ReaderWords:
    """The words of such a file. Raises ValueError with a sentence on anything it cannot mean."""
    rows = yaml.safe_load(data)
    if not isinstance(rows, dict) or set(rows) != PARTS:
        raise ValueError(f"The file has the parts {', '.join(sorted(PARTS))}, and no others.")
    protected = {name for names in rows["protect"].values() for name in names.split()}
    return ReaderWords(
        {_page(name): tuple(map(_named, said)) for name, said in rows["lay"].items()},
        {
            _page(name): {_named(b): _named(made_of) for b, made_of in brands.items()}
            for name, brands in rows["brands"].items()
        },
        {key(_named(b)): _named(made_of) for b, made_of in rows["elsewhere"].items()},
        {key(name): _ambiguous(name, row) for name, row in rows["ask"].items()},
        frozenset(w for name in protected for w in (key(name), *words(name))),
        hashlib.sha256(data).hexdigest(),
    )


def _ambiguous(name, row) -> Ambiguous:
    also = tuple(row.get("also", ()))
    page = _page(row["page"]) if "page" in row else None
    if not also or len(also) + bool(page) < 2:
        raise ValueError(f"“{name}” must mean two things to be asked about.")
    return Ambiguous(name, page, also)


def _page(name) -> tuple[str, str]:
    kind, _, slug = str(name).partition("/")
    if not slug:
        raise ValueError(f"“{name}” is no page: write it as condition/its-address.")
    return kind, slug


def _named(name) -> str:
    if not isinstance(name, str) or not key(name):
        raise ValueError(f"“{name}” is no word; put it in quotation marks.")
    return name
