"""The rich text of a page: one configuration for the editor and for the server's allowlist.

“Citation” is our own extension, `<cite data-source="key">`; “Desk” fits the editor to our pages
(see settings and static/editor/).
"""

import re

import nh3
from django_prose_editor.config import allowlist_from_extensions, expand_extensions

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
    "Desk": True,
}

_allowlist = allowlist_from_extensions(expand_extensions(EXTENSIONS))
_allowlist["tags"] = set(_allowlist["tags"]) | {"p"}
_allowlist["url_schemes"] = {"http", "https", "mailto"}
_cleaner = nh3.Cleaner(**_allowlist)

_CONTROL = dict.fromkeys(c for c in range(32) if chr(c) not in "\n\t")
_BLANK_BEFORE_CITATION = re.compile(r"[ \u00a0\n]+(?=<cite )")
_EMPTY = re.compile(r"<(p|h[234]|li|ul|ol|blockquote)>\s*</\1>")


def clean(html: str) -> str:
    """HTML with nothing in it that the editor could not have made; running it twice changes
    nothing more. Control characters go, empty paragraphs go, and so do blanks before a citation,
    which adds no word to the text."""
    html, before = _cleaner.clean(html.translate(_CONTROL)).strip(), None
    while html != before:
        before = html
        html = _EMPTY.sub("", _BLANK_BEFORE_CITATION.sub("", html)).strip()
    return html
