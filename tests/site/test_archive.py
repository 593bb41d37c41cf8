"""Backups: one file, whole or not there at all, checked before it replaces anything."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from autoimmune_site.archive import tables, writing
from autoimmune_site.models import StaleMark
from editorial import actions, audit, guards
from editorial.models import Event, Page, User
from tests import factories


@pytest.fixture
def media(settings, tmp_path):
    """A folder of uploaded files with one picture in it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = settings.MEDIA_ROOT / "images" / "a1.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    return picture


@pytest.fixture
def backup(site, media, tmp_path) -> Path:
    """A backup of a small site."""
    path = tmp_path / "site.zip"
    call_command("backup", str(path))
    return path


def rows_now(folder: Path) -> dict:
    """Count and checksum of every table as it stands."""
    path = folder / f"now-{len(list(folder.iterdir()))}.zip"
    return writing.write(path)["tables"]


def manifest_of(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(tables.MANIFEST))


def altered(path: Path, member: str, change) -> Path:
    """A copy of a backup with one member changed; `change` of None takes it out."""
    copy = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == member and change is None:
                continue
            new.writestr(name, change(data) if name == member else data)
    return copy


def test_everything_comes_back_and_the_restoring_is_on_record(backup, media, tmp_path, capsys):
    before, head = manifest_of(backup)["tables"], audit.verify().head
    actions.withdraw(Page.objects.published().first(), by=factories.people().editor, reason="No.")
    factories.published_page(title="Written after the backup")
    factories.person("newcomer")
    after, lost_head = rows_now(tmp_path), audit.verify().head
    assert after != before
    media.write_bytes(b"spoilt")
    call_command("restore", str(backup))
    event = Event.objects.first()
    assert (event.verb, event.data) == ("site.restored", {"replaced_head": lost_head})
    assert audit.verify(head).passed_noted
    again = rows_now(tmp_path)
    again["editorial.Event"] = before["editorial.Event"]  # one more, looked at above
    assert again == before
    assert media.read_bytes() == b"a picture"
    kept = next(tmp_path.glob("before-restore-*.zip"))
    assert kept.name in capsys.readouterr().out
    assert manifest_of(kept)["tables"] == after


def test_the_guards_stand_again(backup):
    call_command("restore", str(backup), "--keep-nothing")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_event SET verb = 'x'")


def test_after_a_restore_the_site_goes_on(backup, client):
    newest = StaleMark.objects.latest("pk").pk
    call_command("restore", str(backup), "--keep-nothing")
    assert b"Does rest help?" in client.get("/search/?q=rest").content
    page = factories.published_page(title="Written after the restore")
    assert client.get(page.get_absolute_url()).status_code == 200
    assert audit.verify().broken is None
    marks = StaleMark.objects.filter(pk__gt=newest)
    assert marks.first().key == "site"  # every kept page is made anew
    with connection.cursor() as cursor:
        tables_there = connection.introspection.table_names(cursor)
    assert {guard.table for guard in guards.GUARDS} <= set(tables_there)


def test_everybody_signs_in_again(site, client, tmp_path):
    client.force_login(factories.people().editor)
    assert client.get("/admin/").status_code == 200
    call_command("backup", str(tmp_path / "b.zip"))
    call_command("restore", str(tmp_path / "b.zip"), "--keep-nothing")
    assert client.get("/admin/").status_code == 302


def test_a_backup_overwrites_nothing_and_only_its_owner_reads_it(backup):
    data = backup.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(backup))
    assert backup.read_bytes() == data
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in backup.parent.iterdir() if p.name.startswith(".")] == []


def test_a_backup_that_cannot_be_written_leaves_nothing(site, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write_rows", full)
    with pytest.raises(CommandError, match="cannot be written: No space left"):
        call_command("backup", str(tmp_path / "x.zip"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(tmp_path / "nowhere" / "x.zip"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("member", "change", "says"),
    [
        ("rows/editorial.Page.jsonl", lambda d: d + d, "rows of editorial.Page .* differ"),
        ("rows/claims.Claim.jsonl", None, "is missing from"),
        ("media/images/a1.webp", lambda d: d + b"!", "a1.webp in .* differ"),
        ("manifest.json", lambda d: b"{", "no whole backup"),
        ("manifest.json", lambda d: d.replace(b'"format": 1', b'"format": 9'), "does not know"),
        ("manifest.json", lambda d: d.replace(b'"images/', b'"../images/'), "outside its folder"),
        (
            "manifest.json",
            lambda d: d.replace(b'"0001_initial"', b'"0001_other"'),
            "Restore it with the release that made it",
        ),
    ],
)
def test_a_backup_that_is_not_as_written_replaces_nothing(backup, tmp_path, member, change, says):
    before = rows_now(tmp_path)
    with pytest.raises(CommandError, match=says):
        call_command("restore", str(altered(backup, member, change)))
    assert rows_now(tmp_path) == before
    assert not list(tmp_path.glob("before-restore-*"))


def test_an_altered_audit_log_is_found_even_with_a_fitting_checksum(backup, tmp_path):
    member = "rows/editorial.Event.jsonl"
    with zipfile.ZipFile(backup) as archive:
        data = archive.read(member)
    changed = data.replace(b"page.published", b"page.withdrawn", 1)
    changed = changed if changed != data else data.replace(b"the system", b"somebody", 1)
    assert changed != data
    copy = altered(backup, member, lambda d: changed)
    fitting = json.dumps(manifest_of(copy)).replace(
        hashlib.sha256(data).hexdigest(), hashlib.sha256(changed).hexdigest()
    )
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(copy) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(name, fitting if name == "manifest.json" else old.read(name))
    with pytest.raises(CommandError, match="audit log in .* was altered"):
        call_command("restore", str(again))


def test_check_only_says_whether_it_is_whole(backup, capsys):
    User.objects.filter(username="outsider").update(first_name="Not in the backup")
    call_command("restore", str(backup), "--check")
    assert "is whole" in capsys.readouterr().out
    assert User.objects.filter(first_name="Not in the backup").exists()
    backup.write_bytes(backup.read_bytes()[:-200])
    with pytest.raises(CommandError, match="no whole backup"):
        call_command("restore", str(backup), "--check")


@pytest.mark.django_db
def test_every_table_is_in_the_backup_or_named_as_left_out():
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    kept = {model._meta.db_table for model in tables.models()}
    assert there - kept == {
        "django_migrations",  # in the manifest
        "django_session",
        "autoimmune_site_stalemark",
        "autoimmune_site_purgeprogress",
        *(label.lower().replace(".", "_") for label in tables.DERIVED),
        *(name for name in there if name.startswith(("search_index", "search_claims"))),
    }
