"""The shipped content holds together: counts, keys, names, citations, figures.

Plain pytest over the data files, so that an editor can run it without a database. The guards
at the end are given broken content once, to see them go red.
"""

import copy
import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from therapies import grade
from therapies.body_systems import PICTURES
from therapies.parts import AFTER_BODY, BEFORE_BODY, OF_CONDITIONS, OF_THERAPIES

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "articles" / "content"

CERTAINTIES = {"high", "moderate", "low", "very low"}
STAGES = {
    "standard of care",
    "approved for selected patients",
    "in trials",
    "preclinical only",
    "not supported",
}
CITATION = re.compile(r"\[(@[^\]]+)\]")
# The placement the renderer counts on: words, a space, the citation, then punctuation.
CITATION_IN_PLACE = re.compile(r"(?<=\w|\)|\*|%) \[@[^\]]+\](?=[.,;:?]|\))")
KEY = re.compile(r"@([a-z0-9-]+)\Z")


def load(path):
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def load_pages(path, labels):
    """Condition or therapy pages with all their parts as one text, in readers' order."""
    pages = load(path)
    for page in pages:
        parts = {**page["parts"], "body": page["body"]}
        page["body"] = "\n\n".join(
            parts[name] if name == "body" else f"## {labels[name]}\n\n{parts[name]}"
            for name in (*BEFORE_BODY, "body", *AFTER_BODY)
            if name in parts
        )
    return {page["slug"]: page for page in pages}


SOURCES = {s["key"]: s for s in load("evidence/content/sources.json")}
CONDITIONS = load_pages("therapies/content/conditions.json", OF_CONDITIONS)
THERAPIES = load_pages("therapies/content/therapies.json", OF_THERAPIES)
ASSESSMENTS = load("therapies/content/assessments.json")


def read_article(path):
    """Front matter and body of a Markdown file."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return {**yaml.safe_load(front), "body": body.strip(), "file": path.stem}


ARTICLE_PAGES = [read_article(path) for path in sorted(ARTICLES.glob("*.md"))]
NAMED_PAGES = [*CONDITIONS.values(), *THERAPIES.values()]
PAGES = [*ARTICLE_PAGES, *NAMED_PAGES]
BODIES = pytest.mark.parametrize("page", PAGES, ids=lambda page: page["slug"])


def cited_keys(body):
    """Source keys in the order they are cited; a malformed one comes back as it stands."""
    keys = []
    for group in CITATION.findall(body):
        for part in group.split(";"):
            match = KEY.match(part.strip())
            keys.append(match.group(1) if match else f"{part.strip()!r}")
    return keys


def words(body):
    return CITATION.sub("", body).split()


def citation_faults(page):
    """What is wrong with the citations of one page, in words."""
    faults = []
    for key in cited_keys(page["body"]):
        if key not in SOURCES:
            faults.append(f"{page['slug']} cites {key}, which is not in sources.json")
        elif SOURCES[key]["retracted"]:
            faults.append(f"{page['slug']} cites {key}, which is retracted")
    return faults


def sources_for(kind, slug):
    """Keys that may support a page: those of its assessments, and sources about it."""
    of_pairs = {k for a in ASSESSMENTS if a[kind] == slug for k in a["source_keys"]}
    listed = {"condition": "conditions", "therapy": "therapies"}[kind]
    about = {k for k, s in SOURCES.items() if slug in s[listed]}
    return of_pairs | about


def identifier_faults(source):
    """What is wrong with the identifiers of one source, in words."""
    doi, pmid, nct = source["doi"], source["pmid"], source["nct"]
    notice = (source["retraction"] or {}).get("notice_doi")
    faults = []
    for value in (doi, notice):
        if value and not re.fullmatch(r"10\.\d{4,9}/\S+", value):
            faults.append(f"{source['key']}: {value} is not a DOI")
    if pmid is not None and not (isinstance(pmid, int) and 10**6 < pmid < 10**8):
        faults.append(f"{source['key']}: {pmid} is not a PMID")
    if nct and not re.fullmatch(r"NCT\d{8}", nct):
        faults.append(f"{source['key']}: {nct} is not an NCT id")
    if not (doi or pmid or nct or source["url"]):
        faults.append(f"{source['key']}: nothing to link to")
    return faults


# Sources, conditions, therapies, assessments


def test_content_has_the_expected_number_of_everything():
    assert len(load("evidence/content/sources.json")) == len(SOURCES) == 120
    assert len(load("therapies/content/conditions.json")) == len(CONDITIONS) == 24
    assert len(load("therapies/content/therapies.json")) == len(THERAPIES) == 31
    assert len(ASSESSMENTS) == 78
    assert len(ARTICLE_PAGES) == 24


def test_slugs_are_unique_across_all_pages_and_well_formed():
    slugs = [page["slug"] for page in PAGES]
    assert [s for s, n in Counter(slugs).items() if n > 1] == []
    assert [s for s in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", s)] == []


def test_identifiers_are_well_formed():
    assert [fault for s in SOURCES.values() for fault in identifier_faults(s)] == []


@pytest.mark.parametrize("field", ["doi", "pmid"])
def test_no_identifier_stands_on_two_sources(field):
    values = [str(s[field]).lower() for s in SOURCES.values() if s[field]]
    assert [v for v, n in Counter(values).items() if n > 1] == []


def test_sources_keep_how_far_they_can_be_trusted():
    for source in SOURCES.values():
        assert source["confidence"] in {"high", "medium"}, source["key"]
        assert set(source["id_check"]) == {"doi", "pmid", "nct"}, source["key"]
        assert isinstance(source["title_is_description"], bool), source["key"]
        if source["confidence"] == "high":
            assert source["id_check"]["doi"] != "memory", source["key"]


def test_descriptions_standing_in_for_a_title_are_marked():
    marked = {key for key, s in SOURCES.items() if s["title_is_description"]}
    assert marked == {
        "muller-2026-castle",
        "ec-2026-teizeild",
        "vertex-2025-vx264",
        "ema-fda-2026-avacopan",
    }


def test_retracted_sources_say_so_with_a_date_and_a_reason():
    retracted = [s for s in SOURCES.values() if s["retracted"]]
    assert len(retracted) == 7
    assert all(s["retraction"]["date"] and s["retraction"]["reason"] for s in retracted)
    assert all(s["retraction"] is None for s in SOURCES.values() if not s["retracted"])


def test_sources_refer_to_known_conditions_and_therapies():
    for source in SOURCES.values():
        assert set(source["conditions"]) <= set(CONDITIONS), source["key"]
        assert set(source["therapies"]) <= set(THERAPIES), source["key"]


def test_condition_codes_are_well_formed():
    for slug, condition in CONDITIONS.items():
        codes = condition["codes"]
        assert re.fullmatch(r"D\d{6,9}", codes["mesh_id"]), slug
        assert re.fullmatch(r"\d{6,18}", codes["snomed_ct"]), slug
        for code in [codes["icd10"], *codes["icd10_also"]]:
            assert re.fullmatch(r"[A-Z]\d\d(\.\d+)?", code), slug
        assert condition["symptoms"], slug


def test_every_part_of_the_body_has_one_small_picture():
    assert {condition["body_system"] for condition in CONDITIONS.values()} == set(PICTURES)
    drawn = {path.stem: path for path in (ROOT / "templates/therapies/body").glob("*.svg")}
    assert sorted(drawn) == sorted(PICTURES.values())
    assert [name for name, path in drawn.items() if path.stat().st_size > 2000] == []


def test_no_medicine_page_is_without_harms():
    for slug, therapy in THERAPIES.items():
        assert therapy["harms"] and all(h.strip() for h in therapy["harms"]), slug
        assert "## Harms" in therapy["body"], slug


def test_therapies_keep_retracted_sources_apart():
    for slug, therapy in THERAPIES.items():
        assert not any(SOURCES[k]["retracted"] for k in therapy["source_keys"]), slug
        assert all(SOURCES[k]["retracted"] for k in therapy["retracted_source_keys"]), slug


def test_every_regulatory_fact_says_what_it_rests_on():
    for slug, therapy in THERAPIES.items():
        for fact in therapy["regulatory"]:
            assert set(fact) == {"fact", "body", "date", "basis"}, slug
            assert fact["basis"] == "memory" or fact["basis"].startswith("lookup: "), slug


def test_therapies_sold_by_clinics_are_called_unproven_and_a_risk_to_pay_for():
    for slug in ("svf-clinic-products", "mesenchymal-stromal-cells"):
        body = THERAPIES[slug]["body"].replace("*", "")
        assert "unproven" in body and re.search(r"[Pp]aying for it is a risk", body), slug


def test_assessments_refer_to_known_pairs_and_sound_sources():
    pairs = Counter((a["therapy"], a["condition"]) for a in ASSESSMENTS)
    assert [pair for pair, n in pairs.items() if n > 1] == []
    for a in ASSESSMENTS:
        pair = (a["therapy"], a["condition"])
        assert a["therapy"] in THERAPIES and a["condition"] in CONDITIONS, pair
        assert a["certainty"] in CERTAINTIES and a["stage"] in STAGES, pair
        assert a["summary"] and a["source_keys"], pair
        assert all(k in SOURCES and not SOURCES[k]["retracted"] for k in a["source_keys"]), pair


# Names


@pytest.mark.parametrize("pages", [CONDITIONS, THERAPIES], ids=["conditions", "therapies"])
def test_a_name_matched_in_text_means_one_page_only(pages):
    owners = {}
    for slug, page in pages.items():
        for name in {n.casefold() for n in [page["name"], *page["other_names"]]}:
            owners.setdefault(name, set()).add(slug)
    assert {n: o for n, o in owners.items() if len(o) > 1} == {}


@pytest.mark.parametrize("page", NAMED_PAGES, ids=lambda page: page["slug"])
def test_names_matched_in_text_are_clean_and_not_loose_as_well(page):
    others, loose = page["other_names"], {n.casefold() for n in page["loose_names"]}
    assert not [n for n in others if re.search(r"[()]|^\s|\s$", n) or not n]
    assert not loose & {n.casefold() for n in others}
    assert len(others) == len(set(others))


def test_names_with_two_meanings_are_not_matched_in_text():
    matched = {n for page in NAMED_PAGES for n in page["other_names"]}
    ambiguous = {"CD", "AS", "SS", "DM", "PV", "IBD", "AITD", "SCD", "colitis", "Graves", "IL-2"}
    assert matched & ambiguous == set()


# Prose


@BODIES
def test_pages_have_a_summary_and_headed_sections(page):
    assert page["summary"].endswith(".") and len(page["summary"]) <= 300
    assert not CITATION.search(page["summary"])
    assert not re.search(r"(?m)^#(?!# \S)", page["body"]), "headings are written with ##"


@BODIES
def test_pages_cite_only_known_sources_that_stand(page):
    assert citation_faults(page) == []


@BODIES
def test_citations_stand_after_the_words_and_before_the_punctuation(page):
    assert len(CITATION_IN_PLACE.findall(page["body"])) == page["body"].count("[@")


@pytest.mark.parametrize("kind,pages", [("condition", CONDITIONS), ("therapy", THERAPIES)])
def test_condition_and_therapy_pages_cite_sources_about_them(kind, pages):
    strays = {
        slug: sorted(set(cited_keys(page["body"])) - sources_for(kind, slug))
        for slug, page in pages.items()
    }
    assert {slug: keys for slug, keys in strays.items() if keys} == {}


@pytest.mark.parametrize("page", NAMED_PAGES, ids=lambda page: page["slug"])
def test_condition_and_therapy_pages_are_short_and_sectioned(page):
    sections = re.findall(r"(?m)^## (.+)$", page["body"])
    assert 120 <= len(words(page["body"])) <= 90 * len(sections)
    assert "What it is" in sections and len(sections) >= 3


OF_ALL_CONDITIONS = pytest.mark.parametrize("slug", CONDITIONS)


@OF_ALL_CONDITIONS
def test_every_condition_answers_in_every_part(slug):
    parts = CONDITIONS[slug]["parts"]
    assert [name for name in OF_CONDITIONS if name != "unknown" and name not in parts] == []
    assert "brown" in parts["looks"] and "black skin" in parts["looks"]
    assert 2 <= len(parts["key_messages"].splitlines()) <= 3
    assert "certainty)" in parts["key_messages"]
    assert school_years(" ".join(parts.values())) <= 8


@OF_ALL_CONDITIONS
def test_urgent_help_is_a_list_of_signs_that_go_on_from_its_heading(slug):
    """The heading ends in “if”; a list that is too long is not read in an emergency."""
    for name in ("help_now", "help_today", "help_soon"):
        lines = CONDITIONS[slug]["parts"][name].splitlines()
        assert 2 <= len(lines) <= 7, name
        assert all(re.match(r"- [a-z].*[^.]$", line) for line in lines), name


# What a key message has to say for each certainty, and what it must not say.
VERBS = {
    "high": ("", "may |probably|uncertain"),
    "moderate": ("probably", "may |uncertain"),
    "low": ("may ", "probably|uncertain"),
    "very low": ("uncertain|not known", "may |probably"),
}


def key_message_faults(slug, message):
    """Where a key message says more or less than the assessment that it cites, in words."""
    faults = []
    for said, certainty, cited in re.findall(
        r"([^.]*)\((very low|low|moderate|high) certainty\)[^\[]*(\[@[^\]]+\])", message
    ):
        held = [a for a in ASSESSMENTS if a["condition"] == slug and a["certainty"] == certainty]
        if not any(set(cited_keys(cited)) & set(a["source_keys"]) for a in held):
            faults.append(f"{slug}: no assessment of {certainty} certainty rests on {cited}")
        wanted, wrong = VERBS[certainty]
        if not re.search(wanted, said) or re.search(wrong, said):
            faults.append(f"{slug}: “{said.strip()}” is not how {certainty} certainty is said")
    return faults


@OF_ALL_CONDITIONS
def test_key_messages_are_as_sure_as_the_assessments(slug):
    messages = CONDITIONS[slug]["parts"]["key_messages"].splitlines()
    assert [fault for message in messages for fault in key_message_faults(slug, message)] == []


# An editor writes “unproven” only where somebody sells it too early; the rest is for every therapy.
EVERY_THERAPY_ANSWERS = [name for name in OF_THERAPIES if name != "unproven"]
ONLY_IN_TRIALS = {
    slug
    for slug in THERAPIES
    if (stages := {a["stage"] for a in ASSESSMENTS if a["therapy"] == slug})
    and stages <= {"in trials", "preclinical only", "not supported"}
}


def unanswered(therapy):
    """The parts that a therapy's page leaves out, and what its harms do not say, in words."""
    faults = [name for name in EVERY_THERAPY_ANSWERS if not therapy["parts"].get(name, "").strip()]
    harms = re.search(r"(?s)## Harms\n(.+?)(?=\n## |\Z)", therapy["body"])[1]
    if not re.search(
        r"no (other )?figure|not recorded|rate is unknown|knows how often|\d+ in 100", harms
    ):
        faults.append("how often its harms happen, or that no figure is held")
    return faults


@pytest.mark.parametrize("slug", THERAPIES)
def test_every_therapy_answers_in_every_part_in_plain_words(slug):
    assert unanswered(THERAPIES[slug]) == []
    assert school_years(THERAPIES[slug]["body"]) <= 8


@pytest.mark.parametrize("slug", sorted(ONLY_IN_TRIALS))
def test_a_therapy_known_only_from_trials_warns_of_those_who_sell_it(slug):
    assert "if you are offered" in THERAPIES[slug]["parts"]["unproven"].casefold()


@pytest.mark.parametrize("page", ARTICLE_PAGES, ids=lambda page: page["slug"])
def test_articles_have_front_matter_and_a_readable_length(page):
    required = {"slug", "title", "summary", "tags", "conditions", "therapies"}
    assert required <= set(page)
    assert page["slug"] == page["file"]
    assert page["tags"] and set(page["conditions"]) <= set(CONDITIONS)
    assert page["therapies"] and set(page["therapies"]) <= set(THERAPIES)
    assert 400 <= len(words(page["body"])) <= 900


@BODIES
def test_figures_are_cited_from_sources_that_were_confirmed(page):
    """A figure per hundred stands beside a source whose confidence is high."""
    for block in re.split(r"\n+", page["body"]):
        for sentence in re.split(r"(?<=[.?!]) (?=[A-Z])", block):
            if re.search(r"\d+ in 100|\d%|\d+ of \d+", sentence) and cited_keys(sentence):
                best = {SOURCES[k]["confidence"] for k in cited_keys(sentence)}
                assert "high" in best, sentence


@BODIES
def test_prose_makes_no_promise(page):
    text = f"{page['summary']} {page['body']}".casefold()
    hype = "miracle|breakthrough|guarantee|revolutionary|100% safe|side-effect free|game.changer"
    assert not re.search(hype, text)


# Figures


def numbers(text):
    """Every number in the text, as written; digits that belong to a name are none."""
    text = re.sub(r"\b(?:type|stage|phase)\s\d+|[A-Za-z]+-?\d+(?:/\d+)?\b", "", text, flags=re.I)
    return set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))


# Written out in the sources, or the same amount said in another way.
SAID_OTHERWISE = {
    "ema-2024-alofisel-withdrawal": {"2024"},
    "ema-fda-2026-avacopan": {"2026"},
    "wang-2024-allogeneic-cart": {"6"},
}


def carried(key):
    """The numbers that a source carries: in its record and in what it found, rounded or not."""
    source = SOURCES[key]
    record = [source["finding"], source["title"], source["n"], source["year"]]
    exact = numbers(" ".join(map(str, record))) | SAID_OTHERWISE.get(key, set())
    rounded = {str(go(float(n))) for n in exact for go in (math.floor, math.ceil)}
    return exact | rounded


def sentences(body):
    """The sentences of a body, each with its citations."""
    for block in re.split(r"\n+", body):
        yield from re.split(r"(?<=[.?!]) (?=[A-Z*\"])", block)


def figure_faults(page):
    """Numbers in cited sentences that none of the cited sources carries, in words."""
    faults = []
    for sentence in sentences(page["body"]):
        keys = [key for key in cited_keys(sentence) if key in SOURCES]
        if not keys:
            continue
        said = numbers(re.sub(r"^\s*\d+\. ", "", CITATION.sub("", sentence)))
        known = set().union(*map(carried, keys)) | {"100"}  # “in 100 people” is a way of saying
        faults += [f"{page['slug']}: {n} in “{sentence}”" for n in sorted(said - known)]
    return faults


@BODIES
def test_no_page_gives_a_number_that_its_source_does_not_carry(page):
    assert figure_faults(page) == []


def test_sources_that_were_not_seen_whole_carry_no_figure():
    """Part of a record of medium confidence is from memory; nobody can tell which part."""
    for source in SOURCES.values():
        if source["confidence"] != "high":
            assert source["n"] is None, source["key"]
            assert not re.search(r"\d", re.sub(r"C-peptide|CD\d+", "", source["finding"]))


# Assessments


@pytest.mark.parametrize("a", ASSESSMENTS, ids=lambda a: f"{a['therapy']}-{a['condition']}")
def test_an_assessment_follows_from_its_reasons_and_names_harm(a):
    points = {name: row[0] for name, row in a["reasons"].items()}
    whys = {f"{name}_why": row[1] for name, row in a["reasons"].items()}
    assert grade.faults(a["start"], points | whys, a["certainty"]) == {}
    assert set(points) <= {domain.field for domain in grade.DOMAINS}
    assert a["direction"] in {"benefit", "mixed", "no benefit", "harm", "unclear"}
    assert a["would_change"]
    assert any(row["axis"] == "harm" for row in a["outcomes"])


UNHEDGED = re.compile(
    r"(?<!probably )(?<!may )(?<!not )"
    r"\b(?:improves|reduces|prevents|lowers|heals|delays|raises|restores|controls|eases|slows)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("a", ASSESSMENTS, ids=lambda a: f"{a['therapy']}-{a['condition']}")
def test_a_benefit_is_told_with_the_word_of_its_certainty(a):
    assert a["certainty"] == "high" or not UNHEDGED.search(a["summary"]), a["summary"]


def outcome_faults(row):
    """What is wrong with one frequency of an assessment, in words."""
    if row.get("with_therapy") is None:
        return [] if not numbers(row["what"]) else [f"a figure in “{row['what']}”"]
    source = SOURCES[row["source"]]
    faults = []
    if source["retracted"] or source["confidence"] != "high" or "http" not in source["checked_by"]:
        faults.append(f"{source['key']} was not seen on a page")
    said = {row["with_therapy"], row.get("without_therapy"), row.get("people")} - {None}
    text = source["finding"].replace("two participants died", "2 participants died")
    known = numbers(text) | {str(source["n"])}
    return faults + [f"{source['key']} does not say {n}" for n in said if str(n) not in known]


def test_every_frequency_is_one_that_its_source_was_seen_to_carry():
    rows = [row for a in ASSESSMENTS for row in a["outcomes"]]
    assert [fault for row in rows for fault in outcome_faults(row)] == []
    assert sum(row.get("with_therapy") is not None for row in rows) >= 10


# Reading


def school_years(text):
    """Years of school that a text asks for (Flesch and Kincaid); a rough measure, kept simple."""
    text = re.sub(r"(?m)^(#+ |- |\d+\. )", "", CITATION.sub("", text).replace("*", ""))
    said = re.findall(r"[A-Za-z']+", text)
    stops = len(re.findall(r"[.?!:](?:\s|$)|\n", text.strip())) or 1
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", w.lower().removesuffix("e")))) for w in said
    )
    return 0.39 * len(said) / stops + 11.8 * syllables / len(said) - 15.59


@pytest.mark.parametrize("page", ARTICLE_PAGES, ids=lambda page: page["slug"])
def test_an_article_can_be_read_after_ten_years_of_school(page):
    assert school_years(page["body"]) <= 10


@pytest.mark.parametrize("page", ARTICLE_PAGES, ids=lambda page: page["slug"])
def test_an_article_says_what_is_not_known_and_what_to_ask(page):
    headings = " ".join(re.findall(r"(?m)^## (.+)", page["body"])).casefold()
    assert len(re.findall(r"(?m)^## ", page["body"])) >= 3
    if page["slug"] not in FIRST_FIVE:
        assert "not known" in headings or "cannot tell" in headings
        assert "questions to ask" in headings


FIRST_FIVE = {
    "can-autoimmune-disease-be-reversed",
    "can-stem-cells-cure-autoimmune-disease",
    "does-stem-cell-therapy-work-for-autoimmune-disease",
    "stem-cell-therapy-for-lupus",
    "what-regenerative-medicine-can-and-cannot-do",
}


GLOSSARY = load("therapies/content/glossary.json")


def test_each_form_of_a_word_is_explained_once():
    forms = Counter(form.casefold() for row in GLOSSARY for form in (row["term"], *row["also"]))
    assert [form for form, n in forms.items() if n > 1] == []


@pytest.mark.parametrize("row", GLOSSARY, ids=lambda row: row["term"])
def test_a_word_is_explained_in_three_plain_sentences_at_most(row):
    assert row["means"].endswith(".")
    assert len(re.findall(r"[.?!](?:\s|$)", row["means"])) <= 3
    assert school_years(row["means"]) <= 10


# The guards themselves


def test_citing_a_retracted_source_is_caught():
    page = copy.deepcopy(ARTICLE_PAGES[0])
    page["body"] += "\n\nIt works [@jayne-2021-advocate-retracted]."
    assert any("is retracted" in fault for fault in citation_faults(page))


def test_citing_an_unknown_or_misspelt_source_is_caught():
    page = {"slug": "x", "body": "It may help [@no-such-trial; burt-2019-mist]."}
    assert len(citation_faults(page)) == 2


@pytest.mark.parametrize(
    "change", [{"doi": "doi:10.1/x"}, {"pmid": 12}, {"nct": "NCT1"}], ids=lambda c: next(iter(c))
)
def test_a_malformed_identifier_is_caught(change):
    assert identifier_faults({**SOURCES["burt-2019-mist"], **change})


@pytest.mark.parametrize("text", ["It helps[@a].", "It helps. [@a]", "[@a] It helps."])
def test_a_misplaced_citation_is_caught(text):
    assert not CITATION_IN_PLACE.search(text)


def test_a_number_that_no_cited_source_carries_is_caught():
    page = {"slug": "x", "body": "In 100 people, 77 got better [@burt-2019-mist]."}
    assert figure_faults(page) == ["x: 77 in “In 100 people, 77 got better [@burt-2019-mist].”"]


@pytest.mark.parametrize(
    "message",
    [
        "Rituximab brings remission (moderate certainty) [@joly-2017-ritux3].",
        "Rituximab may bring remission (low certainty) [@joly-2017-ritux3].",
        "Rituximab probably brings remission (moderate certainty) [@burt-2019-mist].",
    ],
    ids=["too sure", "other certainty", "other source"],
)
def test_a_key_message_that_is_not_the_assessments_is_caught(message):
    assert len(key_message_faults("pemphigus-vulgaris", message)) == 1


def test_a_frequency_that_was_not_seen_is_caught():
    row = {"axis": "benefit", "what": "x", "with_therapy": 99, "source": "nash-2017-halt-ms"}
    assert outcome_faults(row) == ["nash-2017-halt-ms does not say 99"]
    row = {"axis": "benefit", "what": "x", "with_therapy": 34, "source": "joly-2017-ritux3"}
    assert outcome_faults(row) == ["joly-2017-ritux3 was not seen on a page"]


def test_a_therapy_that_leaves_a_question_open_is_caught():
    therapy = copy.deepcopy(THERAPIES["belimumab"])
    del therapy["parts"]["pregnancy"]
    therapy["body"] = "## Harms\n\nSome."
    assert unanswered(therapy) == [
        "pregnancy",
        "how often its harms happen, or that no figure is held",
    ]


def test_a_benefit_without_its_word_is_caught():
    assert UNHEDGED.search("Exercise improves function.")
    assert not UNHEDGED.search("Exercise probably improves function and may slow the disease.")


def test_hard_prose_is_caught():
    hard = "Immunosuppressive conditioning regimens demonstrably necessitate hospitalisation. "
    assert school_years(hard * 3) > 10
