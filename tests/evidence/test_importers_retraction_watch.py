"""The reader of the Retraction Watch list: any bytes, any size, in bounded memory."""

import io
import tracemalloc
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers.opening import as_text, lines_of
from evidence.importers.record import Broken, Unreadable
from evidence.importers.retraction_watch import parse_date, read_notices
from tests.evidence.test_import_retractions import HEADER, listing, row


class Endless(io.RawIOBase):
    """A file of one line without an end, or of very many rows, that holds nothing in memory."""

    def __init__(self, block: bytes, blocks: int, head: bytes = b""):
        self.left, self.block, self.buffer = blocks, block, head

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        assert offset == 0  # only back to the beginning, after the head was looked at
        return 0

    def readinto(self, target):
        while len(self.buffer) < len(target) and self.left:
            self.buffer += self.block
            self.left -= 1
        part, self.buffer = self.buffer[: len(target)], self.buffer[len(target) :]
        target[: len(part)] = part
        return len(part)


def test_memory_stays_bounded_however_long_the_list():
    rows = listing(row(Notes="x" * 500)).split("\n", 1)
    head, one = (rows[0] + "\n").encode(), rows[1].encode()
    stream = Endless(one * 60, 400, head)  # about 20 MB
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_notices(lines_of(as_text(io.BufferedReader(stream)))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 24_000 and peak < 1_000_000


def test_one_line_of_two_gigabytes_is_refused_after_a_million_characters():
    stream = Endless(b"x" * 65_536, 32_768)
    with pytest.raises(Unreadable, match="longer than"):
        list(read_notices(lines_of(as_text(io.BufferedReader(stream)))))
    assert stream.left > 32_000


def test_a_file_of_quotation_marks_costs_bounded_work():
    text = listing() + '"a\n' * 3_000
    entries = list(read_notices(io.StringIO(text, newline="")))
    assert len(entries) == 3_000 and all(isinstance(e, Broken) for e in entries)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8/26/2023", date(2023, 8, 26)),
        ("08/06/2023 0:00", date(2023, 8, 6)),
        ("8/26/2023 12:00:00 AM", date(2023, 8, 26)),
        ("2023-08-26", date(2023, 8, 26)),
        ("26/8/2023", None),
        ("8/26/23", None),
        ("0/0/0000", None),
    ],
)
def test_dates_are_month_first(text, day):
    assert parse_date(text) == day


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.booleans(),
    st.lists(
        st.one_of(st.binary(max_size=30), st.sampled_from([b'"', b",", b"\n", b"," * 19 + b"\n"])),
        max_size=40,
    ),
)
def test_any_bytes_give_rows_or_a_plain_error(with_header, body):
    data = (",".join(HEADER).encode() + b"\n" if with_header else b"") + b"".join(body)
    try:
        for entry in read_notices(lines_of(as_text(io.BytesIO(data)))):
            assert entry.line >= 1
    except Unreadable as refusal:
        assert str(refusal)
