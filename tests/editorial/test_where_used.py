"""Where is this used? Asked of sources, conditions, therapies and pictures."""

import pytest

from tests import factories
from therapies.models import Condition

pytestmark = pytest.mark.django_db


def where(client, path):
    answer = client.get(f"/admin/{path}/where/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def used(people):
    """A condition, a therapy and a source that everything uses."""
    source = factories.source()
    condition = factories.condition(title="Lupus")
    therapy = factories.therapy(title="Rest", sources=[source.pk])
    factories.assessment(therapy, condition, sources=[source])
    related = {"conditions": [condition.pk], "therapies": [therapy.pk]}
    body = f'<p>Rest reduces flares of lupus <cite data-source="{source.key}"></cite>.</p>'
    factories.published_page(title="Live one", body=body, **related)
    factories.draft(title="Begun one", body=body, **related)
    return source, condition, therapy


def test_a_source_tells_pages_texts_assessments_and_claims(client, people, used):
    client.force_login(people.author)
    html = where(client, f"evidence/source/{used[0].pk}")
    for words in ("Live one (article)", "Begun one (article), revision 1, draft", "Rest (therapy)"):
        assert words in html
    assert "Rest for Lupus: low certainty" in html and "Rest reduces flares of lupus" in html


def test_a_condition_and_a_therapy_tell_articles_assessments_and_claims(client, people, used):
    client.force_login(people.author)
    for path in (f"condition/{used[1].pk}", f"therapy/{used[2].pk}"):
        html = where(client, f"therapies/{path}")
        assert "Live one (article)" in html and "Begun one (article)" in html
        assert "Rest for Lupus" in html and "“Rest reduces flares of lupus" in html


def test_what_nothing_uses_says_so(client, people):
    client.force_login(people.author)
    assert "Nothing uses it" in where(client, f"evidence/source/{factories.source().pk}")
    lonely = factories.draft("condition").page
    assert Condition.objects.filter(pk=lonely.pk).exists()
    assert "Nothing uses it" in where(client, f"therapies/condition/{lonely.pk}")


def test_the_forms_lead_there_and_strangers_do_not_get_in(client, people, used):
    client.force_login(people.editor)
    for path in (f"evidence/source/{used[0].pk}", f"therapies/therapy/{used[2].pk}"):
        assert f"/admin/{path}/where/" in client.get(f"/admin/{path}/change/").content.decode()
    client.force_login(people.outsider)
    assert client.get(f"/admin/evidence/source/{used[0].pk}/where/").status_code == 403
