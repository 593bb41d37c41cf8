"""The desk's list of sources fits a small screen."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_confidence_is_one_word_in_the_list(client, people):
    factories.source(confidence="high")
    client.force_login(people.editor)
    page = client.get(reverse("admin:evidence_source_changelist")).content.decode()
    assert '<td class="field-sureness">high</td>' in page
