"""The editor's citation dialog asks here."""

import pytest

from evidence import actions, lookup
from evidence.models import Source
from tests import factories

ADDRESS = "/admin/evidence/source/find/"


@pytest.fixture
def author(client, people):
    """The client, signed in as an author."""
    client.force_login(people.author)
    return client


def keys(client, **question) -> list[str]:
    """The keys of the results, in order."""
    answer = client.get(ADDRESS, question)
    assert answer.status_code == 200
    return [result["key"] for result in answer.json()["results"]]


@pytest.fixture
def trial(people) -> Source:
    return factories.source(
        key="example-2019-trial",
        title="A randomised trial of rest against exercise",
        authors="Example RK, et al.",
        year=2019,
        doi="10.1000/Rest.2019",
        pmid="30644983",
        nct="NCT00000123",
        design="RCT",
    )


@pytest.fixture
def retracted(people) -> Source:
    source = factories.source(key="gone-2021", title="A trial of rest", authors="Gone B", year=2021)
    actions.record_notice(source, by=people.editor, kind="retraction", date_text="2022")
    return source


@pytest.mark.parametrize(
    "question",
    [
        "example-2019-trial",
        "Example 2019",
        "(Example RK, 2019)",
        "RANDOMISED rest",
        "10.1000/rest.2019",
        "https://doi.org/10.1000/rest.2019",
        "doi:10.1000/REST.2019",
        "30644983",
        "PMID: 30644983",
        "https://pubmed.ncbi.nlm.nih.gov/30644983/",
        "nct00000123",
        "https://clinicaltrials.gov/study/NCT00000123",
        "rct exercise",
    ],
)
def test_a_source_is_found_by_words_and_by_each_identifier(author, trial, question):
    factories.source(key="other-2001", title="Sleep", authors="Other A", design="cohort", year=2001)
    assert keys(author, q=question) == ["example-2019-trial"]


@pytest.mark.parametrize("question", ["", "   ", "\0", "...", "rest sleep", "10.1000/none", "%"])
def test_a_question_that_nothing_fits_has_no_results(author, trial, question):
    assert keys(author, q=question) == []


def test_a_question_longer_than_any_title_is_answered(author, trial):
    assert keys(author, q="rest " * 10_000) == ["example-2019-trial"]
    assert keys(author, q="9" * 5_000) == []


def test_what_the_dialog_shows_of_a_source(author, trial):
    (result,) = author.get(ADDRESS, {"q": "exercise"}).json()["results"]
    assert result == {
        "key": "example-2019-trial",
        "label": "Example RK, 2019",
        "title": "A randomised trial of rest against exercise",
        "described": False,
        "year": 2019,
        "design": "RCT",
        "standing": "no notice known",
        "retracted": False,
    }


def test_a_retracted_source_comes_last_and_is_marked(author, trial, retracted):
    results = author.get(ADDRESS, {"q": "trial rest"}).json()["results"]
    assert [(r["key"], r["retracted"]) for r in results] == [
        ("example-2019-trial", False),
        ("gone-2021", True),
    ]


def test_a_retracted_source_comes_last_even_when_named_exactly(author, trial, retracted):
    factories.source(key="later-2022", title="A reply to gone-2021", authors="Later C", year=2022)
    assert keys(author, q="gone-2021") == ["later-2022", "gone-2021"]


def test_the_first_author_counts_more_than_the_title(author, people):
    factories.source(key="title-2023", title="What Smith found", authors="Jones A", year=2023)
    factories.source(key="smith-2001", title="Rest", authors="Smith A", year=2001)
    assert keys(author, q="smith") == ["smith-2001", "title-2023"]


def test_at_most_twenty_sources_are_found_in_one_query(author, people, django_assert_num_queries):
    for _ in range(lookup.MOST_RESULTS + 1):
        factories.source(title="Alike")
    with django_assert_num_queries(1):
        assert len(lookup.matching_sources("alike")) == lookup.MOST_RESULTS


def test_keys_are_named_in_the_order_asked_and_unknown_ones_left_out(author, trial, retracted):
    asked = "gone-2021, nowhere,example-2019-trial,gone-2021,"
    assert keys(author, keys=asked) == ["gone-2021", "example-2019-trial"]


def test_naming_keys_costs_one_query_however_many(author, people, django_assert_num_queries):
    made = [factories.source().key for _ in range(30)]
    with django_assert_num_queries(1):
        assert list(lookup.sources_named(made)) == made


def test_a_described_title_is_not_given_out_as_a_title(author, people):
    factories.source(key="seen-in-2020", title="A letter about rest", title_is_description=True)
    (result,) = author.get(ADDRESS, {"keys": "seen-in-2020"}).json()["results"]
    assert result["described"] is True


def test_a_visitor_is_sent_to_sign_in(client, db):
    answer = client.get(ADDRESS, {"q": "rest"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_a_member_of_staff_without_a_role_is_refused(client, people):
    client.force_login(people.outsider)
    assert client.get(ADDRESS, {"q": "rest"}).status_code == 403


def test_nothing_is_posted_here(author):
    assert author.post(ADDRESS, {"q": "rest"}).status_code == 405
