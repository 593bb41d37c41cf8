"""A made-up language whose every translation stands in brackets, to see what cannot be translated.

Whatever a page shows outside brackets is content, a figure, or a word that no translator can reach.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from html.parser import HTMLParser

from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import trans_real

OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "qps"
_CONTEXT = "\x04"
_SILENT = {"script", "style", "template", "title", "textarea", "code"}
_SPOKEN = {"aria-label", "alt", "title", "placeholder", "aria-description"}
_WORD = re.compile(r"[^\W\d_]{2,}")


class Bracketed(NullTranslations):
    """Answers every message with itself in brackets."""

    def gettext(self, message):
        """The message in brackets; Django asks for one with a context as “context␄message”."""
        return f"{OPEN}{message.rpartition(_CONTEXT)[2]}{CLOSE}" if message else message

    def ngettext(self, singular, plural, number):
        """The form for this number, in brackets."""
        return self.gettext(singular if number == 1 else plural)

    def to_language(self):
        """The name under which it is active."""
        return LANGUAGE


@contextmanager
def pseudo_locale() -> Iterator[None]:
    """Within it every word that goes through gettext comes out in brackets."""
    trans_real._translations[LANGUAGE] = Bracketed()
    try:
        with translation.override(LANGUAGE):
            yield
    finally:
        trans_real._translations.pop(LANGUAGE, None)


class _Visible(HTMLParser):
    """Collects what stands outside brackets: in texts, and in attributes that are read aloud."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.outside: list[str] = []
        self._depth = 0
        self._silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Look at what is read aloud."""
        if tag in _SILENT:
            self._silent.append(tag)
        given = dict(attrs)
        if tag == "input" and given.get("type") in ("submit", "button"):
            self._look(given.get("value") or "", 0)
        for name in _SPOKEN & given.keys():
            self._look(given[name] or "", 0)

    def handle_endtag(self, tag):
        """Words are seen again after a silent element."""
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data):
        """Keep what stands outside; brackets may open in one text and close in a later one."""
        if not self._silent:
            self._depth = self._look(data, self._depth)

    def _look(self, text: str, depth: int) -> int:
        outside = []
        for piece in re.split(f"([{OPEN}{CLOSE}])", text):
            if piece == OPEN:
                depth += 1
            elif piece == CLOSE:
                depth -= 1
            elif not depth and _WORD.search(piece):
                outside.append(piece)
        self.outside += [" ".join(piece.split()) for piece in outside]
        return depth


def content() -> set[str]:
    """Every text in the database, whole and by lines: what pages show that is nobody's to
    translate here."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label in ("contenttypes", "auth", "sessions"):
            continue
        fields = [
            f.attname
            for f in model._meta.concrete_fields
            if isinstance(f, models.CharField | models.TextField | models.JSONField)
            and not f.choices
        ]
        for row in model._default_manager.values_list(*fields) if fields else ():
            for value in row:
                found |= set(_texts(value))
    return found


def _texts(value) -> Iterator[str]:
    if isinstance(value, str):
        plain = re.sub(r"<[^>]+>", "\n", value)
        yield from (" ".join(line.split()) for line in plain.split("\n") if line.strip())
        yield " ".join(plain.split())
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def outside_brackets(html: str, known: set[str]) -> list[str]:
    """What the page shows that is neither in brackets nor among the `known` texts."""
    parser = _Visible()
    parser.feed(html)
    longest = sorted((k for k in known if _WORD.search(k)), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.I)
    left = (pattern.sub(" ", piece) for piece in parser.outside)
    return list(dict.fromkeys(piece.strip() for piece in left if _WORD.search(piece)))
