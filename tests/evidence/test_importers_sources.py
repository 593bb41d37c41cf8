"""`import_sources`: one paper, one source; what is refused; what a second import does."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from editorial.models import Event
from evidence.models import Source
from evidence.title_check import require_same_title, same_title
from tests import factories

pytestmark = pytest.mark.django_db

RITUXIMAB = "Rituximab in patients with a very long example disease"


def entry(title=RITUXIMAB, year=2020, author="Müller, Jörg", **fields):
    rows = "".join(f",\n {name} = {{{value}}}" for name, value in fields.items())
    return f"@article{{k,\n title = {{{title}}}, year = {year}, author = {{{author}}}{rows}}}\n"


@pytest.fixture
def run(tmp_path, people):
    """Import text as a .bib file: (what it printed, the error or None)."""

    def run_on(*entries, name="a.bib", by="editor"):
        path = tmp_path / name
        path.write_text("".join(entries), encoding="utf-8")
        out = StringIO()
        try:
            call_command("import_sources", str(path), by=by, stdout=out, stderr=StringIO())
        except CommandError as error:
            return out.getvalue(), str(error)
        return out.getvalue(), None

    return run_on


def test_an_entry_becomes_a_source_with_a_key_of_author_year_and_word(run):
    said, error = run(entry(doi="https://doi.org/10.1000/ABC"))
    source = Source.objects.get()
    assert error is None and said == "1 source: 1 created, 0 updated, 0 unchanged.\n"
    assert source.key == "muller-2020-rituximab" and source.doi == "10.1000/abc"
    assert source.authors == "Müller J" and source.checked_by == "imported from a.bib"
    assert source.confidence == "medium"


def test_keys_are_unique(run):
    run(entry(doi="10.1000/a"), entry(f"{RITUXIMAB}: the second trial", doi="10.1000/b"))
    keys = sorted(Source.objects.values_list("key", flat=True))
    assert keys == ["muller-2020-rituximab", "muller-2020-rituximab-2"]


def test_a_second_import_changes_nothing_and_says_so(run):
    entries = [entry(doi="10.1000/a"), entry("Another paper of note", pmid="77")]
    run(*entries)
    events = Event.objects.count()
    said, error = run(*entries)
    assert error is None and said == "2 sources: all here already, nothing changed.\n"
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"doi": "10.1000/a"}, {"doi": "https://doi.org/10.1000/A"}),
        ({"pmid": 77}, {"pmid": "PMID: 77"}),
        ({"nct": "NCT00000001"}, {"nct": "nct00000001"}),
        ({}, {"url": "https://example.org/elsewhere"}),  # title and year
        ({"doi": "10.1000/a‐b"}, {"doi": "10.1000/a‑b"}),  # dashes of two kinds
    ],
)
def test_a_paper_that_is_here_is_recognised(run, ours, theirs):
    factories.source(title=f"{RITUXIMAB}.", **ours)
    _, error = run(entry(**theirs))
    assert error is None and Source.objects.count() == 1


def test_what_is_empty_is_filled_and_nothing_is_overwritten(run):
    source = factories.source(title=RITUXIMAB, doi="10.1000/a", journal="Ours", authors="Bo S")
    said, _ = run(entry(doi="10.1000/a", pmid="77", journal="Theirs"))
    source.refresh_from_db()
    assert "1 updated" in said
    assert (source.pmid, source.journal, source.authors) == (77, "Ours", "Bo S")


def test_two_papers_of_one_trial_are_two_sources(run):
    factories.source(title="The main results", doi="10.1000/a", nct="NCT00000001")
    run(entry("Quality of life over ten years", doi="10.1000/b", nct="NCT00000001"))
    assert Source.objects.count() == 2


def test_the_same_title_with_another_doi_is_another_paper(run):
    factories.source(title=RITUXIMAB, doi="10.1000/abstract")
    run(entry(doi="10.1000/paper"))
    assert Source.objects.count() == 2


# Refusals


@pytest.mark.parametrize("identifier", [{"doi": "10.1000/a"}, {"pmid": "77"}])
def test_an_identifier_of_another_paper_is_refused_with_both_titles(run, identifier):
    factories.source(title="Ocrelizumab in quite another disease", doi="10.1000/a", pmid=77)
    said, error = run(entry(**identifier), entry("A fine paper", doi="10.1000/b"))
    assert "line 1: not imported" in said and RITUXIMAB in said
    assert "Ocrelizumab in quite another disease" in said
    assert error == "1 source: 1 created, 0 updated, 0 unchanged; 1 not imported, as said above."


def test_a_doi_and_a_pmid_of_two_papers_are_refused_with_both_titles(run):
    factories.source(title="Paper one of the two", doi="10.1000/a")
    factories.source(title="Paper two of the two", pmid=77)
    said, _ = run(entry("Paper one of the two", doi="10.1000/a", pmid="77"))
    assert "Paper one of the two" in said and "Paper two of the two" in said


def test_a_pmid_that_contradicts_the_one_here_is_refused(run):
    factories.source(title=RITUXIMAB, doi="10.1000/a", pmid=77)
    said, _ = run(entry(doi="10.1000/a", pmid="78"))
    assert "PMID 77" in said and "PMID 78" in said


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"doi": "nonsense"}, "is not a DOI"),
        ({"pmid": "9" * 4900}, "is not a PMID"),
        ({"nct": "NCT1"}, "is not an NCT id"),
        ({}, "Give a DOI, a PMID, a trial registration or an address"),
    ],
)
def test_an_entry_that_cannot_be_found_is_refused(run, fields, reason):
    said, error = run(entry(**fields))
    assert reason in said and error and not Source.objects.exists()


def test_a_broken_entry_is_reported_and_the_rest_go_on(run):
    said, error = run(entry(doi="10.1000/a"), "@article{b title}\n", entry("Last", doi="10.1000/c"))
    assert "a.bib, line 4: not imported." in said and "1 not imported" in error
    assert Source.objects.count() == 2


def test_a_paper_that_pubmed_marks_as_retracted_is_pointed_out(run):
    text = "PMID- 5\nTI  - A paper\nPT  - Retracted Publication\n"
    said, error = run(text, name="a.nbib")
    assert "is marked as retracted there" in said and error is None


@pytest.mark.parametrize(
    ("by", "why"), [("nobody", "no active user"), ("reviewer", "may not edit sources")]
)
def test_only_those_who_may_edit_sources_import_them(run, by, why):
    _, error = run(entry(doi="10.1000/a"), by=by)
    assert why in error and not Source.objects.exists()


def test_without_a_name_an_administrator_acts(run):
    _, error = run(entry(doi="10.1000/a"), by=None)
    assert error is None
    assert Event.objects.filter(verb="source.created").first().actor_name == "admin"


def test_a_missing_and_an_empty_file_are_refused(run, people):
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_sources", "nowhere.bib", by="editor", stdout=StringIO())
    assert "empty" in run("")[1]
    assert "no entry" in run("Nothing here.")[1]


# Titles


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A randomised trial of X in lupus", "A Randomized Trial of X in Lupus.", True),
        ("Autologous cells in systemic sclerosis", "Autologous cells in systemic sclerosis: "
         "a randomised trial", True),
        ("RETRACTED: Cells in Sjögren’s disease", "Cells in Sjogren's disease", True),
        ("β-cells and <i>in vivo</i> effects", "β‐cells and in vivo effects", True),
        ("Secukinumab in psoriasis", "Ixekizumab in psoriasis", False),
        ("Secukinumab, a phase 2 trial in arthritis", "Secukinumab, a phase 3 trial in arthritis",
         False),
        ("Rituximab in lupus", "Diet in coeliac disease", False),
        ("", "Anything", True),
    ],
)  # fmt: skip
def test_titles_are_compared_by_their_words(one, other, same):
    assert same_title(one, other) is same and same_title(other, one) is same


def test_a_wrong_title_shows_both():
    with pytest.raises(ValidationError, match=r"PMID 5 belongs to “Two”, not to “One”"):
        require_same_title("PMID 5", "One", "Two")
