"""The facts about an article that stand before or beside its body, checked field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import yaml

from .article import MAX_TITLE, Unreadable, slug_of, when

MAX_FRONT_MATTER = 64 * 1024
MAX_NAMES = 100
MAX_NESTING = 20
_OPENING = re.compile(r"\A---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)


@dataclass(frozen=True, slots=True)
class Facts:
    """Title and slug ("" if not given), what may be left out (None), moment of publication."""

    title: str = ""
    slug: str = ""
    summary: str | None = None
    tags: tuple[str, ...] | None = None
    conditions: tuple[str, ...] | None = None
    therapies: tuple[str, ...] | None = None
    published_at: datetime | None = None


class _Loader(yaml.SafeLoader):
    """SafeLoader without aliases: ten lines of them can stand for gigabytes."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            raise Unreadable("The front matter uses aliases (*name), which are not allowed.")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[dict, str]:
    """(front matter, rest) of a text; an empty mapping if it has none.

    Raises Unreadable if the front matter is not closed, too long, or no YAML mapping.
    """
    opening = _OPENING.match(text)
    if not opening:
        return {}, text
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        if re.match(r"\w+\s*:", text[opening.end() :]):
            raise Unreadable("The front matter is not closed: its last line must be “---”.")
        return {}, text
    source = text[opening.end() : closing.start()]
    if len(source) > MAX_FRONT_MATTER:
        raise Unreadable(f"The front matter is longer than {MAX_FRONT_MATTER // 1024} KB.")
    _refuse_nesting(source)
    return _mapping(source), text[closing.end() :]


def _refuse_nesting(source: str) -> None:
    """The parser takes time quadratic in the depth of brackets, and these facts have none."""
    depth = 0
    for character in source:
        depth += (character in "[{") - (character in "]}")
        if depth > MAX_NESTING:
            raise Unreadable("The front matter is nested too deep; it is not valid YAML here.")


def _mapping(source: str) -> dict:
    try:
        # Derived from SafeLoader, so it builds plain values only.
        found = yaml.load(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise Unreadable(f"The front matter is not valid YAML{line}.") from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        raise Unreadable("The front matter is not valid YAML.") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Unreadable("The front matter must be lines of “name: value”.")
    return found


def facts_of(found: dict) -> Facts:
    """The known fields of a mapping, checked. Raises Unreadable, naming the field."""
    slug = _text(found, "slug")
    if slug and slug != slug_of(slug):
        raise Unreadable(
            f"The slug “{slug[:60]}” is not usable: small letters, digits and hyphens, at most 80."
        )
    title = _text(found, "title")
    if len(title) > MAX_TITLE:
        raise Unreadable(f"The title is longer than {MAX_TITLE} characters.")
    return Facts(
        title=title,
        slug=slug,
        summary=_text(found, "summary") if found.get("summary") is not None else None,
        tags=_names(found, "tags"),
        conditions=_names(found, "conditions"),
        therapies=_names(found, "therapies"),
        published_at=when(found.get("published_at")),
    )


def _text(found: dict, name: str) -> str:
    value = found.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unreadable(f"The field “{name}” must be text.")
    text = " ".join(str(value).split())
    if len(text) > 5000:
        raise Unreadable(f"The field “{name}” is longer than 5,000 characters.")
    return _without_controls(text)


def _names(found: dict, name: str) -> tuple[str, ...] | None:
    value = found.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(isinstance(v, str | int | float) for v in value):
        raise Unreadable(f"The field “{name}” must be a list of names.")
    names = [_without_controls(" ".join(str(v).split())) for v in value]
    names = list(dict.fromkeys(filter(None, names)))
    if len(names) > MAX_NAMES or any(len(n) > 100 for n in names):
        raise Unreadable(f"The field “{name}” has too many or too long names.")
    return tuple(names)


def _without_controls(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\u200c\u200d\u00a0")
