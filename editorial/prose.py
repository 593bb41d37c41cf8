"""The rich text of a page: one configuration for the editor and for the server's allowlist.

“Citation” is our own extension, `<cite data-source="key">`, and so is “Picture”,
`<figure data-image="key"></figure>`; “Findings” shows what the claim
checker stops at, “Desk” fits the editor to our pages (see settings and static/editor/).
"""

import re
from functools import lru_cache

import nh3
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from lxml import etree
from lxml import html as lxml_html

from .text import parse, rich_names, serialise

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3, 4]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
    "Citation": True,
    "Picture": True,
    "Findings": True,
    "Desk": True,
}

_allowlist = allowlist_from_extensions(expand_extensions(EXTENSIONS))
_allowlist["tags"] = set(_allowlist["tags"]) | {"p"}
_allowlist["url_schemes"] = {"http", "https", "mailto"}
_cleaner = nh3.Cleaner(**_allowlist)

_CONTROL = dict.fromkeys(c for c in range(32) if chr(c) not in "\n\t")
_BLANK_BEFORE_CITATION = re.compile(r"[ \u00a0\n]+(?=<cite )")
IMAGE_KEY = re.compile("[0-9a-f]{32}")
DEEPEST = 120  # tags in tags; no article needs a tenth of it
ROUNDS = 10  # broken markup settles in two or three
_EMPTY = re.compile(r"<(p|h[234]|li|ul|ol|blockquote)>\s*</\1>")


def too_deep(html: str) -> bool:
    """Whether tags stand in tags more than DEEPEST deep. Told in time that grows with the text
    only, which the allowlist's own parser cannot promise of such a text."""
    if html.count("<") <= DEEPEST:
        return False
    parser = lxml_html.HTMLParser(huge_tree=True)
    try:
        root = lxml_html.document_fromstring(f"<body>{html}".translate(_CONTROL), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return True
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            return True
    return False


def as_allowed_now(content: dict) -> dict:
    """Content that was kept earlier, its rich parts by the allowlist of today: what an older
    allowlist let through, or a row written past the forms, reaches no reader. Nothing changes in
    what today's rules cleaned."""
    rich = {name: content[name] for name in rich_names() if content.get(name)}
    return content | {name: _cleaned_before(html) for name, html in rich.items()}


@lru_cache(maxsize=512)
def _cleaned_before(html: str) -> str:
    """By today's allowlist; remembered by the process."""
    return "" if too_deep(html) else clean(html)


# A text that is saved and published in one go is cleaned for both.
@lru_cache(maxsize=256)
def clean(html: str) -> str:
    """HTML with nothing in it that the editor could not have made; running it twice changes
    nothing more. Control characters go, empty paragraphs go, and so do blanks before a citation,
    which adds no word to the text. A figure names a picture and holds nothing else."""
    html, before = html.translate(_CONTROL), None
    for _ in range(ROUNDS):
        if html == before:
            break
        before, html = html, _cleaner.clean(html).strip()
        if "<figure" in html:
            html = _figures_alone(html)
        html = _without_empty(html)
    return html


def clean_part(html: str) -> str:
    """`clean` for rich parts besides the body, which hold no pictures."""
    html = clean(html)
    if "<figure" not in html:
        return html
    root = parse(html)
    for figure in list(root.iter("figure")):
        figure.drop_tag()
    return clean(serialise(root))


def _without_empty(html: str) -> str:
    before = None
    while html != before:
        before = html
        html = _EMPTY.sub("", _BLANK_BEFORE_CITATION.sub("", html)).strip()
    return html


def _figures_alone(html: str) -> str:
    """What stands in a figure comes after it; a figure that names no picture goes, and what
    stood in it stays."""
    root = parse(html)
    for figure in list(root.iter("figure")):
        if not IMAGE_KEY.fullmatch(figure.get("data-image") or ""):
            figure.drop_tag()
            continue
        parent, after = figure.getparent(), figure.getparent().index(figure) + 1
        inside, text, tail = list(figure), figure.text or "", figure.tail or ""
        figure.text, figure.tail = None, text or None
        for place, child in enumerate(inside, after):
            parent.insert(place, child)
        last = inside[-1] if inside else figure
        last.tail = (last.tail or "") + tail or None
    return serialise(root)
