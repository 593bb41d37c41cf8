"""Tables for spreadsheet programs, streamed: UTF-8 with its mark, and no cell that runs.

A spreadsheet takes a text that begins with = + - @ (or their full-width forms), a tab or a line
end for a formula. Such a text gets an apostrophe before it, as OWASP advises; the apostrophe is
shown as plain text. Numbers stay numbers.
"""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_MARK = "\ufeff"


def safe_cell(value) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) else text


class _Echo:
    """A file that hands back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        return text


def csv_lines(header: Iterable, rows: Iterable[Iterable]) -> Iterator[str]:
    """The lines of the table, every cell quoted and safe."""
    writer = csv.writer(_Echo, quoting=csv.QUOTE_ALL)
    yield _MARK
    yield writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def download(lines: Iterable[str], name: str, kind: str = "text/csv") -> StreamingHttpResponse:
    """An answer that a browser saves as a file of this name, kept by nobody else."""
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
