"""The sources of a page as files: what is written is read back as the same papers."""

import json
from pathlib import Path
from types import SimpleNamespace

import bibtexparser
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as rounds
from hypothesis import strategies as st

from evidence.actions import record_notice
from evidence.exporters import bibtex, csl_json, ris
from evidence.exporters.reference import reference_of
from evidence.importers.bibtex import read_bibtex
from evidence.importers.csl_json import read_csl_json
from evidence.importers.record import Record, byline
from evidence.importers.tagged import read_ris
from tests import factories

CITE = '<cite data-source="{}"></cite>'.format
FORMATS = {
    "bib": (bibtex, lambda text: read_bibtex(text.splitlines(True))),
    "ris": (ris, lambda text: read_ris(text.splitlines(True))),
    "json": (csl_json, read_csl_json),
}
SHIPPED = json.loads((Path(settings.BASE_DIR) / "evidence/content/sources.json").read_text("utf-8"))


def plain_source(**fields):
    """The fields that a writer reads."""
    defaults = dict.fromkeys(("authors", "journal", "citation", "url", "link"), "")
    defaults |= {"key": "x", "title": "A title", "year": None, "doi": None, "pmid": None}
    defaults |= {"nct": None, "standing": "sound", "title_is_description": False}
    return SimpleNamespace(**(defaults | fields))


def there_and_back(ending, *sources) -> list[Record]:
    writer, read = FORMATS[ending]
    found = list(read(writer.write([reference_of(s) for s in sources])))
    assert all(isinstance(record, Record) for record in found), found
    return found


@pytest.mark.parametrize("ending", FORMATS)
def test_every_shipped_source_comes_back_as_it_was(ending):
    rows = [
        plain_source(**{k: row[k] for k in ("key", "title", "year", "doi", "pmid", "nct")},
                     **{k: row[k] or "" for k in ("authors", "journal", "citation", "url")})
        for row in SHIPPED
    ]  # fmt: skip
    for row, found in zip(rows, there_and_back(ending, *rows), strict=True):
        assert found.title == row.title
        assert (found.year, found.doi or None) == (row.year, row.doi)
        assert found.journal == row.journal, row.key
        assert found.pmid == str(row.pmid or "")
        assert byline(found.authors) == row.authors, row.key
        assert found.citation == row.citation, row.key


HOSTILE = [
    "100% of 5_000 & #1: {braces} cost $3 ~ x^2 \\emph{no}",
    "Müller’s “Ångström” naïve cells — TGF-β ≥ 5 µg",
    "A } closing brace, alone",
    "An { opening brace, alone",
    "@article{fake, title={Injected}}",
    "Ends in a backslash \\",
    "ER  - is a tag",
]


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("ending", FORMATS)
def test_what_a_format_reads_as_an_instruction_stays_text(ending, title):
    first, second = there_and_back(
        ending, plain_source(title=title), plain_source(title="The next one")
    )
    assert second.title == "The next one"
    if ending != "bib" or "\\" not in title:
        assert first.title == " ".join(title.split())


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
@rounds(max_examples=60)
def test_any_title_is_one_entry_and_the_next_one_survives(title):
    for ending in FORMATS:
        found = list(
            FORMATS[ending][1](
                FORMATS[ending][0].write(
                    [reference_of(plain_source(title=t)) for t in (title, "The next one")]
                )
            )
        )
        assert len(found) == 2 and found[1].title == "The next one"


@pytest.mark.parametrize("ending", FORMATS)
def test_a_body_is_not_taken_for_a_person(ending):
    (found,) = there_and_back(ending, plain_source(authors="European Medicines Agency"))
    assert byline(found.authors) == "European Medicines Agency"


def test_a_general_parser_reads_our_bibtex():
    sources = [plain_source(key=f"k{n}", title=title) for n, title in enumerate(HOSTILE)]
    library = bibtexparser.parse_string(bibtex.write([reference_of(s) for s in sources]))
    assert not library.failed_blocks and len(library.entries) == len(HOSTILE)


@pytest.mark.django_db
@pytest.mark.parametrize("ending", FORMATS)
def test_a_page_gives_its_sources_as_files_in_order(people, client, ending):
    one, two = factories.source(title="First paper"), factories.source(title="Second paper")
    page = factories.published_page(
        body=f"<p>Rest eased it{CITE(two.key)}. Sleep did{CITE(one.key)}{CITE(two.key)}.</p>"
    )
    answer = client.get(f"{page.get_absolute_url()}references.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{page.slug}.{ending}"'
    found = list(FORMATS[ending][1](answer.content.decode()))
    assert [record.title for record in found] == ["Second paper", "First paper"]
    assert f"references.{ending}" in client.get(page.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_condition_and_a_therapy_give_their_further_sources_too(people, client):
    source = factories.source(title="A further paper")
    for kind in ("condition", "therapy"):
        page = factories.published_page(kind, sources=[source.pk])
        text = client.get(f"{page.get_absolute_url()}references.ris").content.decode()
        assert "TI  - A further paper\r\n" in text


@pytest.mark.django_db
def test_a_retracted_source_says_so_in_every_format(people, client):
    source = factories.source()
    page = factories.published_page(body=f"<p>Rest eased it{CITE(source.key)}.</p>")
    record_notice(source, by=people.editor, kind="retraction", date_text="2024")
    for ending in FORMATS:
        text = client.get(f"{page.get_absolute_url()}references.{ending}").content.decode()
        assert "RETRACTED" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/articles/none/references.bib", "/drafts/x/references.bib", "/articles/{}/references.docx"],
)
def test_nothing_else_is_given_out(people, client, address):
    page = factories.published_page()
    assert client.get(address.format(page.slug)).status_code == 404


@pytest.mark.django_db
def test_a_draft_gives_out_nothing(people, client):
    source = factories.source()
    revision = factories.draft(body=f"<p>Rest eased it{CITE(source.key)}.</p>")
    assert client.get(f"/articles/{revision.page.slug}/references.bib").status_code == 404
