"""Short names that mean several things: readers are asked which one, none is chosen for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from .names import Known
from .query import Query, spans
from .reader_words import reader_words


@dataclass(frozen=True)
class Meaning:
    """What a short name can mean: a search for it, or no `query` where no page is about it."""

    text: str
    query: str = ""


@dataclass(frozen=True)
class Question:
    """A short name in a query and what it can mean."""

    name: str
    meanings: tuple[Meaning, ...]


def question(query: Query, known: Known) -> Question | None:
    """The first short name of several meanings in a query, written on its own or in capitals."""
    ask = reader_words().ask
    for key, places in spans(query).items():
        start, end = places[0]
        titles = list(dict.fromkeys(known.titles.get(key, ())))
        is_whole = end - start == len(query.tokens)
        if not (is_whole or all(t.is_shouted for t in query.tokens[start:end])):
            continue
        if key in ask:
            return _question(query, start, end, titles, ask[key].also)
        if len(known.short.get(key, ())) > 1:
            return _question(query, start, end, titles, ())
    return None


def _question(query, start, end, titles: Iterable[str], also: Iterable[str]) -> Question:
    words = [token.word for token in query.tokens]
    here = [Meaning(t, " ".join([*words[:start], t, *words[end:]])) for t in titles]
    name = " ".join(words[start:end]).upper()
    return Question(name, (*here, *(Meaning(text) for text in also)))
