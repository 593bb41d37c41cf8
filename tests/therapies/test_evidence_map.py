"""The evidence map: worked out from the rows, the same in table, list, picture and values."""

import csv
import io
import random
from datetime import date
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from editorial import actions as page_actions
from evidence.actions import record_notice
from tests import factories
from therapies import actions, evidence_map
from therapies.map_query import Query
from therapies.models import Assessment, Condition, EmptySearch, Therapy

pytestmark = pytest.mark.django_db


def therapy(title, **changes):
    return Therapy.objects.get(pk=factories.therapy(title=title, **changes).pk)


def condition(title):
    return Condition.objects.get(pk=factories.condition(title=title).pk)


def look_in_vain(one, other, people, day=date(2026, 1, 2)):
    actions.record_empty_search(
        by=people.editor,
        therapy=one,
        condition=other,
        searched_on=day,
        searched_where="PubMed",
    )


@pytest.fixture
def grown(people):
    """Three therapies, three conditions, four assessments, one search in vain."""
    pills, light, rest = (therapy(t) for t in ("Pills", "Light", "Rest"))
    lupus, asthma, gout = (condition(t) for t in ("Lupus", "Asthma", "Gout"))
    harm = [{"axis": "harm", "what": "burns"}]
    factories.assessment(pills, lupus, "high", stage="standard of care", outcomes=harm)
    factories.assessment(pills, gout, "low", direction="mixed")
    factories.assessment(light, lupus, "very low", direction="unclear")
    factories.assessment(light, asthma, "moderate", direction="no benefit")
    look_in_vain(rest, gout, people)
    return {"pills": pills, "light": light, "rest": rest, "lupus": lupus, "gout": gout}


def values(client, query="") -> dict[tuple[str, str], tuple]:
    """What the table of values says of each pair."""
    text = client.get(f"/evidence/map.csv{query}").content.decode()
    return {
        (row["therapy"], row["condition"]): (
            row["state"],
            row["certainty"],
            row["direction"],
            row["stage"],
            row["main harm"],
            row["rests on"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }


def recomputed() -> dict[tuple[str, str], tuple]:
    """The same from the rows, the slow way: one look at the tables for each pair."""
    found = {}
    for one in Therapy.objects.filter(status="published"):
        for other in Condition.objects.filter(status="published"):
            row = Assessment.objects.filter(therapy=one, condition=other).first()
            searched = EmptySearch.objects.filter(therapy=one, condition=other).exists()
            if row:
                fallen = [source.is_retracted for source in row.sources.all()]
                rests = {True: "sound", False: "partly"}[not any(fallen)]
                row.footing = "nothing" if all(fallen) else rests
                version = row.version
                harm = version.outcomes.filter(axis="harm").first()
                said = (
                    "assessed",
                    version.certainty,
                    str(evidence_map.DIRECTION_WORDS[version.direction]),
                    version.stage,
                    harm.what if harm else one.harms[0],
                    row.get_footing_display(),
                )
            else:
                said = ("nothing found" if searched else "not looked for", "", "", "", "", "")
            found[one.title, other.title] = said
    return found


def shown(client) -> dict[tuple[str, str], str]:
    """What the table on the page says of each pair, in words."""
    tree = LexborHTMLParser(client.get("/evidence/").content.decode())
    heads = [cell.text(strip=True) for cell in tree.css(".map thead th")][1:]
    found = {}
    for line in tree.css(".map tbody tr"):
        name = line.css_first("th").text(strip=True)
        for head, cell in zip(heads, line.css("td"), strict=True):
            found[name, head] = " ".join(cell.text().split()).lower()
    return found


def the_map_is_what_the_rows_say(client):
    said, page = recomputed(), shown(client)
    assert values(client) == said
    assert page.keys() == said.keys()
    for pair, (state, certainty, direction, *_) in said.items():
        words = page[pair]
        if state == "assessed":
            assert words.startswith(f"{certainty} certainty") and direction in words, pair
        else:
            begins = {"nothing found": "none found", "not looked for": "· not looked for"}[state]
            assert words.startswith(begins), pair


def test_the_map_is_what_a_recomputation_gives_after_every_change(client, grown, people):
    the_map_is_what_the_rows_say(client)
    chance = random.Random(6)
    therapies = [grown["pills"], grown["light"], grown["rest"]]
    conditions = [grown["lupus"], grown["gout"]]
    for step in range(8):
        one, other = chance.choice(therapies), chance.choice(conditions)
        match step % 4:
            case 0:
                factories.assessment(one, other, chance.choice(list(factories.ACCOUNTS)))
            case 1:
                factories.assessment_draft(one, other, "high", summary=f"A draft {step}.")
            case 2:
                row = chance.choice(list(Assessment.objects.order_by("pk")))
                source = row.sources.first()
                record_notice(source, by=people.editor, kind="retraction", date_text=f"202{step}")
            case 3:
                if not Assessment.objects.filter(therapy=one, condition=other).exists():
                    look_in_vain(one, other, people, date(2026, 2, step + 1))
        the_map_is_what_the_rows_say(client)
    page_actions.withdraw(grown["pills"], by=people.editor, reason="Out of date.")
    the_map_is_what_the_rows_say(client)
    assert not [pair for pair in values(client) if pair[0] == "Pills"]


@pytest.mark.parametrize("size", [1, 3])
def test_the_map_costs_four_queries_at_any_size(client, people, size, django_assert_num_queries):
    lines = [(therapy(f"Pill {n}"), condition(f"Illness {n}")) for n in range(size)]
    for one, other in lines:
        factories.assessment(one, other)
    for address in ("/evidence/", "/evidence/map.svg", "/evidence/map.csv"):
        with django_assert_num_queries(4):
            client.get(address)


# Filters and order


FITTING = {
    "?certainty=moderate": {("Pills", "Lupus"), ("Light", "Asthma")},
    "?certainty=high": {("Pills", "Lupus")},
    "?condition=lupus": {("Pills", "Lupus"), ("Light", "Lupus")},
    "?condition=lupus&certainty=moderate": {("Pills", "Lupus")},
    "?therapy=rest": {("Rest", "Gout")},
    "?stage=standard+of+care": {("Pills", "Lupus")},
    "?condition=no-such-thing": set(),
    "?kind=biologic": set(),
}
ORDERS = {
    "": ["Light", "Pills", "Rest"],
    "surest": ["Pills", "Light", "Rest"],
    "most": ["Light", "Pills", "Rest"],
    "nonsense": ["Light", "Pills", "Rest"],
}


def test_filters_leave_exactly_the_pairs_that_fit_and_rows_stand_as_asked(client, grown):
    for query, pairs in FITTING.items():
        assert set(values(client, query)) == pairs, query
        page = LexborHTMLParser(client.get(f"/evidence/{query}").content.decode())
        found = {
            tuple(link.attributes["href"].strip("/").split("/")[1:])
            for link in page.css(".map a.cell")
        }
        assert found == {(one.lower(), other.lower()) for one, other in pairs}, query
    for sort, order in ORDERS.items():
        drawn = evidence_map.draw(Query.of({"sort": sort}))
        assert [row.therapy.title for row in drawn.rows] == order, sort


def test_the_kind_of_therapy_keeps_its_rows(client, people):
    therapy("Pills", form="small molecule")
    therapy("Light", form="procedure")
    drawn = evidence_map.draw(Query.of({"kind": "procedure"}, kinds=Therapy.Form.values))
    assert [row.therapy.title for row in drawn.rows] == ["Light"]


def test_what_was_asked_stays_chosen_and_goes_along_to_picture_values_and_list(client, grown):
    assert "Left out by the filter" in client.get("/evidence/?certainty=moderate").content.decode()
    page = LexborHTMLParser(client.get("/evidence/?condition=lupus").content.decode())
    chosen = page.css_first("#map-condition option[selected]")
    assert chosen.attributes["value"] == "lupus"
    hrefs = {link.attributes["href"] for link in page.css(".map-ways a")}
    assert {"/evidence/map.svg?condition=lupus", "/evidence/map.csv?condition=lupus"} <= hrefs
    page = LexborHTMLParser(client.get("/evidence/?form=list&therapy=pills").content.decode())
    assert not page.css(".map table")
    words = " ".join(page.css_first(".map-list").text().split())
    assert "Lupus High certainty benefit standard care Main harm: burns" in words


def test_an_answer_about_a_name_that_does_not_exist_is_never_kept(client, db):
    kept = client.get("/evidence/?condition=no-such-thing&sort=nonsense")
    assert not hasattr(kept, "page_keys")
    plain = client.get("/evidence/?sort=nonsense")
    assert plain.page_params_answered == {} and "list:assessment" in plain.page_keys


# Picture and values


def test_the_picture_is_well_formed_safe_and_tells_each_pair_in_words(client, grown):
    therapy("<b>Bold</b> & co")
    answer = client.get("/evidence/map.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    words = root.find("{http://www.w3.org/2000/svg}desc").text
    assert "Pills for Lupus: high certainty, benefit, standard care." in words
    assert "Rest for Gout: looked for, none found." in words
    assert b"style" not in answer.content and b"script" not in answer.content


def test_no_value_is_taken_for_a_formula(client, people):
    therapy("=HYPERLINK(1)")
    condition("Lupus")
    line = client.get("/evidence/map.csv").content.decode().splitlines()[1]
    assert line.startswith("'=HYPERLINK(1),Lupus,not looked for")


# Each pair's own page


def text_of(client, address) -> str:
    tree = LexborHTMLParser(client.get(address).content.decode())
    return " ".join(tree.css_first("main").text().split())


def test_a_pair_has_its_figures_harms_reasons_and_history(client, people):
    one, other, source = therapy("Light"), condition("Psoriasis"), factories.source()
    figures = [
        {
            "axis": "benefit",
            "what": "clear skin",
            "among": 100,
            "with_therapy": 40,
            "without_therapy": 25,
            "compared_with": "placebo",
            "over": "1 year",
            "people": 200,
            "studies": 2,
            "source": source,
        },
        {"axis": "harm", "what": "burns", "certainty": "low"},
    ]
    factories.assessment(one, other, "high", [source])
    factories.assessment(
        one,
        other,
        "moderate",
        [source],
        outcomes=figures,
        would_change="A larger trial.",
        searched_on=date(2026, 3, 4),
        searched_where="PubMed",
    )
    words = text_of(client, "/evidence/light/psoriasis/")
    for part in (
        "In 100 people over 1 year: 40 with it, 25 with placebo.",
        "200 people in 2 studies",
        "Burns Low certainty",
        "Down one level for imprecision. The studies are few.",
        "last looked for on 4 March 2026, in PubMed.",
        "What would change this A larger trial.",
        "high certainty, points to benefit.",
        "approved by reviewer",
    ):
        assert part in words, part


def test_a_pair_names_the_sentences_that_lean_on_it(client, people):
    one = therapy("Phototherapy")
    other = condition("Psoriasis")
    source = factories.source()
    factories.assessment(one, other, "moderate", [source])
    factories.published_page(
        title="Light and skin",
        body="<p>Phototherapy probably clears psoriasis "
        f'<cite data-source="{source.key}"></cite>.</p>',
    )
    words = text_of(client, "/evidence/phototherapy/psoriasis/")
    assert "Sentences here that lean on this Phototherapy probably clears psoriasis" in words


def test_pairs_are_told_apart_found_nothing_not_looked_for_and_fallen(client, grown, people):
    found = text_of(client, "/evidence/rest/gout/")
    assert "No evidence found." in found and "2 January 2026, in PubMed" in found
    assert "Not looked for." in text_of(client, "/evidence/rest/lupus/")
    assert client.get("/evidence/rest/no-such-condition/").status_code == 404
    row = Assessment.objects.get(therapy=grown["pills"], condition=grown["lupus"])
    record_notice(row.sources.get(), by=people.editor, kind="retraction", date_text="2026")
    assert "Rests on nothing sound" in text_of(client, "/evidence/pills/lupus/")
    assert "rests on nothing sound" in shown(client)["Pills", "Lupus"]
    assert (
        "standard care; rests on nothing sound." in client.get("/evidence/map.svg").content.decode()
    )


def test_a_draft_shows_nothing_to_readers(client, people):
    one, other = therapy("Light"), condition("Psoriasis")
    factories.assessment_draft(one, other, "high", summary="A secret draft.")
    assert "Not looked for." in text_of(client, "/evidence/light/psoriasis/")
    assert "secret" not in client.get("/evidence/map.csv").content.decode()
