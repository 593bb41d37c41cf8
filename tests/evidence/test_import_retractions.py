"""`import_retractions`: the list of notices, and what it does to sources and claims."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, Flag
from editorial.models import Event
from evidence.actions import record_notice
from evidence.importers.retraction_watch import COLUMNS
from evidence.models import Notice
from tests import factories

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,"
    "RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
).split(",")
TITLE = "A trial of cells in an example disease"
COCHRANE = {"Journal": "Cochrane Database of Systematic Reviews", "Publisher": "Wiley"}


def row(**cells):
    """One row of the list; a retraction of a paper that is not here unless told otherwise."""
    usual = {
        "Record ID": "101",
        "Title": TITLE,
        "Journal": "Journal of Examples",
        "RetractionDate": "8/26/2023 0:00",
        "RetractionDOI": "10.1000/notice",
        "RetractionPubMedID": "0",
        "OriginalPaperDate": "3/1/2020 12:00:00 AM",
        "OriginalPaperDOI": "unavailable",
        "OriginalPaperPubMedID": "0",
        "RetractionNature": "Retraction",
        "Reason": "+Error in Data;+Investigation by Journal/Publisher;",
        "Paywalled": "No",
    }
    return usual | cells


def listing(*rows, header=HEADER):
    """The rows as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([one.get(name, "") for name in header] for one in rows)
    return out.getvalue()


@pytest.fixture
def run(tmp_path, people):
    """Import rows, or text, as a list: (what it printed, the error or None)."""

    def run_on(*rows, by="editor", encoding="utf-8"):
        text = rows[0] if isinstance(rows[0], str) else listing(*rows)
        path: Path = tmp_path / "list.csv"
        path.write_bytes(text.encode(encoding))
        out = io.StringIO()
        try:
            call_command("import_retractions", str(path), by=by, stdout=out, stderr=io.StringIO())
        except CommandError as error:
            return out.getvalue(), str(error)
        return out.getvalue(), None

    return run_on


@pytest.fixture
def paper(people):
    return factories.source(title=TITLE, doi="10.1000/paper", pmid=77, year=2020)


def standing(source):
    source.refresh_from_db()
    return source.standing


# What a notice does


def test_a_retraction_reopens_the_published_claim_that_rests_on_the_paper(run, paper):
    cited = f'<p>A trial saw fewer flares<cite data-source="{paper.key}"></cite>.</p>'
    page = factories.published_page(body=cited)
    claim = Claim.objects.standing_on(page.live_revision).get()
    assert not claim.flags.open().exists()
    said, error = run(row(OriginalPaperDOI="10.1000/Paper"))
    assert error is None and standing(paper) == "retracted"
    flag = claim.flags.open().get()
    assert (flag.origin, flag.severity, flag.source) == ("notice", "block", paper)
    assert said == (
        "1 row: 1 new notice, 0 known already, 1 claim reopened, "
        "0 about papers that are not sources here.\n"
    )
    run(row(OriginalPaperDOI="10.1000/Paper"))
    assert claim.flags.filter(origin="notice").count() == 1
    back = row(
        OriginalPaperDOI="10.1000/paper",
        RetractionNature="Reinstatement",
        RetractionDate="1/2/2024",
        RetractionDOI="10.1000/back",
    )
    run(back)
    assert standing(paper) == "sound" and not claim.flags.open().exists()


def test_the_notice_keeps_its_date_doi_reason_and_where_it_was_seen(run, paper):
    run(row(OriginalPaperDOI="10.1000/paper"))
    notice = Notice.objects.get()
    assert (notice.date, notice.doi) == (date(2023, 8, 26), "10.1000/notice")
    assert notice.reason == "Error in Data; Investigation by Journal/Publisher"
    assert notice.checked == "Retraction Watch, record 101"


@pytest.mark.parametrize(
    ("nature", "kind", "after"),
    [
        ("Retraction", "retraction", "retracted"),
        ("Expression of concern", "concern", "concern"),
        ("Expression of Concern", "concern", "concern"),
        ("Correction", "correction", "corrected"),
        ("Reinstatement", "reinstatement", "sound"),
    ],
)
def test_the_kinds_of_notice_are_kept_apart(run, paper, nature, kind, after):
    run(row(OriginalPaperDOI="10.1000/paper", RetractionNature=nature))
    assert Notice.objects.get().kind == kind and standing(paper) == after
    assert not Flag.objects.exists()


def test_notices_count_in_the_order_of_their_dates_not_of_their_lines(run, paper):
    doi = {"OriginalPaperDOI": "10.1000/paper"}
    run(
        row(**doi, RetractionNature="Reinstatement", RetractionDate="1/1/2025", RetractionDOI=""),
        row(**doi, RetractionDate="1/1/2024"),
    )
    assert standing(paper) == "sound" and Notice.objects.count() == 2


@pytest.mark.parametrize(
    "identifier",
    [
        {"OriginalPaperDOI": "https://doi.org/10.1000/PAPER"},
        {"OriginalPaperPubMedID": "77"},
        {"OriginalPaperDOI": "10.1000/paper", "OriginalPaperPubMedID": "77"},
        {"OriginalPaperDOI": "not a doi", "OriginalPaperPubMedID": "77"},
    ],
)
def test_a_paper_is_found_by_doi_or_pmid(run, paper, identifier):
    run(row(**identifier))
    assert standing(paper) == "retracted"


def test_unicode_dashes_in_identifiers_are_dashes(run, people):
    paper = factories.source(doi="10.1000/a-b-c", title=TITLE)
    run(row(OriginalPaperDOI="10.1000/a‐b–c"))
    assert standing(paper) == "retracted"


# Repeating


def test_a_second_import_changes_nothing_and_says_so(run, paper):
    rows = [row(OriginalPaperDOI="10.1000/paper"), row()]
    run(*rows)
    events = Event.objects.count()
    said, error = run(*rows)
    assert error is None and "no new notice, nothing changed, 1 known already" in said
    assert Event.objects.count() == events


def test_the_same_notice_twice_in_one_list_is_recorded_once(run, paper):
    said, error = run(*[row(OriginalPaperDOI="10.1000/paper")] * 2)
    assert Notice.objects.count() == 1 and error is None
    assert "1 new notice, 1 known already" in said


@pytest.mark.parametrize(
    "known",
    [
        {"date_text": "2023"},
        {"date_text": "2023-08"},
        {"date": date(2023, 8, 26)},
        {"date": date(2023, 8, 1), "doi": "10.1000/NOTICE"},
    ],
)
def test_a_notice_known_less_exactly_is_not_recorded_again(run, paper, people, known):
    record_notice(paper, by=people.editor, kind="retraction", **known)
    run(row(OriginalPaperDOI="10.1000/paper"))
    assert Notice.objects.count() == 1


def test_papers_that_are_not_here_are_counted_and_no_error(run, paper):
    said, error = run(row(), row(OriginalPaperDOI="10.1000/other", RetractionDate="nonsense"))
    assert error is None and "2 about papers that are not sources here" in said
    assert not Notice.objects.exists()


# Superseded reviews


@pytest.mark.parametrize(
    "reason",
    [
        "+Superseded by Updated Version;",
        "+Updated Version Available;",
        "+Withdrawn (Out of Date);+Withdrawal;",
        "+Notice - Limited or No Information;+Superseded;",
    ],
)
def test_a_superseded_cochrane_review_is_no_retraction(run, paper, reason):
    said, error = run(row(OriginalPaperDOI="10.1000/paper", Reason=reason, **COCHRANE))
    assert error is None and standing(paper) == "sound" and not Notice.objects.exists()
    assert "list.csv, line 2: a new version took the place" in said
    assert "1 superseded review ignored" in said


@pytest.mark.parametrize(
    "cells",
    [
        {"Reason": "+Error in Data;", **COCHRANE},
        {"Reason": "+Superseded;+Falsification/Fabrication of Data;", **COCHRANE},
        {"Reason": "+Updated to Retraction;+Error in Data;", **COCHRANE},
        {"Reason": "+Withdrawal;", **COCHRANE},
        {"Reason": "+Superseded by Updated Version;"},  # of another journal
    ],
)
def test_any_other_retraction_stays_one(run, paper, cells):
    run(row(OriginalPaperDOI="10.1000/paper", **cells))
    assert standing(paper) == "retracted"


# Refusals


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"RetractionDate": "26/8/2023"}, "is not a date"),
        ({"RetractionDate": ""}, "is not a date"),
        ({"RetractionDate": "2/30/2023"}, "is not a date"),
        ({"RetractionDate": "8/26/2019"}, "before its paper"),
        ({"RetractionDate": "8/26/2019", "OriginalPaperDate": ""}, "before its paper (2020)"),
        ({"RetractionDate": "2/28/2020"}, "before its paper (01 March 2020)"),
        ({"RetractionNature": "Rumour"}, "is none of: Retraction"),
    ],
)
def test_a_row_that_cannot_be_is_reported_by_line_and_the_rest_go_on(run, paper, cells, reason):
    other = factories.source(doi="10.1000/other", title=TITLE)
    said, error = run(
        row(OriginalPaperDOI="10.1000/paper", **cells), row(OriginalPaperDOI="10.1000/other")
    )
    assert "list.csv, line 2: not imported." in said and reason in said
    assert "1 not imported, as said above" in error
    assert standing(paper) == "sound" and standing(other) == "retracted"


def test_a_doi_and_a_pmid_of_two_papers_are_refused_with_both_titles(run, paper):
    factories.source(doi="10.1000/two", title="Quite another paper")
    said, error = run(row(OriginalPaperDOI="10.1000/two", OriginalPaperPubMedID="77"))
    assert TITLE in said and "Quite another paper" in said and error
    assert not Notice.objects.exists()


def test_a_pmid_of_another_paper_is_refused_with_both_titles(run, paper):
    said, error = run(row(OriginalPaperPubMedID="77", Title="Diet in coeliac disease"))
    assert TITLE in said and "Diet in coeliac disease" in said and error
    assert not Notice.objects.exists()


def test_a_doi_counts_though_the_list_words_the_title_otherwise(run, paper):
    said, error = run(row(OriginalPaperDOI="10.1000/paper", Title="Diet in coeliac disease"))
    assert standing(paper) == "retracted" and error is None
    assert "the list calls this paper “Diet in coeliac disease”" in said


@pytest.mark.parametrize("name", COLUMNS.values())
def test_a_missing_column_is_named_and_nothing_is_written(run, paper, name):
    header = [column for column in HEADER if column != name]
    _, error = run(listing(row(OriginalPaperDOI="10.1000/paper"), header=header))
    assert f"lacks the column “{name}”" in error and "Nothing was imported" in error
    assert not Notice.objects.exists()


def test_a_wrong_column_is_named(run, paper):
    header = [{"Reason": "Reasons"}.get(name, name) for name in HEADER]
    assert "“Reason” (there is “Reasons”)" in run(listing(row(), header=header))[1]
    assert "not the Retraction Watch list" in run("a,b,c\n1,2,3\n")[1]


def test_a_row_with_wrong_columns_is_reported_and_the_rest_go_on(run, paper):
    text = listing(row()) + "1,2,3\n" + listing(row(OriginalPaperPubMedID="77")).split("\n", 1)[1]
    said, error = run(text)
    assert "line 3: not imported. The row does not have the 20 columns" in said
    assert "1 not imported" in error and standing(paper) == "retracted"


def test_an_open_quotation_mark_swallows_one_row_only(run, paper):
    good = listing(row(OriginalPaperPubMedID="77")).split("\n", 1)[1]
    said, error = run(listing(row()) + '102,"An open mark,,,\n' + good)
    assert "line 3: not imported" in said and "1 not imported" in error
    assert standing(paper) == "retracted"


def test_a_cell_over_several_lines_and_an_inch_sign_are_read(run, paper):
    good = row(OriginalPaperPubMedID="77", Notes='One\nline, and "another"', Title=TITLE)
    inch = listing(row(Notes="x")).split("\n", 1)[1].replace(",x\r\n", ',5" tube\r\n')
    _, error = run(listing(good) + inch)
    assert error is None and standing(paper) == "retracted"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_is_read(run, paper, encoding):
    cells = row(OriginalPaperDOI="10.1000/paper", Reason="+Erreur dans les données;")
    assert run(listing(cells), encoding=encoding)[1] is None
    assert Notice.objects.get().reason == "Erreur dans les données"


@pytest.mark.parametrize(("by", "why"), [("nobody", "no active user"), ("author", "may not")])
def test_only_those_who_may_record_notices_import_them(run, paper, by, why):
    _, error = run(row(OriginalPaperDOI="10.1000/paper"), by=by)
    assert why in error and not Notice.objects.exists()


@pytest.mark.parametrize("text", ["", "\n\n", listing()])
def test_an_empty_list_is_refused(run, text):
    _, error = run(text)
    assert "empty" in error or "no row" in error


def test_a_missing_file_is_refused_in_a_sentence(people):
    with pytest.raises(CommandError, match="nowhere.csv: The file cannot be opened"):
        call_command("import_retractions", "nowhere.csv", by="editor", stdout=io.StringIO())
