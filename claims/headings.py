"""The headings of a text as a table of contents, and how long the text takes to read."""

from dataclasses import dataclass

from django.utils.text import slugify

WORDS_A_MINUTE = 200  # of somebody who reads with care


@dataclass(frozen=True)
class Heading:
    """One heading of the first level and the id it bears."""

    id: str
    text: str


def name_headings(document) -> list[Heading]:
    """Give each first-level heading of a document's tree an id of its own, and list them."""
    found: list[Heading] = []
    taken: set[str] = set()
    for block in document.blocks:
        if block.kind != "heading" or block.element.tag != "h2":
            continue
        text = document.text[block.start : block.end].strip()
        base = name = f"part-{slugify(text) or 'heading'}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        block.element.set("id", name)
        found.append(Heading(name, text))
    return found


def minutes_to_read(text: str) -> int:
    """Minutes that reading takes, at least one."""
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))
