"""A file is remembered once, and a page comes from one file."""

import pytest
from django.db import IntegrityError, transaction

from articles.models import ImportRecord
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_file_and_a_page_stand_once():
    one, two = factories.draft().page, factories.draft().page
    ImportRecord.objects.create(page=one, source_name="a.txt", digest="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRecord.objects.create(page=two, source_name="a.txt", digest="2")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRecord.objects.create(page=one, source_name="b.txt", digest="2")
