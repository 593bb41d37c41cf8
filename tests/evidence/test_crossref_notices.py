"""Notices as Crossref tells them: from the paper (`updated-by`) and from the notice
(`update-to`)."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from evidence.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
PAPER, NOTICE = "10.5555/paper", "10.5555/notice"


@pytest.fixture
def paper(people):
    return factories.source(title="A stand-in paper", doi=PAPER, year=2019)


@pytest.fixture
def run(tmp_path, people):
    """The command on these works; (what it said, whether all went well)."""

    def command(*works):
        path = tmp_path / "works.jsonl"
        lines = [work if isinstance(work, str) else json.dumps(work) for work in works]
        path.write_text("\n".join(lines), encoding="utf-8")
        out = io.StringIO()
        try:
            call_command("import_retractions", str(path), by="editor", stdout=out)
        except CommandError as error:
            return out.getvalue() + str(error), False
        return out.getvalue(), True

    return command


def update(kind="retraction", doi=NOTICE, day=(2023, 5, 4)):
    return {"DOI": doi, "type": kind, "label": kind, "updated": {"date-parts": [list(day)]}}


def from_the_paper(**changes):
    return {"DOI": PAPER, "title": ["A stand-in paper"], "updated-by": [update(**changes)]}


def from_the_notice(**changes):
    changes.setdefault("doi", PAPER)
    return {"DOI": NOTICE, "title": ["Retraction notice"], "update-to": [update(**changes)]}


@pytest.mark.parametrize("work", [from_the_paper(), from_the_notice()])
def test_a_notice_is_known_from_either_side(run, paper, work):
    said, well = run(work)
    assert well and "1 new notice" in said
    notice = paper.notices.get()
    assert (notice.kind, str(notice.date), notice.doi) == ("retraction", "2023-05-04", NOTICE)
    assert notice.checked == "Crossref"


def test_both_sides_of_one_notice_are_one_notice(run, paper):
    said, well = run(from_the_paper(), from_the_notice(), {"message": from_the_paper()})
    assert well and Notice.objects.count() == 1 and "2 known already" in said


@pytest.mark.parametrize(
    ("kind", "standing"),
    [
        ("retraction", "retracted"),
        ("withdrawal", "retracted"),
        ("removal", "retracted"),
        ("expression_of_concern", "concern"),
        ("partial_retraction", "concern"),
        ("erratum", "corrected"),
        ("corrigendum", "corrected"),
        ("correction", "corrected"),
        ("new_version", "sound"),
        ("new_edition", "sound"),
        ("something_new", "sound"),
    ],
)
def test_kinds_are_kept_apart(run, paper, kind, standing):
    run(from_the_paper(kind=kind))
    paper.refresh_from_db()
    assert paper.standing == standing


@pytest.mark.parametrize("kind", ["new_version", "withdrawal", "removal"])
def test_the_old_version_of_a_cochrane_review_is_not_retracted(run, people, kind):
    old, new = "10.1002/14651858.CD000001.pub2", "10.1002/14651858.CD000001.pub3"
    review = factories.source(doi=old, year=2010)
    said, well = run(
        {"DOI": old, "updated-by": [update(kind=kind, doi=new)]},
        {"DOI": new, "update-to": [update(kind=kind, doi=old)]},
    )
    review.refresh_from_db()
    assert well and review.standing == "sound" and "2 superseded reviews ignored" in said


def test_a_cochrane_review_that_was_retracted_is(run, people):
    old, new = "10.1002/14651858.CD000001.pub2", "10.1002/14651858.CD000001.pub3"
    review = factories.source(doi=old, year=2010)
    run({"DOI": old, "updated-by": [update(doi=new)]})
    review.refresh_from_db()
    assert review.standing == "retracted"


def test_a_notice_before_its_paper_or_without_a_day_is_reported(run, paper):
    undated = from_the_notice()
    del undated["update-to"][0]["updated"]
    said, well = run(from_the_paper(day=(2001, 1, 1)), undated, from_the_notice())
    assert not well and "line 1: not imported. The notice is dated 2001, before its paper" in said
    assert "line 2: not imported" in said and Notice.objects.count() == 1


@pytest.mark.parametrize(
    "line", ['{"DOI": 7}', "{", '{"updated-by": []}', "[1]", '{"DOI": "10.5555/x"', "{" * 5000]
)
def test_a_line_that_is_no_work_is_reported_and_the_rest_go_on(run, paper, line):
    said, well = run(from_the_paper(), line)
    assert not well and "line 2: not imported." in said and paper.notices.count() == 1


@pytest.mark.parametrize("odd", ["no", [7], [{"type": 3}], [{"updated": {"date-parts": [["x"]]}}]])
def test_an_odd_update_ends_in_a_line_or_in_nothing(run, paper, odd):
    run({"DOI": PAPER, "updated-by": odd, "update-to": odd}, from_the_notice())
    assert paper.notices.count() == 1
