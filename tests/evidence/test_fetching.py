"""Papers and trials looked up by identifier, from answers in the shape the services give them.

Titles and identifiers of real papers are those of the shipped sources; what nobody here has read
is called a stand-in.
"""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from editorial.errors import NotAllowed
from evidence import fetching
from evidence.identifiers import Identifier, identifier_in
from evidence.models import Source
from evidence.outgoing import Unavailable
from tests import factories
from tests.evidence.stub import StubClient, crossref_work, json_reply, medline, reply

pytestmark = pytest.mark.django_db
SHIPPED = {
    row["key"]: row
    for row in json.loads(
        (Path(settings.BASE_DIR) / "evidence/content/sources.json").read_text(encoding="utf-8")
    )
}
PRODERM = SHIPPED["aggarwal-2022-proderm"]
MIST = SHIPPED["burt-2019-mist"]


def knows_work(stub, doi, title, **fields):
    path = f"/works/{doi.lower().replace('/', '%2F')}"
    stub.answers[path] = json_reply(crossref_work(doi, title, **fields))


def knows_paper(stub, pmid, title, *lines):
    stub.answers["/entrez/eutils/efetch.fcgi"] = reply(medline(pmid, title, *lines))


def keep(text, by=None):
    return fetching.keep(identifier_in(text), by=by or factories.people().editor)


def test_a_doi_becomes_a_source_with_what_crossref_knows(people, stub):
    knows_work(
        stub,
        PRODERM["doi"],
        PRODERM["title"],
        author=[{"family": "Aggarwal", "given": "Rohit"}],
        issued={"date-parts": [[2022, 10, 6]]},
        volume="387",
        issue="14",
        page="1264-1278",
        **{"container-title": ["New England Journal of Medicine"]},
        funder=[{"name": "A Funder"}, {"name": "A Funder"}],
    )
    kept = keep("https://doi.org/10.1056/NEJMoa2117912")
    source = kept.source
    assert kept.is_new and source.doi == "10.1056/nejmoa2117912"
    assert (source.title, source.authors, source.year) == (PRODERM["title"], "Aggarwal R", 2022)
    assert source.citation == "387(14):1264-1278" and source.funding == "A Funder"
    assert source.checked_by == "imported from Crossref"


def test_the_same_paper_again_is_not_asked_for(people, stub):
    knows_work(stub, MIST["doi"], MIST["title"])
    first, again = keep(MIST["doi"]), keep(MIST["doi"].upper())
    assert first.is_new and not again.is_new and first.source == again.source
    assert len(stub.asked) == 1


def test_a_pmid_is_compared_with_its_doi_and_both_are_kept(people, stub):
    knows_paper(stub, MIST["pmid"], MIST["title"], f"LID - {MIST['doi']} [doi]", "PMC - PMC6439765")
    knows_work(stub, MIST["doi"], MIST["title"])
    source = keep(f"PMID: {MIST['pmid']}").source
    assert (source.doi, source.pmid) == (MIST["doi"].lower(), MIST["pmid"])
    assert source.free_url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC6439765/"
    assert [host for host, _ in stub.asked] == ["eutils.ncbi.nlm.nih.gov", "api.crossref.org"]


def test_a_pmc_number_leads_to_the_paper(people, stub):
    ids = [{"idtype": "pmid", "value": str(MIST["pmid"])}]
    stub.answers["/entrez/eutils/esummary.fcgi"] = json_reply(
        {"result": {"uids": ["6439765"], "6439765": {"articleids": ids}}}
    )
    knows_paper(stub, MIST["pmid"], MIST["title"])
    source = keep("https://pmc.ncbi.nlm.nih.gov/articles/PMC6439765/").source
    assert source.pmid == MIST["pmid"] and "PMC6439765" in source.other_ids
    assert not keep("PMC6439765").is_new


def test_a_registration_is_a_registration_and_no_result(people, stub):
    stub.answers["/api/v2/studies/NCT00273364"] = json_reply(
        {
            "protocolSection": {
                "identificationModule": {"nctId": "NCT00273364", "briefTitle": "A stand-in title"},
                "statusModule": {"studyFirstPostDateStruct": {"date": "2006-01-09"}},
                "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A Sponsor"}},
                "designModule": {
                    "studyType": "INTERVENTIONAL",
                    "phases": ["PHASE2", "PHASE3"],
                    "enrollmentInfo": {"count": 999, "type": "ESTIMATED"},
                },
                "outcomesModule": {
                    "primaryOutcomes": [{"measure": "Worsening", "timeFrame": "5 years"}]
                },
            }
        }
    )
    source = keep("nct00273364").source
    assert source.design == "phase 2/3 trial (registration)" and source.participants is None
    assert (source.nct, source.year, source.funding) == ("NCT00273364", 2006, "A Sponsor")
    assert source.outcome == "Worsening (5 years)"


@pytest.mark.parametrize(
    ("entry", "standing"),
    [
        ({"type": "retraction"}, "retracted"),
        ({"type": "expression_of_concern"}, "concern"),
        ({"type": "erratum"}, "corrected"),
        ({"type": "new_version"}, "sound"),
    ],
)
def test_a_retracted_paper_brings_its_notice_along(people, stub, entry, standing):
    day = {"updated": {"date-parts": [[2024, 3, 1]]}, "DOI": "10.5555/notice"}
    knows_work(stub, "10.5555/fallen", "A stand-in paper", **{"updated-by": [entry | day]})
    source = keep("10.5555/fallen", by=people.author).source
    assert source.standing == standing
    if notice := source.notices.first():
        assert (notice.date, notice.doi) == (date(2024, 3, 1), "10.5555/notice")
        assert notice.checked == "Crossref"


def test_pubmed_knows_of_a_retraction_too(people, stub):
    line = "RIN - J Stand In. 2021 May 4;1(2):3. doi: 10.5555/notice.7. PMID: 1"
    knows_paper(stub, 77, "A stand-in paper", "PT  - Retracted Publication", line)
    source = keep("PMID 77").source
    notice = source.notices.get()
    assert (notice.kind, notice.date, notice.doi) == (
        "retraction", date(2021, 5, 4), "10.5555/notice.7",
    )  # fmt: skip


def test_an_identifier_nobody_gave_out_is_said_to_be_that(people, stub):
    with pytest.raises(Unavailable, match=r"Crossref knows no DOI 10\.5555/none"):
        keep("10.5555/none")
    stub.answers["/entrez/"] = reply("\n")
    with pytest.raises(Unavailable, match="PubMed knows no PMID 99"):
        keep("99")
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        json_reply({"message": {"DOI": "10.5555/other", "title": ["Another paper"]}}),
        json_reply({"message": []}),
        json_reply([]),
        json_reply({"message": {"DOI": "10.5555/x"}}),
        json_reply({"message": {"DOI": "10.5555/x", "title": {}, "updated-by": "no"}}),
        reply("<html>"),
    ],
)
def test_nonsense_is_not_kept_and_the_fields_can_be_filled_in(people, stub, answer):
    stub.answers["/works/"] = answer
    with pytest.raises(Unavailable, match="by hand"):
        keep("10.5555/x")
    assert not Source.objects.exists()


def test_an_author_may_add_a_source_and_a_reviewer_may_not(people, stub):
    knows_work(stub, MIST["doi"], MIST["title"])
    with pytest.raises(NotAllowed):
        keep(MIST["doi"], by=people.reviewer)
    assert keep(MIST["doi"], by=people.author).is_new


def test_with_no_way_out_it_is_said_at_once(people, settings, stub):
    settings.SOURCE_LOOKUP = "off"
    with pytest.raises(Unavailable, match="switched off.*by hand"):
        keep(MIST["doi"])
    assert stub.asked == []


def test_a_site_without_a_network_says_so(people, stub, monkeypatch):
    monkeypatch.setattr(StubClient, "addresses", ())
    with pytest.raises(Unavailable, match="no way out.*by hand"):
        keep(MIST["doi"])


# Wrong identifiers that circulate in public bibliographies

WRONG = [
    ("bluestone-2015-treg", 26511511),
    ("smolen-2023-eular-ra", 36270658),
    ("taylor-2017-ra-beam", 28041985),
    ("aggarwal-2022-proderm", 36287101),
]


@pytest.mark.parametrize(("key", "wrong_pmid"), WRONG)
def test_a_wrong_number_in_circulation_is_refused_with_both_titles(people, stub, key, wrong_pmid):
    row, other = SHIPPED[key], f"A stand-in for the paper that PubMed holds as {wrong_pmid}"
    assert row["pmid"] != wrong_pmid
    knows_work(stub, row["doi"], row["title"])
    knows_paper(stub, wrong_pmid, other)
    with pytest.raises(ValidationError) as refused:
        fetching.require_one_paper(row["title"], doi=row["doi"].lower(), pmid=wrong_pmid)
    said = " ".join(refused.value.messages)
    assert row["title"][:150] in said and other in said and str(wrong_pmid) in said


@pytest.mark.parametrize("key", [key for key, _ in WRONG if SHIPPED[key]["pmid"]])
def test_the_right_number_passes(people, stub, key):
    row = SHIPPED[key]
    knows_work(stub, row["doi"], row["title"])
    knows_paper(stub, row["pmid"], row["title"] + ".", f"AID - {row['doi']} [doi]")
    found = fetching.require_one_paper(row["title"], doi=row["doi"].lower(), pmid=row["pmid"])
    assert found == []


def test_a_pmid_whose_doi_is_another_is_refused(people, stub):
    knows_work(stub, MIST["doi"], MIST["title"])
    knows_paper(stub, MIST["pmid"], MIST["title"], "LID - 10.5555/other [doi]")
    with pytest.raises(ValidationError, match=r"with DOI 10\.5555/other"):
        fetching.require_one_paper(MIST["title"], doi=MIST["doi"].lower(), pmid=MIST["pmid"])


def test_what_could_not_be_asked_is_said(people, stub):
    stub.answers["/works/"] = reply("", 500)
    remarks = fetching.require_one_paper(MIST["title"], doi=MIST["doi"].lower())
    assert len(remarks) == 1 and "was not checked" in remarks[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1056/NEJMoa1", Identifier("doi", "10.1056/nejmoa1")),
        ("https://dx.doi.org/10.1056/NEJMoa1", Identifier("doi", "10.1056/nejmoa1")),
        ("DOI: 10.1000/a\u2010b\u2212c", Identifier("doi", "10.1000/a-b-c")),
        ("30644983", Identifier("pmid", "30644983")),
        ("PMID:\u00a030644983", Identifier("pmid", "30644983")),
        ("PMCID: PMC6439765", Identifier("pmc", "PMC6439765")),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6439765/", Identifier("pmc", "PMC6439765")),
        ("https://clinicaltrials.gov/study/NCT00273364", Identifier("nct", "NCT00273364")),
        ("NCT00273364\u200b", Identifier("nct", "NCT00273364")),
        ("Burt 2019 transplantation", None),
        ("10.1 million people", None),
        ("", None),
    ],
)
def test_what_is_pasted_is_recognised(text, found):
    assert identifier_in(text) == found
