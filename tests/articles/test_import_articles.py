"""`import_articles`: files become checked drafts, once, and nothing half-imported stays."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.importers.article import Unreadable
from articles.importers.ingest import CREATED, UNCHANGED, UPDATED, ingest
from articles.importers.reading import read
from articles.models import Article, ImportRecord
from editorial import actions
from editorial.errors import InvalidContent, NotAllowed, WrongState
from editorial.management.progress import Progress
from editorial.models import Event, Page, Revision, User
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell transplantation cures lupus and lets patients stop their medicines for good."
PLAIN = "The first visit usually takes an hour, and most people bring somebody along."
TEXT = f"What a transplant can do\nMarch 5, 2024\n{BOLD}\n{PLAIN}\n"


@pytest.fixture
def admin():
    return User.objects.create_superuser("root", "root@example.org", "correct horse battery")


@pytest.fixture
def page_file(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(TEXT)
    return path


def run(*args, **options):
    out = StringIO()
    call_command("import_articles", *map(str, args), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def failing(*args, **options):
    """(what was printed, the summary) of a run that must end with an error."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_articles", *map(str, args), stdout=out, stderr=StringIO(), **options)
    return out.getvalue(), str(error.value)


def test_a_file_becomes_a_draft_with_its_relations_and_a_report(admin, page_file):
    lupus = factories.condition(title="Lupus", body="<p>Lupus is a disease.</p>")
    output = run(page_file)
    article = Article.objects.get()
    revision = article.current_revision()
    assert article.status == Page.Status.DRAFT
    assert revision.state == Revision.State.DRAFT and revision.author == admin
    assert revision.content["body"] == f"<p>{BOLD}</p>\n<p>{PLAIN}</p>"
    assert revision.content["conditions"] == [lupus.pk]
    assert "lupus" in revision.content["tags"]
    assert "created. “What a transplant can do”" in output
    assert any(
        text.lstrip().startswith("block") and text.endswith(BOLD) for text in output.splitlines()
    )
    assert output.splitlines()[-1] == "1 article: 1 created, 0 updated, 0 unchanged."


def test_the_same_file_twice_changes_nothing_and_says_so(admin, page_file):
    run(page_file)
    before = Revision.objects.values_list("pk", "digest", "saved_at").get(), Event.objects.count()
    assert "unchanged" in run(page_file.parent)
    assert before == (
        Revision.objects.values_list("pk", "digest", "saved_at").get(),
        Event.objects.count(),
    )


def test_the_same_content_under_another_name_is_the_same_article(admin, page_file):
    run(page_file)
    page_file.rename(page_file.with_name("moved.txt"))
    assert "1 unchanged" in run(page_file.parent)
    assert Article.objects.count() == 1


def test_a_changed_file_becomes_a_new_draft_of_the_same_article(admin, page_file):
    run(page_file)
    published = Article.objects.get()
    revision = actions.publish_override(published.current_revision(), by=admin, reason="Moved in.")
    page_file.write_text(TEXT + "A new last sentence stands here at the very end of it.\n")
    assert "1 updated" in run(page_file)
    article = Article.objects.get()
    assert article.revisions.count() == 2
    assert "new last sentence" in article.current_revision().content["body"]
    assert "new last sentence" not in article.body  # readers see what was published
    assert article.live_revision == revision.live_revision


def test_articles_of_one_title_get_addresses_of_their_own(admin, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT + PLAIN)
    run(tmp_path)
    slugs = set(Article.objects.values_list("slug", flat=True))
    assert slugs == {"what-a-transplant-can-do", "what-a-transplant-can-do-2"}


def test_a_slug_in_the_file_names_the_page_that_it_becomes(admin, tmp_path):
    page = factories.published_page(slug="joints")
    path = tmp_path / "x.md"
    path.write_text(f"---\ntitle: Joints anew\nslug: joints\n---\n{PLAIN}\n")
    assert "1 updated" in run(path)
    assert page.current_revision().content["title"] == "Joints anew"


def test_names_in_the_file_are_taken_before_suggestions_and_unknown_ones_are_told(admin, tmp_path):
    gout = factories.condition(title="Gout", body="<p>Gout is a disease.</p>")
    factories.condition(title="Lupus", body="<p>Lupus is a disease.</p>")
    path = tmp_path / "x.md"
    path.write_text(f"---\ntitle: T\nconditions: [Gout, nonesuch]\ntags: []\n---\n{BOLD}\n")
    assert "Not known here, so left out: nonesuch." in run(path)
    content = Article.objects.get().current_revision().content
    assert content["conditions"] == [gout.pk]
    assert content["tags"] == []


def test_bad_files_are_named_with_a_reason_and_the_rest_go_on(admin, tmp_path):
    (tmp_path / "good.txt").write_text(TEXT)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "deep.html").write_bytes(b"<div>" * 10_000 + b"words")
    (tmp_path / "script.html").write_bytes(b"<script>" + b"x()" * 900 + b"</script>")
    (tmp_path / "bomb.md").write_text("---\na: &a [1]\nb: [*a, *a]\n---\nwords\n")
    (tmp_path / "sheet.pdf").write_bytes(b"%PDF")
    with open(tmp_path / "large.txt", "wb") as file:
        file.truncate(50 * 1024 * 1024)
    output, summary = failing(tmp_path, tmp_path / "missing.txt")
    for name, why in {
        "empty.txt": "The file is empty.",
        "binary.txt": "binary data",
        "deep.html": "nested more than",
        "script.html": "no readable text",
        "bomb.md": "aliases",
        "sheet.pdf": "“.pdf” are not supported",
        "large.txt": "too large: 50.0 MB",
        "missing.txt": "no such file",
    }.items():
        (line,) = [line for line in output.splitlines() if f"{name}: " in line]
        assert "not imported" in line and why in line
    assert summary == "1 article: 1 created, 0 updated, 0 unchanged; 8 not imported, as said above."
    assert Article.objects.count() == 1


def test_lines_that_fail_are_named_by_number(admin, tmp_path):
    good = {"slug": "a", "title": "One", "body_html": f"<p>{PLAIN}</p>"}
    (tmp_path / "all.jsonl").write_text(json.dumps(good) + "\n{broken\n")
    output, summary = failing(tmp_path / "all.jsonl")
    assert "all.jsonl, line 2: not imported. The line is not valid JSON." in output
    assert "1 created" in summary


def test_an_article_that_fails_leaves_nothing_behind(admin, page_file, monkeypatch):
    def refuse(*args, **kwargs):
        raise InvalidContent({"body": ["No."]})

    monkeypatch.setattr("articles.importers.ingest.revision_reports", refuse)
    output, _ = failing(page_file)
    assert "not imported. body: No." in output
    assert not Page.objects.exists() and not ImportRecord.objects.exists()


def test_publishing_needs_an_administrator_by_name_and_a_reason(admin, people, page_file):
    for options in ({}, {"by": "root"}, {"reason": "Moved."}, {"by": "root", "reason": "  "}):
        assert "--publish needs --by" in failing(page_file, publish=True, **options)[1]
    _, refusal = failing(page_file, publish=True, by="editor", reason="Moved.")
    assert "may not publish without review" in refusal
    assert not Page.objects.exists()


def test_an_administrator_moves_a_library_in_with_a_recorded_reason(people, page_file):
    output = run(page_file, publish=True, by="admin", reason="Published elsewhere since 2019.")
    article = Article.objects.get()
    assert "published without review here" in output
    assert article.is_published and not article.is_reviewed_here
    event = Event.objects.get(verb="page.published_by_override")
    assert (event.page_id, event.data["reason"]) == (article.pk, "Published elsewhere since 2019.")
    assert "unchanged" in run(page_file, publish=True, by="admin", reason="Again.")
    assert Event.objects.filter(verb="page.published_by_override").count() == 1


def test_a_draft_imported_before_can_be_published_by_a_later_import(people, page_file):
    run(page_file, by="admin")
    run(page_file, publish=True, by="admin", reason="Published elsewhere.")
    assert Article.objects.get().is_published


def test_an_import_never_publishes_what_others_wrote_on_top_of_it(people, page_file):
    run(page_file, by="admin")
    article = Article.objects.get()
    content = article.current_revision().content | {"title": "Changed by the editor"}
    actions.save_draft(kind="article", content=content, by=people.editor, page=article)
    run(page_file, publish=True, by="admin", reason="Published elsewhere.")
    assert not Article.objects.get().is_published


def test_a_withdrawn_page_is_not_brought_back(people):
    article = read(TEXT.encode(), "page.txt")
    page = ingest(article, by=people.admin, publish=True, reason="Moved.").page
    actions.withdraw(page, by=people.admin, reason="Wrong.")
    changed = read((TEXT + PLAIN).encode(), "page.txt")
    with pytest.raises(WrongState, match="withdrawn"):
        ingest(changed, by=people.admin, publish=True, reason="Moved.")
    assert Article.objects.get().current_revision() is None


def test_ingest_says_what_became_of_an_article(people):
    first = ingest(read(TEXT.encode(), "page.txt"), by=people.author)
    again = ingest(read(TEXT.encode(), "page.txt"), by=people.author)
    spaced = ingest(read(TEXT.encode() + b"\n\n", "page.txt"), by=people.author)
    changed = ingest(read((TEXT + PLAIN).encode(), "page.txt"), by=people.author)
    assert [o.kind for o in (first, again, spaced, changed)] == [
        CREATED,
        UNCHANGED,
        UNCHANGED,
        UPDATED,
    ]
    assert first.claims >= 1 and first.report[0].sentence == BOLD


def test_an_outsider_may_not_import(people):
    with pytest.raises(NotAllowed):
        ingest(read(TEXT.encode(), "page.txt"), by=people.outsider)
    assert not Page.objects.exists()


def test_on_a_site_without_people_the_drafts_belong_to_an_account_nobody_can_use(page_file):
    call_command("import_articles", str(page_file), stdout=StringIO())
    author = Revision.objects.get().author
    assert author.username == "import" and not author.has_usable_password()


def test_without_by_the_drafts_belong_to_whoever_is_in_charge(page_file):
    admin = factories.people().admin
    call_command("import_articles", str(page_file), stdout=StringIO())
    assert Revision.objects.get().author == admin


def test_an_unknown_user_is_refused_by_name(page_file):
    assert "no active user called “nobody”" in failing(page_file, by="nobody")[1]


def test_a_folder_without_files_is_an_error(admin, tmp_path):
    assert "no files" in failing(tmp_path)[1]


class Terminal(StringIO):
    def isatty(self):
        return True


def test_the_bar_is_drawn_on_a_terminal_only():
    terminal, log = Terminal(), StringIO()
    for stream in (terminal, log):
        Progress(stream, 4, "Importing").show(2, "page.txt")
    assert "2/4 page.txt" in terminal.getvalue() and log.getvalue() == ""


def test_refusals_carry_their_place():
    refusal = Unreadable("The line is not UTF-8.", "line 3")
    assert (refusal.reason, refusal.where) == ("The line is not UTF-8.", "line 3")
