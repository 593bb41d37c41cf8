"""`manage.py check_claims`: files, JSON Lines, and a database without tables."""

import io
import json
import sys
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.utils import OperationalError

from claims import standing
from claims.management.commands import check_claims
from claims.models import Claim
from tests import factories

pytestmark = pytest.mark.django_db
BOLD = "Studies show that stem cells cure lupus."


class Pipe:
    """Standard input as a process has it: text above, bytes below."""

    def __init__(self, data: bytes):
        self.buffer = io.BytesIO(data)


def jsonl(monkeypatch, data: bytes):
    """The answers, and the exit status."""
    monkeypatch.setattr(sys, "stdin", Pipe(data))
    out = io.StringIO()
    try:
        call_command("check_claims", "--jsonl", stdout=out)
    except SystemExit as stop:
        return [json.loads(line) for line in out.getvalue().splitlines()], stop.code
    return [json.loads(line) for line in out.getvalue().splitlines()], 0


def test_jsonl_answers_each_line_as_the_contract_says(monkeypatch):
    lines = [{"id": 1, "text": BOLD}, {"id": "b", "text": "The cells may not reduce pain."}]
    data = "\n".join(map(json.dumps, lines)).encode()
    (bold, mild), status = jsonl(monkeypatch, data)
    assert status == 0
    assert bold["id"] == 1 and bold["strength"] == 3 and not bold["hedged"]
    assert {"STUDY", "EFFICACY"} <= {f["category"] for f in bold["flags"]}
    assert set(bold["flags"][0]) == {"start", "end", "category", "severity", "reason"}
    assert mild == {"id": "b", "flags": [], "strength": 2, "hedged": True, "negated": True}


@pytest.mark.parametrize(
    "bad",
    [b"{", b"[]", b'{"id": 1}', b'{"id": 1, "text": 3}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_bad_line_is_answered_and_the_rest_go_on(monkeypatch, bad):
    good = json.dumps({"id": 2, "text": BOLD}).encode()
    (first, second), status = jsonl(monkeypatch, bad + b"\n\n" + good + b"\n")
    assert status == 1
    assert first["id"] is None and first["error"].startswith("Line 1: ")
    assert second["id"] == 2


def test_files_get_a_report_for_people(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(BOLD + " It rained.", encoding="utf-8")
    out = io.StringIO()
    call_command("check_claims", str(page), stdout=out)
    said = out.getvalue()
    assert f"“{BOLD}”" in said and "It rained" not in said
    assert "EFFICACY, block: " in said
    assert said.splitlines()[-1].startswith("1 of 1 files read, ")


def test_a_file_that_cannot_be_read_is_named_and_the_rest_go_on(tmp_path):
    good, bad, gone = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"
    good.write_text("It rained.", encoding="utf-8")
    bad.write_bytes(b"\xff\x00\xfe")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("check_claims", str(bad), str(gone), str(good), stdout=out, stderr=err)
    assert stop.value.code == 1
    assert f"{bad}: not read, it is not UTF-8 text." in err.getvalue()
    assert f"{gone}: not read, No such file" in err.getvalue()
    assert "1 of 3 files read" in out.getvalue()


def test_without_tables_the_checker_works_without_names(monkeypatch):
    def no_tables():
        raise OperationalError("no such table")

    monkeypatch.setattr("claims.knowledge.checker_knowledge", no_tables)
    assert check_claims.site_checker()(BOLD).findings


def test_files_and_jsonl_together_are_refused():
    with pytest.raises(CommandError, match="not both"):
        call_command("check_claims", "page.txt", "--jsonl")


def site(*options):
    """What the command says of the whole site, and the exit status."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_claims", *options, stdout=out, stderr=err)
    except SystemExit as stop:
        return out.getvalue(), stop.code
    return out.getvalue(), 0


def test_without_anything_the_whole_site_is_checked():
    said, status = site()
    assert status == 0
    assert said == "0 of 0 texts checked again, 0 findings, 0 of them blocking.\n"


def test_the_site_report_counts_by_text_rule_and_severity():
    factories.published_page(title="Rest at noon")
    revision = factories.draft(title="Cells and lupus", body=f"<p>{BOLD}</p><p>It rained.</p>")
    said, status = site()
    assert status == 0
    assert "Cells and lupus (article, revision 1, draft): " in said and "Rest at noon" not in said
    assert said.splitlines()[-1].startswith("2 of 2 texts checked again, ")
    report = json.loads(site("--json")[0])
    (_, text) = sorted(report["texts"], key=lambda one: one["page"])
    assert text["page"] == revision.page_id and text["state"] == "draft"
    listed = [finding["rule"] for finding in text["findings"]]
    assert {rule: sum(n.values()) for rule, n in report["by_rule"].items()} == Counter(listed)
    assert sum(report["by_severity"].values()) == len(listed) > 1


def test_the_site_report_raises_the_flags_of_todays_rules():
    claim = Claim.objects.standing_on(factories.draft(body=f"<p>{BOLD}</p>")).get()
    claim.flags.all().delete()
    site()
    assert claim.flags.open().exists()


def test_a_text_that_cannot_be_checked_is_named_and_the_rest_go_on(monkeypatch):
    bad, good = factories.draft(), factories.draft()
    real = standing.check_revision

    def check(revision):
        if revision.pk == bad.pk:
            raise ValueError("no such thing")
        return real(revision)

    monkeypatch.setattr(standing, "check_revision", check)
    report, status = site("--json")
    report = json.loads(report)
    assert status == 1
    assert report["failed"] == {f"Text {bad.pk}": "ValueError: no such thing"}
    assert [text["page"] for text in report["texts"]] == [good.page_id]


def test_files_as_json(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(BOLD, encoding="utf-8")
    report = json.loads(site(str(page), "--json")[0])
    assert report["texts"][0]["name"] == str(page) and report["by_severity"]["block"]


def test_two_kinds_of_json_together_are_refused():
    with pytest.raises(CommandError, match="--json or --jsonl"):
        call_command("check_claims", "--json", "--jsonl")
