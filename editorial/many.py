"""Rows of pages written together: a few statements, however many pages there are.

For `actions/` only, which lock, check and record.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection
from django.db.models.functions import Lower
from taggit.models import Tag

from .models import Page, TaggedPage
from .rows import create, insert


def insert_pages(pages: Sequence[Page]) -> None:
    """Write new pages of one kind, each with the row of its kind; they get their primary keys."""
    fields = [field for field in Page._meta.concrete_fields if not field.primary_key]
    rows = create(
        Page(**{field.attname: getattr(page, field.attname) for field in fields}) for page in pages
    )
    for page, row in zip(pages, rows, strict=True):
        page.id = page.pk = row.pk
        page.created_at = row.created_at
        page._state.adding, page._state.db = False, row._state.db
    model = type(pages[0])
    # Django's bulk_create refuses a model that extends another; this is what it calls inside.
    model._base_manager._insert(
        pages, fields=model._meta.local_concrete_fields, using=row._state.db
    )


def fields_of(pages: Sequence[Page]) -> list[dict]:
    """The values of each page by field, for `update_rows`."""
    names = [field.attname for field in pages[0]._meta.concrete_fields]
    return [{name: getattr(page, name) for name in names} for page in pages]


def update_rows(pages: Sequence[Page], before: Sequence[dict]) -> None:
    """Write the fields of pages of one kind that differ on any of them from what its row holds
    (`before`, see `fields_of`), which spares the indexes of all others.

    One prepared statement for each table, filled in for each page: bulk_update builds a case for
    every row and field, which takes longer than to write them.
    """
    by_model: dict[type, list] = defaultdict(list)
    held = list(zip(pages, before, strict=True))
    for field in pages[0]._meta.concrete_fields:
        name = field.attname
        if not field.primary_key and any(getattr(page, name) != row[name] for page, row in held):
            by_model[field.model].append(field)
    for model, fields in by_model.items():
        _update(model._meta, fields, pages)


def _update(meta, fields, pages) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"
    rows = []
    for page in pages:
        values = (
            field.get_db_prep_save(field.pre_save(page, False), connection) for field in fields
        )
        rows.append([*values, page.pk])
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def set_relations(pages: list, name: str, chosen: list[list]) -> None:
    """Give each page exactly the chosen rows in this many-to-many field."""
    field = type(pages[0])._meta.get_field(name)
    through = field.remote_field.through
    source, target = field.m2m_column_name(), field.m2m_reverse_name()
    wanted = {(p.pk, row.pk) for p, rows in zip(pages, chosen, strict=True) for row in rows}
    _set(through, source, target, [page.pk for page in pages], wanted)


def set_tags(pages: list, names: list[list[str]]) -> None:
    """Give each page exactly these tags; capitals do not make another tag."""
    known = _known_tags({name for some in names for name in some})
    wanted = set()
    for page, some in zip(pages, names, strict=True):
        if all(name.lower() in known for name in some):
            wanted |= {(page.pk, known[name.lower()]) for name in some}
        else:  # taggit makes what is new
            page.tags.set(some)
            rows = TaggedPage.objects.filter(content_object=page.pk)
            wanted |= {(page.pk, tag) for tag in rows.values_list("tag", flat=True)}
            known = _known_tags({name for some in names for name in some})
    _set(TaggedPage, "content_object_id", "tag_id", [page.pk for page in pages], wanted)


def _known_tags(names: set[str]) -> dict[str, int]:
    """The oldest tag of each name, by the name in small letters."""
    small = {name.lower() for name in names}
    rows = Tag.objects.annotate(small=Lower("name")).filter(small__in=small).order_by("-pk")
    return dict(rows.values_list("small", "pk"))


def _set(through, source: str, target: str, pks: list[int], wanted: set) -> None:
    """Make the rows of these pages in a joining table the wanted (page, other) pairs."""
    there = defaultdict(list)
    rows = through.objects.filter(**{f"{source}__in": pks})
    for pk, *pair in rows.values_list("pk", source, target):
        there[tuple(pair)].append(pk)
    gone = [pk for pair, found in there.items() if pair not in wanted for pk in found]
    if gone:
        through.objects.filter(pk__in=gone).delete()
    insert(through, [source, target], sorted(wanted - there.keys()))
