"""What the database refuses in the search's own tables."""

import pytest
from django.db import IntegrityError, transaction

from search.models import SearchName
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_name_stands_once_on_a_page_and_is_not_empty():
    page = factories.condition(title="Quokka syndrome")
    name = SearchName.objects.filter(entry=page.pk).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchName.objects.create(
            entry_id=page.pk, kind="condition", role=1, name="x", key=name.key, text="x"
        )
    with pytest.raises(IntegrityError, match="search_name_not_empty"), transaction.atomic():
        SearchName.objects.filter(pk=name.pk).update(key="")
