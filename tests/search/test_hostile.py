"""Whatever is typed, the answer is an answer."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import engine
from search.query import MAX_LENGTH, QueryTooLong

pytestmark = pytest.mark.django_db

ODD = [
    '"',
    "'",
    '"lupus',
    "lupus OR",
    "AND NOT NEAR(",
    "title : lupus",
    "{title} : x",
    "lupus*",
    "^lupus",
    "- + ~ ( ) & | ! <-> :*",
    "lupus & !sle",
    "'; DROP TABLE search_searchentry; --",
    "\x00",
    "lu\x00pus",
    "🦋",
    "🦋 lupus 🦋",
    "ｌｕｐｕｓ",
    "ﬁbrosis",
    "日本語",
    "İstanbul ǅ ß",
    "\u202elupus",
    "%",
    "%s %(q)s",
    "_",
    "\\",
    "1e5 2.5.1 10:30 a@b.org http://example.org/x?y=1",
    "\ud800",
    " ".join(["a"] * 100),
    "x" * MAX_LENGTH,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_queries_are_answered(library, text):
    engine.search(text)
    engine.suggest(text)


pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(['"', "*", "(", ")", "AND", "OR", "NEAR", ":", "-", "lupus", "CAR-T", "SLE"]),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(pieces, max_size=12).map(" ".join))
def test_any_text_is_answered(library, text):
    assert isinstance(engine.suggest(text), list)
    try:
        found = engine.search(text)
    except QueryTooLong:
        assert len(text) > MAX_LENGTH
    else:
        assert found.count >= len(found.results)


@pytest.mark.parametrize("length", [MAX_LENGTH + 1, 10_000])
def test_a_text_that_is_too_long_is_answered_with_a_plain_message(library, length):
    response = Client().get("/api/v1/search", {"q": "x" * length})
    assert response.status_code == 400
    assert response.json()["detail"] == (
        f"That search has {length:,} characters. Please use at most 200: a name, or the two or "
        "three words that matter most."
    )
    page = Client().get("/search/", {"q": "x" * length})
    assert page.status_code == 400 and b"Please use at most 200" in page.content


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "99999999999", "1e3", "²"])
def test_an_odd_page_number_shows_a_page_that_exists(library, number):
    response = Client().get("/search/", {"q": "lupus", "page": number})
    assert response.status_code == 200 and response.context["number"] == 1


def test_an_unknown_kind_is_no_limit(library):
    response = Client().get("/search/", {"q": "lupus", "kind": "'"})
    assert response.status_code == 200 and response.context["count"] == 5
