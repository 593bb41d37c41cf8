"""Adding sources from the editor's dialog and the admin: what is answered, kept and refused."""

import pytest

from evidence.actions import record_notice
from evidence.models import Acknowledgement, Source
from tests import factories
from tests.evidence.stub import crossref_work, json_reply, reply

pytestmark = pytest.mark.django_db
LOOK_UP, KEEP = "/admin/evidence/source/look-up/", "/admin/evidence/source/keep/"
PASTE = "/admin/evidence/source/paste/"
DOI = "10.5555/stand.in"


@pytest.fixture
def desk(client, people):
    client.force_login(people.author)
    return client


@pytest.fixture
def crossref(stub):
    """The stub, which knows one paper."""
    stub.answers["/works/10.5555%2Fstand.in"] = json_reply(
        crossref_work(DOI, "A stand-in paper", author=[{"family": "Able", "given": "Ann"}])
    )
    return stub


def test_a_look_up_shows_the_paper_and_keeps_nothing(desk, crossref):
    answer = desk.post(LOOK_UP, {"identifier": f"https://doi.org/{DOI}"}).json()
    assert (answer["title"], answer["authors"]) == ("A stand-in paper", "Able A")
    assert answer["service"] == "Crossref" and not Source.objects.exists()


def test_what_was_shown_is_kept_without_asking_again(desk, crossref):
    desk.post(LOOK_UP, {"identifier": DOI})
    answer = desk.post(KEEP, {"identifier": DOI}).json()
    assert answer["is_new"] and answer["source"]["label"] == "Able A"
    assert Source.objects.get().key == answer["source"]["key"]
    assert len(crossref.asked) == 1
    here = desk.post(LOOK_UP, {"identifier": DOI}).json()["here"]
    assert here["key"] == answer["source"]["key"]


@pytest.mark.parametrize(
    ("identifier", "status", "says"),
    [
        ("Burt 2019", 422, "is no DOI, PMID, PMC number or trial registration"),
        ("10.1016/s0140-6735(11)61715-7", 422, "check digit"),
        ("10.5555/unknown", 503, "Crossref knows no DOI"),
        ("", 422, "Title"),
    ],
)
def test_a_refusal_is_a_sentence(desk, crossref, identifier, status, says):
    answer = desk.post(KEEP, {"identifier": identifier})
    assert answer.status_code == status and says in answer.json()["error"]


def test_without_a_way_out_the_fields_are_taken_by_hand(desk):
    answer = desk.post(LOOK_UP, {"identifier": DOI})
    assert answer.status_code == 503 and answer.json()["by_hand"] is True
    fields = {"title": "A typed paper", "authors": "Able A, et al.", "year": "2021", "doi": DOI}
    kept = desk.post(KEEP, fields).json()
    source = Source.objects.get(key=kept["source"]["key"])
    assert (source.title, source.doi, source.authors) == ("A typed paper", DOI, "Able A, et al.")
    assert source.checked_by == "imported from an editor, by hand"


def test_a_typed_paper_whose_doi_is_another_is_refused_with_both_titles(desk, crossref):
    answer = desk.post(KEEP, {"title": "Something else altogether", "doi": DOI})
    assert answer.status_code == 422 and not Source.objects.exists()
    assert "A stand-in paper" in answer.json()["error"]
    assert "Something else altogether" in answer.json()["error"]


def test_a_typed_paper_of_another_title_than_on_record_is_refused(desk, people):
    factories.source(title="The paper on record", doi=DOI)
    error = desk.post(KEEP, {"title": "Something else altogether", "doi": DOI}).json()["error"]
    assert "The paper on record" in error and "Something else altogether" in error


def test_a_question_says_what_can_be_done(desk, settings):
    answer = desk.get("/admin/evidence/source/find/", {"q": "PMID: 123"}).json()
    assert answer["identifier"] == "PMID 123" and answer["can_add"]
    assert answer["can_look_up"] is False


@pytest.mark.parametrize("address", [LOOK_UP, KEEP])
def test_only_those_who_may_edit_sources_post_here(client, people, address):
    assert client.post(address, {"identifier": DOI}).status_code == 302
    client.force_login(people.reviewer)
    assert client.post(address, {"identifier": DOI}).status_code == 403
    client.force_login(people.author)
    assert client.get(address).status_code == 405


# The admin


def test_a_pasted_doi_becomes_a_source_and_opens_it(desk, crossref):
    answer = desk.post(PASTE, {"identifiers": f"  https://doi.org/{DOI.upper()}  \n\n"})
    source = Source.objects.get()
    assert answer.url == f"/admin/evidence/source/{source.pk}/change/"
    assert source.doi == DOI


def test_what_could_not_be_added_stays_in_the_box_and_the_rest_is_kept(desk, crossref):
    crossref.answers["/works/10.5555%2Fbroken"] = reply("", 400)
    answer = desk.post(PASTE, {"identifiers": f"{DOI}\n10.5555/broken\nnonsense"})
    text = answer.content.decode()
    assert Source.objects.count() == 1 and answer.status_code == 200
    assert "10.5555/broken\nnonsense</textarea>" in text
    assert "Nonsense: “nonsense” is no DOI" in text


def test_too_many_lines_are_refused(desk):
    lines = "\n".join(f"10.5555/{n}" for n in range(30))
    assert "These are 30 lines" in desk.post(PASTE, {"identifiers": lines}).content.decode()


def test_the_paste_page_says_when_look_ups_are_off(desk):
    assert "switched off" in desk.get(PASTE).content.decode()
    assert PASTE in desk.get("/admin/evidence/source/").content.decode()


def form_of(source, **changes):
    fields = {"title": source.title, "url": source.url, "confidence": "high", "year": 2020}
    inlines = ("notices", "acknowledgements")
    fields |= {f"{name}-{n}_FORMS": 0 for name in inlines for n in ("TOTAL", "INITIAL")}
    return fields | changes


def test_an_editor_says_what_a_source_is_about(client, people):
    client.force_login(people.editor)
    source, therapy = factories.source(), factories.therapy()
    address = f"/admin/evidence/source/{source.pk}/change/"
    fields = form_of(source, about=[therapy.pk], funding="A charity", free_url="https://a.org/x")
    assert client.post(address, fields).status_code == 302
    source.refresh_from_db()
    assert [p.pk for p in source.about.all()] == [therapy.pk]
    assert (source.funding, source.free_url) == ("A charity", "https://a.org/x")
    page = client.get(source.get_absolute_url()).content.decode()
    assert therapy.title in page and "A charity" in page and "https://a.org/x" in page


def test_the_form_refuses_another_papers_doi(client, people, crossref):
    client.force_login(people.editor)
    source = factories.source(title="Something else altogether")
    answer = client.post(f"/admin/evidence/source/{source.pk}/change/", form_of(source, doi=DOI))
    assert "belongs to “A stand-in paper”" in answer.content.decode()
    source.refresh_from_db()
    assert source.doi is None


def test_two_records_are_merged_at_the_desk(client, people):
    client.force_login(people.editor)
    stays, goes = factories.source(), factories.source()
    address = f"/admin/evidence/source/{stays.pk}/merge/"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"goes": "no-such-key", "reason": "x"})
    assert "There is no source of this key" in answer.content.decode()
    assert client.post(address, {"goes": goes.key, "reason": "The same."}).status_code == 302
    goes.refresh_from_db()
    assert goes.merged_into == stays
    client.force_login(people.author)
    assert client.get(address).status_code == 403


def test_a_moderator_acknowledges_and_takes_back(client, people):
    source = factories.source()
    page = factories.draft(body=f'<p>It fell<cite data-source="{source.key}"></cite>.</p>').page
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    client.force_login(people.moderator)
    add = "/admin/evidence/acknowledgement/add/"
    assert page.title in client.get(f"{add}?source={source.pk}").content.decode()
    fields = {"page": page.pk, "source": source.pk, "reason": "It tells of the fall."}
    assert client.post(add, fields).status_code == 302
    row = Acknowledgement.objects.get()
    assert row.made_by_name == people.moderator.display_name
    action = {"action": "take_back", "_selected_action": [row.pk]}
    client.post("/admin/evidence/acknowledgement/", action)
    assert not Acknowledgement.objects.exists()
    client.force_login(people.editor)
    assert client.get(add).status_code == 403
