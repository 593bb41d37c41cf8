"""Files and texts made to exhaust the reader: bounded in memory and time, and said in a line."""

import io
import tracemalloc

import pytest
from django.core.management import CommandError, call_command

from evidence.importers.bibtex import read_bibtex
from evidence.importers.crossref_updates import read_updates
from evidence.importers.opening import LONGEST_LINE
from evidence.importers.record import Broken, Record
from evidence.importers.retraction_watch import read_notices
from evidence.models import Notice
from evidence.notices import MOST_SAID, Sieve
from tests import factories
from tests.cost import calls
from tests.evidence.test_import_retractions import HEADER, row

pytestmark = pytest.mark.django_db


def endless_list(rows: int, cells=None):
    """So many rows, made as they are read: what a file of any size looks like to the reader."""
    yield ",".join(HEADER) + "\n"
    one = row(Institution="A long name of a department; " * 20, **(cells or {}))
    line = ",".join(one.get(name, "").replace(",", " ") for name in HEADER) + "\n"
    for _ in range(rows):
        yield line


def peak_of(act) -> float:
    """The most memory that was newly in use, in MB."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def sift(lines, read=read_notices) -> Sieve:
    sieve = Sieve()
    for _ in sieve.sift(read(lines)):
        pass
    return sieve


def test_what_is_said_of_bad_rows_is_bounded(people):
    factories.source(doi="10.1000/paper", year=2020)
    cells = {"OriginalPaperDOI": "10.1000/paper", "RetractionDate": "never"}
    sieve = sift(endless_list(MOST_SAID + 50, cells))
    assert len(sieve.sifted.said) == MOST_SAID and sieve.sifted.failed == MOST_SAID + 50


def test_time_grows_with_the_list_and_not_faster(people):
    small = calls(lambda: sift(endless_list(200)))
    assert calls(lambda: sift(endless_list(800))) < small * 5


def test_a_line_without_end_stops_the_import_and_nothing_is_written(tmp_path, people):
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n" + "x" * (LONGEST_LINE + 10))
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_retractions", str(path), by="editor", stdout=io.StringIO())
    assert not Notice.objects.exists()


def test_crossref_lines_are_read_one_at_a_time(people):
    line = '{"DOI": "10.5555/x", "updated-by": [], "abstract": "' + "x" * 2000 + '"}\n'
    small = peak_of(lambda: sift((line for _ in range(200)), read_updates))
    large = peak_of(lambda: sift((line for _ in range(4_000)), read_updates))
    assert large - small < 0.5


BOMB = "@article{bomb, title = {" + "{" * 200_000 + "x" + "}" * 200_000 + "}}\n"
AFTER = '@article{after, title = {M{\\"u}ller and \\v{S}koda}, author = {M{\\"u}ller, J{\\"o}rg}}\n'


@pytest.mark.parametrize("bomb", [BOMB, BOMB.replace("}", ""), "@article{" * 20_000 + "\n"])
def test_a_bomb_of_braces_is_one_line_and_the_next_entry_is_read(bomb):
    found = list(read_bibtex((bomb + "\n" + AFTER).splitlines(True)))
    assert isinstance(found[0], Broken)
    last = found[-1]
    assert isinstance(last, Record) and last.title == "Müller and Škoda"
    assert last.authors == ("Müller J",)


def test_a_bomb_costs_no_more_than_its_length():
    small = calls(lambda: list(read_bibtex(["@article{a, title={" + "{" * 20_000 + "\n"])))
    large = calls(lambda: list(read_bibtex(["@article{a, title={" + "{" * 80_000 + "\n"])))
    assert large < small * 5 + 1000
