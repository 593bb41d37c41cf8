"""The read API under odd requests: a small fixed budget here, a longer one under `make fuzz`."""

import pytest
from django.core.wsgi import get_wsgi_application
from schemathesis.core.failures import FailureGroup

from tests import factories
from tests.fuzz import read_api

pytestmark = pytest.mark.django_db
ROUNDS = 6


@pytest.mark.usefixtures("people")
def test_every_address_answers_as_its_document_says():
    source = factories.source(key="example-2020")
    therapy, condition = factories.therapy(title="Rest"), factories.condition(title="Lupus")
    factories.assessment(therapy, condition, sources=[source])
    assert read_api.run(get_wsgi_application(), ROUNDS) > 60


def test_a_wrong_answer_is_noticed():
    django = get_wsgi_application()

    def broken(environ, start_response):
        if environ["PATH_INFO"] != "/api/v1/pages":
            return django(environ, start_response)
        start_response("500 Internal Server Error", [("Content-Type", "application/json")])
        return [b"{}"]

    with pytest.raises(FailureGroup):
        read_api.run(broken, 1)
