"""What every admin list offers: named filters, and the list as a file that runs nothing."""

import csv
import io

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from editorial import saved_filters
from editorial.errors import WrongState
from editorial.models import SavedFilter
from editorial.spreadsheets import csv_lines, safe_cell
from tests import factories

LIST = "/admin/articles/article/"


def save(client, query="status__exact=draft", **values):
    data = {"name": "Not out yet", "query": query, **values}
    return client.post(f"{LIST}filters/save/", data, follow=True).content.decode()


# Files


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r\n=1", "'\r\n=1"),
        (" =cmd|' /C calc'!A0", "' =cmd|' /C calc'!A0"),
        ("＝1", "'＝1"),
        (-2, "-2"),
        (None, ""),
        (True, "yes"),
        ("Lupus = SLE", "Lupus = SLE"),
    ],
)
def test_a_cell_is_never_a_formula(value, cell):
    assert safe_cell(value) == cell


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_a_table_reads_back_as_it_was_written(cells):
    text = "".join(csv_lines(cells, [cells])).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [[safe_cell(cell) for cell in cells]] * 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.django_db
def test_a_list_is_exported_as_it_is_filtered(client, people):
    factories.draft(title="=HYPERLINK(1)", slug="a")
    factories.published_page(title="Zürich")
    client.force_login(people.author)
    answer = client.get(f"{LIST}export.csv?status__exact=draft")
    raw = answer.getvalue()
    assert raw.startswith(b"\xef\xbb\xbf") and answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="article-')
    assert "no-store" in answer["Cache-Control"] and answer.streaming
    header, *rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert header[:5] == ["ID", "kind", "title", "slug", "Readers see"]
    assert [row[2] for row in rows] == ["'=HYPERLINK(1)"]
    everything = client.get(f"{LIST}export.csv").getvalue().decode()
    assert "Zürich" in everything and "not published" in everything


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 60])
def test_an_export_holds_every_row_and_costs_the_same(
    client, people, count, django_assert_max_num_queries
):
    for number in range(count):
        factories.draft(title=f"Page {number}", slug=f"p-{number}")
    client.force_login(people.editor)
    with django_assert_max_num_queries(14):
        text = client.get(f"{LIST}export.csv").getvalue().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == count + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "articles/article",
        "therapies/condition",
        "therapies/therapy",
        "therapies/assessment",
        "evidence/source",
        "evidence/notice",
        "editorial/user",
    ],
)
def test_every_list_can_be_exported_by_those_who_see_it_only(client, people, path):
    factories.source()
    client.force_login(people.admin)
    assert client.get(f"/admin/{path}/export.csv").getvalue().startswith(b"\xef\xbb\xbf")
    assert client.get(f"/admin/{path}/export.jsonl").status_code == 403
    client.force_login(people.outsider)
    assert client.get(f"/admin/{path}/export.csv").status_code == 403


@pytest.mark.django_db
def test_people_are_exported_by_administrators_only(client, people):
    client.force_login(people.editor)
    assert client.get("/admin/editorial/user/export.csv").status_code == 403


# Filters


@pytest.mark.django_db
def test_a_filter_is_saved_shown_and_used(client, people):
    factories.draft(title="Begun")
    factories.published_page(title="Out")
    client.force_login(people.editor)
    shown = save(client, "status__exact=draft&p=3&e=1")
    saved = SavedFilter.objects.get()
    assert saved.query == "status__exact=draft" and "Not out yet" in shown
    listed = client.get(f"{LIST}filters/{saved.pk}/", follow=True).content.decode()
    assert "Begun" in listed and ">Out<" not in listed
    save(client, "status__exact=published")
    assert SavedFilter.objects.get().query == "status__exact=published"


@pytest.mark.django_db
def test_a_filter_is_its_owners_until_it_is_shared(client, people):
    client.force_login(people.editor)
    save(client)
    save(client, name="For all", is_shared="on")
    mine, shared = SavedFilter.objects.order_by("-name")
    client.force_login(people.author)
    html = client.get(LIST).content.decode()
    assert "For all" in html and "shared by editor" in html and "Not out yet" not in html
    assert client.get(f"{LIST}filters/{mine.pk}/").status_code == 404
    refused = client.post(f"{LIST}filters/{shared.pk}/delete/", follow=True).content.decode()
    assert "belongs to editor" in refused
    client.force_login(people.admin)
    client.post(f"{LIST}filters/{shared.pk}/delete/")
    client.force_login(people.editor)
    client.get(f"{LIST}filters/{mine.pk}/delete/")
    assert SavedFilter.objects.get() == mine
    client.post(f"{LIST}filters/{mine.pk}/delete/")
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["no_such_field=1", "created_by__password__startswith=a", "o=x.y"]
)
def test_a_filter_that_no_longer_fits_says_so_and_shows_all(client, people, query):
    factories.draft(title="Begun")
    client.force_login(people.editor)
    save(client, query)
    shown = client.get(f"{LIST}filters/{SavedFilter.objects.get().pk}/", follow=True)
    assert shown.status_code == 200 and "Begun" in shown.content.decode()
    assert query == "o=x.y" or "no longer fits this list" in shown.content.decode()


@pytest.mark.django_db
def test_a_filter_of_another_list_is_not_there(client, people):
    client.force_login(people.editor)
    save(client)
    saved = SavedFilter.objects.get()
    assert client.get(f"/admin/evidence/source/filters/{saved.pk}/").status_code == 404
    client.force_login(people.outsider)
    assert client.get(f"{LIST}filters/{saved.pk}/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": " "}, "Give the filter a name."),
        ({"query": "p=2"}, "This list is not filtered."),
        ({"query": "q=" + "x" * 1000}, "too long to be saved"),
    ],
)
def test_an_odd_filter_is_refused_with_a_sentence(client, people, values, says):
    client.force_login(people.editor)
    assert says in save(client, **values)
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db
def test_the_database_holds_the_rules_of_filters(people):
    saved = saved_filters.save(by=people.editor, list_name="x_y", name="A", query="q=a")
    with pytest.raises(IntegrityError, match="saved_filter_named"), transaction.atomic():
        SavedFilter.objects.filter(pk=saved.pk).update(query="")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedFilter.objects.create(owner=people.editor, list_name="x_y", name="A", query="q=b")
    with pytest.raises(WrongState):
        saved_filters.save(by=people.editor, list_name="x_y", name="B", query="")
