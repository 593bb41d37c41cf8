"""A table of an HTML page as plain rows. Merged cells are written out, so nothing shifts."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from .article import Unreadable
from .blocks import Run, Table, settle

MAX_SPAN = 100
MAX_CELLS = 20_000


def table_of(element: etree._Element, flat: Callable[[etree._Element], list[Run]]) -> Table | None:
    """The table, or None if it has fewer than two columns. Raises Unreadable if it is huge."""
    rows: list[list[tuple[str, list[Run]]]] = []
    held: dict[int, tuple[int, tuple[str, list[Run]]]] = {}
    cells = 0
    for line in element.iter("tr"):
        row: list[tuple[str, list[Run]]] = []
        for cell in line.iterchildren("td", "th"):
            _fill(row, held)
            content = (cell.tag, settle(flat(cell)))
            down = _span(cell, "rowspan")
            for offset in range(_span(cell, "colspan")):
                here = content if offset == 0 else (cell.tag, [])
                if down > 1:
                    held[len(row)] = (down - 1, here)
                row.append(here)
        _fill(row, held)
        cells += len(row)
        if cells > MAX_CELLS:
            raise Unreadable(f"A table has more than {MAX_CELLS:,} cells.")
        if any(runs for _, runs in row):
            rows.append(row)
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    for row in rows:
        row += [("td", [])] * (width - len(row))
    return _with_head(rows)


def _fill(row: list, held: dict) -> None:
    """Put the cells that reach down from earlier rows where they belong."""
    while len(row) in held:
        left, content = held.pop(len(row))
        if left > 1:
            held[len(row)] = (left - 1, content)
        row.append(content)


def _with_head(rows: list) -> Table:
    if len(rows) > 1 and all(tag == "th" for tag, _ in rows[0]):
        return Table([rows[0]], rows[1:])
    return Table([], rows)


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), MAX_SPAN)) if value.isdecimal() and len(value) < 7 else 1
