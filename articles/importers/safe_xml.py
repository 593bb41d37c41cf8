"""XML from strangers: nothing is fetched, no entity is expanded, no document type is taken."""

from __future__ import annotations

from typing import BinaryIO

from lxml import etree

from .article import Unreadable

HAS_DOCTYPE = "It holds a document type declaration, which is not read. Export the file again."
# Bytes that XML forbids and that exports hold all the same; none is part of a UTF-8 character.
_FORBIDDEN = bytes(set(range(32)) - {9, 10, 13})


class CleanStream:
    """A binary file without the control bytes that XML forbids; read piece by piece."""

    def __init__(self, file: BinaryIO):
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; empty only at the end of the file."""
        while piece := self._file.read(size):
            if clean := piece.translate(None, _FORBIDDEN):
                return clean
        return b""


def options() -> dict:
    """How lxml reads XML here."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def root_of(data: bytes, what: str) -> etree._Element:
    """The root element of a whole document. Raises Unreadable, naming `what` is broken."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**options()))
    except etree.XMLSyntaxError:
        raise Unreadable(f"{what} is damaged: it is not well-formed XML.") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable(HAS_DOCTYPE)
    return root
