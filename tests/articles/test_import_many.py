"""Many articles at once give what one by one gives, and one that fails costs the others nothing."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models, transaction
from django.test.utils import CaptureQueriesContext

from articles.importers.ingest import Outcome, ingest, ingest_many
from articles.importers.json_lines import read_json_lines
from articles.models import Article, ImportRecord
from autoimmune_site.models import StaleMark
from claims import queueing, rechecking, standing
from claims.models import Flag
from editorial import actions, audit
from editorial.errors import InvalidContent, Refused, WrongState
from editorial.models import Event, Page, Redirect
from tests import factories

pytestmark = pytest.mark.django_db

ROOMS = ("editorial", "evidence", "therapies", "claims", "articles", "search")
# Keys and moments, and what is made of them.
LEFT_OUT = {"hash", "previous_hash"}
VERBS = ("heals all of", "cures", "may help", "does not help", "is safe for", "worsens")


def line(number, **more):
    """Article number n: sentences of its own, of every strength, with and without a source."""
    verb = VERBS[number % len(VERBS)]
    return {
        "slug": f"piece-{number}",
        "title": f"Piece {number} about lupus",
        "body_html": f"<h2>Visit {number}</h2><p>Methotrexate {verb} {number} people with lupus."
        f'</p><p>In trial {number} it reduced flares <cite data-source="good"></cite>. '
        f"Number {number} was paid for.</p><ul><li>Take vitamin D {number} times.</li></ul>",
        "tags": ["Sleep", f"tag {number % 3}"],
        "published_at": "2020-05-01T08:00:00Z",
    } | more


def read(*lines, name="library.jsonl"):
    data = b"\n".join(json.dumps(row).encode() for row in lines)
    return list(read_json_lines(_File(data.splitlines(keepends=True)), name))


class _File:
    def __init__(self, lines):
        self.lines = iter(lines)

    def readline(self, size):
        return next(self.lines, b"")


@pytest.fixture
def site(people):
    """What articles are about, and a source."""
    factories.published_page("condition", title="Lupus", slug="lupus")
    factories.published_page("therapy", title="Methotrexate", slug="methotrexate")
    factories.source(key="good")
    return people


def library():
    """New ones, one whose address is taken, one that names a page, twins, an odd one."""
    lines = [line(n) for n in (1, 3, 4, 5, 6, 7, 8)]
    lines += [
        line(9, conditions=["Lupus", "nonesuch"], therapies=["methotrexate"]),
        line(2, title="Piece 2 anew"),
        line(10, slug="", title="Stood here before"),
        line(12, tags=["SLEEP", "sleep", "a, b"], body_html="<p>Nothing is claimed.</p>"),
        line(13, body_html='<p>Aspirin cures gout <cite data-source="unknown"></cite>.</p>'),
    ]
    twin = line(11, slug="", title="Piece 3")
    return read(*lines) + read(twin, name="another.jsonl") + read(line(3), name="again.jsonl")


def everything():
    """How often each row stands in each table, rows of others in it by what they say."""
    found = {}
    for name in ROOMS:
        for model in apps.get_app_config(name).get_models(include_auto_created=True):
            rows = [tuple(_told(row)) for row in model._base_manager.all()]
            found[model._meta.label] = Counter(rows)
    return found


def _marked():
    """How many things of each sort were marked stale."""
    return Counter(
        key.partition(":")[0] for key in {*StaleMark.objects.values_list("key", flat=True)}
    )


def _told(row, deep=1):
    for field in row._meta.concrete_fields:
        if isinstance(field, models.DateTimeField) and field.name != "first_published_at":
            yield field.name, getattr(row, field.attname) is not None
        elif field.is_relation:
            other = getattr(row, field.name) if deep else None
            yield field.name, other and (type(other).__name__, *_told(other, deep - 1))
        elif not field.primary_key and field.name not in LEFT_OUT:
            yield field.name, _without_keys(field.name, getattr(row, field.attname))


def _without_keys(name, value):
    """Keys and moments inside data and facets are left out too."""
    if name == "sentences":
        return repr([[words, heading] for words, _, heading in value])
    if name in ("actor_id", "page_id", "facets"):
        return bool(value)
    return repr(value)


def test_a_library_imported_at_once_is_as_one_by_one(site, monkeypatch):
    monkeypatch.setattr(standing, "FEW", 1_000)  # all are read closely at once
    factories.published_page(slug="piece-2", title="Stood here before")
    results = []
    for at_once in (True, False):
        with transaction.atomic():
            articles = library()
            options = {"by": site.admin, "publish": True, "reason": "Published elsewhere."}
            if at_once:
                outcomes = ingest_many(articles, **options)
            else:
                outcomes = [ingest(article, **options) for article in articles]
            queueing.rebuild()  # so that each knows of those that came after it
            assert audit.first_broken_event() is None
            told = [(o.kind, o.published, o.claims, o.unknown, len(o.report)) for o in outcomes]
            results.append((told, _marked(), everything()))
            transaction.set_rollback(True)
    (told, marked, tables), (told_singly, marked_singly, tables_singly) = results
    assert told == told_singly and marked == marked_singly
    assert sum(tables["claims.Flag"].values()) >= 6
    for table, rows in tables.items():
        assert rows == tables_singly[table], table


def test_what_is_imported_at_once_is_read_closely_in_the_rounds(site):
    """Nothing that the rules or the rows of weights find says that powders can talk."""
    bold = "The powder talked her immune system down from the ledge."
    lines = [line(n, body_html=f"<p>{bold}</p>") for n in range(standing.FEW + 2)]
    ingest_many(read(*lines[:2]), by=site.admin, publish=True, reason="Moved.")
    found = Flag.objects.open().filter(rule__startswith="learned-")
    asked = found.order_by().values("claim__page").distinct()
    assert asked.count() == 2 and rechecking.progress() is None, "a few are read at once"
    ingest_many(read(*lines[2:]), by=site.admin, publish=True, reason="Moved.")
    more = [line(n, body_html=f"<p>{bold}</p>") for n in range(100, 101 + standing.FEW)]
    ingest_many(read(*more), by=site.admin, publish=True, reason="Moved.")
    assert asked.count() == 2 + standing.FEW
    rechecking.go_on()
    assert asked.count() == len(lines) + len(more)
    assert rechecking.progress().finished_at and rechecking.progress().done == len(more)


def test_importing_costs_the_same_statements_for_three_and_for_thirty(site):
    from django.db import connection

    costs = []
    for start, count in ((100, 1), (200, 3), (300, 30)):
        articles = read(*(line(n) for n in range(start, start + count)))
        with CaptureQueriesContext(connection) as queries:
            ingest_many(articles, by=site.admin, publish=True, reason="Moved.")
        costs.append(len(queries))
    assert costs[2] <= costs[1] + 10


def test_one_that_fails_gets_its_own_line_and_the_others_are_kept(site):
    lines = [line(n) for n in range(20)]
    lines[7]["slug"] = "moved"
    there = factories.published_page(slug="moved-here")
    Redirect.objects.create(kind="article", slug="moved", page=there, made_by_name="Test")
    answers = ingest_many(read(*lines), by=site.admin, publish=True, reason="Moved.")
    (refused,) = [answer for answer in answers if not isinstance(answer, Outcome)]
    assert answers.index(refused) == 7 and "leads to" in str(refused)
    assert ImportRecord.objects.count() == Article.objects.published().count() - 1 == 19
    assert audit.first_broken_event() is None


def test_a_withdrawn_page_among_others_stays_withdrawn(site):
    first = ingest_many(read(*(line(n) for n in range(3))), by=site.admin)
    for outcome in first:
        actions.publish_override(outcome.revision, by=site.admin, reason="Moved.")
    actions.withdraw(first[1].page, by=site.admin, reason="Wrong.")
    changed = read(*(line(n, summary="Anew.") for n in range(3)))
    answers = ingest_many(changed, by=site.admin, publish=True, reason="Moved.")
    assert [type(a) for a in answers] == [Outcome, WrongState, Outcome]
    assert [a.kind for a in answers if isinstance(a, Outcome)] == ["updated", "updated"]


def test_what_nobody_may_do_alone_nobody_may_do_in_a_batch(site):
    articles = read(*(line(n) for n in range(3)))
    for person in (site.outsider, site.author):
        answers = ingest_many(articles, by=person, publish=True, reason="Moved.")
        assert all(isinstance(answer, Refused) for answer in answers)
    assert not Article.objects.exists()


def test_two_new_pages_of_one_address_are_refused_together(site):
    content = factories.content(slug="same")
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.begin_pages([actions.NewPage(content)] * 2, kind="article", by=site.admin)
    with pytest.raises(InvalidContent):
        new = [actions.NewPage(content), actions.NewPage(factories.content(title=""))]
        actions.begin_pages(new, kind="article", by=site.admin)
    assert not Page.objects.filter(slug="same").exists()


def test_an_import_that_was_cut_off_goes_on_where_it_was(site, tmp_path, monkeypatch):
    path = tmp_path / "library.jsonl"
    path.write_text("\n".join(json.dumps(line(n)) for n in range(12)))
    command = "articles.management.commands.import_articles"
    monkeypatch.setattr(f"{command}.AT_ONCE", 5)

    def killed(*args, **options):
        if Article.objects.exists():
            raise KeyboardInterrupt
        return ingest_many(*args, **options)

    options = {"publish": True, "by": "admin", "reason": "Moved."}
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(f"{command}.ingest_many", killed)
        call_command("import_articles", str(path), stdout=StringIO(), **options)
    assert Article.objects.published().count() == 5
    out = StringIO()
    call_command("import_articles", str(path), stdout=out, **options)
    assert out.getvalue().splitlines()[-1] == "12 articles: 7 created, 0 updated, 5 unchanged."
    assert Article.objects.published().count() == 12
    published = Event.objects.filter(verb="page.published_by_override")
    assert published.count() == published.values("page_id").distinct().count() == 12


def test_a_refusal_in_the_middle_keeps_its_place_in_the_report(site, tmp_path):
    path = tmp_path / "library.jsonl"
    rows = [json.dumps(line(0)), "{broken", json.dumps(line(1))]
    path.write_text("\n".join(rows))
    out = StringIO()
    with pytest.raises(CommandError, match="2 created.*1 not imported"):
        call_command("import_articles", str(path), stdout=out)
    heads = [text for text in out.getvalue().splitlines() if text.startswith(tmp_path.name)]
    assert ["piece-0" in heads[0], "line 2" in heads[1], "piece-1" in heads[2]] == [True] * 3
