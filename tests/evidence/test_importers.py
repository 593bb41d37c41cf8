"""The readers of RIS, NBIB, BibTeX and CSL JSON: what they give for good and bad files."""

import json
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.importers import bibtex, reading
from evidence.importers.latex import plain
from evidence.importers.reading import read_references
from evidence.importers.record import Broken, Record, Unreadable, byline, name_from_one_text

RIS = """TY  - JOUR
AU  - Müller, Jörg Hans
AU  - Bo, Sven
TI  - A trial of something
  that goes on
JO  - Journal of Examples
PY  - 2020/03/01/
VL  - 3
IS  - 2
SP  - 4
EP  - 9
DO  - https://doi.org/10.1000/Example
ER  -
"""
NBIB = """PMID- 12345678
OWN - NLM
TI  - A trial of something [in
      mice].
AU  - Müller JH
AU  - Bo S
LID - 10.1000/example [doi]
TA  - J Examples
DP  - 2020 Mar 1
VI  - 3
IP  - 2
PG  - 4-9
PT  - Journal Article
PT  - Randomized Controlled Trial
SI  - ClinicalTrials.gov/NCT00000001
"""
BIBTEX = r"""@string{jox = "Journal of Examples"}
@article{mueller2020,
  title   = {A {Trial} of M{\"u}ller's something},
  author  = {M{\"u}ller, J{\"o}rg Hans and S{\o}ren Bo and {The Study Group} and others},
  journal = jox, month = jan, volume = 3, number = 2, pages = {4--9}, year = 2020,
  doi     = {10.1000/example}
}
"""
CSL = json.dumps(
    [
        {
            "title": "A trial of something",
            "author": [{"family": "Müller", "given": "Jörg Hans"}, {"literal": "WHO"}],
            "container-title": "Journal of Examples",
            "issued": {"date-parts": [[2020, 3, 1]]},
            "DOI": "10.1000/example",
            "note": "PMID: 12345678\nPMCID: PMC55",
        }
    ],
    ensure_ascii=False,
)


@pytest.fixture
def read(tmp_path):
    """Read text or bytes as a file of this name."""

    def read_as(name, content, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return list(read_references(path))

    return read_as


def test_ris_gives_every_field(read):
    [entry] = read("a.ris", RIS)
    assert entry.title == "A trial of something that goes on"
    assert entry.authors == ("Müller JH", "Bo S") and entry.year == 2020 and entry.line == 1
    assert entry.citation == "3(2):4-9" and entry.doi == "https://doi.org/10.1000/Example"


def test_nbib_gives_every_field(read):
    [entry] = read("a.nbib", NBIB)
    assert entry.title == "A trial of something [in mice]" and entry.authors == (
        "Müller JH",
        "Bo S",
    )
    assert (entry.pmid, entry.nct, entry.design) == ("12345678", "NCT00000001", "RCT")
    assert entry.doi == "10.1000/example" and entry.year == 2020 and entry.journal == "J Examples"


def test_bibtex_gives_every_field(read):
    [entry] = read("a.bib", BIBTEX)
    assert entry.title == "A Trial of Müller's something" and entry.line == 2
    assert entry.authors == ("Müller JH", "Bo S", "The Study Group", "et al.")
    assert (entry.journal, entry.citation) == ("Journal of Examples", "3(2):4-9")
    assert entry.year == 2020 and entry.doi == "10.1000/example"


def test_csl_json_gives_every_field(read):
    [entry] = read("a.json", CSL)
    assert entry.authors == ("Müller JH", "WHO") and entry.year == 2020
    assert (entry.pmid, entry.other_ids) == ("12345678", ("PMC55",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("name", "text"), [("a.ris", RIS), ("a.nbib", NBIB), ("a.json", CSL)])
def test_every_encoding_is_read(read, name, text, encoding):
    [entry] = read(name, text, encoding)
    assert entry.authors[0] == "Müller JH"


@pytest.mark.parametrize("text", [RIS, NBIB, BIBTEX, CSL])
@pytest.mark.parametrize("name", ["a.txt", "a.bib", "a.ris", "a.json"])
def test_what_a_file_holds_counts_more_than_its_name(read, name, text):
    [entry] = read(name, text)
    assert isinstance(entry, Record)


def test_a_doi_or_pmid_is_found_in_the_address(read):
    entries = read(
        "a.bib",
        "@misc{a, title={One}, url={https://doi.org/10.1000/one}}\n"
        "@misc{b, title={Two}, url={https://pubmed.ncbi.nlm.nih.gov/77/}}\n"
        "@misc{c, title={Three}, url={https://clinicaltrials.gov/study/NCT00000009}}\n",
    )
    assert [(e.doi, e.pmid, e.nct) for e in entries] == [
        ("10.1000/one", "", ""),
        ("", "77", ""),
        ("", "", "NCT00000009"),
    ]


# Broken entries


def kinds(entries):
    return [(e.line, e.title if isinstance(e, Record) else "broken") for e in entries]


def test_a_broken_ris_entry_is_reported_by_line_and_the_rest_go_on(read):
    text = f"{RIS}TI  - stray\nTY  - JOUR\nTI  - never ends\n{RIS}TY  - JOUR\nAU  - X\nER  - \n"
    title = "A trial of something that goes on"
    assert kinds(read("a.ris", text)) == [
        (1, title),
        (14, "broken"),
        (15, "broken"),
        (17, title),
        (30, "broken"),
    ]


def test_a_publishers_preface_is_no_broken_entry(read):
    [entry] = read("a.ris", f"Provider: Example\nContent: text/plain\n\n{RIS}")
    assert entry.line == 4


def test_a_broken_nbib_entry_is_reported_by_line_and_the_rest_go_on(read):
    entries = read("a.nbib", f"{NBIB}\nPMID- 5\nAB  - No title.\n\n{NBIB}")
    assert [(e.line, isinstance(e, Broken)) for e in entries] == [
        (1, False),
        (17, True),
        (20, False),
    ]


def test_a_broken_bibtex_entry_is_reported_by_line_and_the_rest_go_on(read):
    text = (
        "@article{a, title={First}}\n"
        "@article{never, title={unclosed\n\n"
        "@article{a, title={The same key}}\n"
        "@comment{left out}\n"
        "@article{b, title={One}, title={Two}}\n"
        "@article{c title}\n"
        "@article{d, title={Last}}"
    )
    assert kinds(read("a.bib", text)) == [
        (1, "First"),
        (2, "broken"),
        (4, "The same key"),
        (6, "broken"),
        (7, "broken"),
        (8, "Last"),
    ]


def test_lines_stay_true_from_piece_to_piece(read, monkeypatch):
    monkeypatch.setattr(bibtex, "PIECE", 60)
    text = "".join(f"@string{{m{n} = {{x}}}}\n\n@misc{{k, title=m{n}}}\n" for n in range(9))
    assert kinds(read("a.bib", text)) == [(3 * n + 3, "x") for n in range(9)]


def test_a_broken_json_item_is_reported_by_line_and_the_rest_go_on(read):
    text = '[{"title": "A"},\n{"title": "B" "x": 1},\n{"title": "C"},\n7,\n{"title": "D"}\n'
    assert kinds(read("a.json", text)) == [
        (1, "A"),
        (2, "broken"),
        (3, "C"),
        (4, "broken"),
        (5, "D"),
        (6, "broken"),  # the list is cut off
    ]


# Bombs and nonsense


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.bib", "@article{k, title={" + "{" * 100_000 + "}" * 100_000 + "}}"),
        ("open.bib", "@article{k, title={" + "{" * 200_000),
        ("deep.json", "[" * 100_000),
        ("deeper.json", '[{"a":' * 100_000),
        ("number.json", '[{"title": "x", "volume": ' + "9" * 100_000 + "z}]"),
        ("long.bib", "@article{k, title={" + "long line\n" * 120_000 + "}}"),
    ],
)
def test_a_bomb_is_only_a_broken_entry(read, name, text):
    entries = read(name, text)
    assert entries and all(isinstance(e, Broken) for e in entries)


def test_thousands_of_broken_items_end_soon(read):
    entries = read("a.json", "[" + '{"a" 1},{' * 5_000)
    assert len(entries) <= 102 and all(isinstance(e, Broken) for e in entries)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.ris", b"", "empty"),
        ("a.ris", b"PK\x03\x04\x00\x00\x00\x01", "binary"),
        ("a.txt", b"Dear editor, please find attached", "not RIS, NBIB, BibTeX or CSL JSON"),
        ("a.json", b'"text"', "no CSL JSON"),
        ("a.ris", b"TY  - " + b"x" * 1_100_000, "longer than"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_in_a_sentence(read, name, content, said):
    with pytest.raises(Unreadable, match=said):
        read(name, content)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(Unreadable, match="cannot be opened"):
        list(read_references(tmp_path / "none.ris"))


def test_json_of_any_size_is_not_taken_into_memory(read, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_JSON", 10)
    with pytest.raises(Unreadable, match="larger than"):
        read("a.json", CSL)


STARTS = [b"TY  - JOUR\n", b"PMID- 1\nTI  - ", b"@article{a,", b'[{"title":', b"[", b"@string{a="]
BITS = [b"{", b"}", b'"', b"\\", b"ER  - \n", b"@a{", b"\n\n", b"\xff\xfe", b",", b"title={", b"="]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    start=st.sampled_from([b"", *STARTS]),
    body=st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(BITS + STARTS)), max_size=30),
    name=st.sampled_from(["a.ris", "a.nbib", "a.bib", "a.json", "a.txt"]),
)
def test_any_bytes_give_records_or_a_plain_error(tmp_path, start, body, name):
    path = tmp_path / name
    path.write_bytes(start + b"".join(body))
    try:
        entries = list(read_references(path))
    except Unreadable as refusal:
        assert str(refusal)
        return
    for entry in entries:
        assert entry.line >= 1
        if isinstance(entry, Record):
            assert entry.title.encode() and "\n" not in entry.title
        else:
            assert entry.reason.endswith(".")


def test_a_syntax_error_says_nothing_on_the_console(read, caplog):
    with caplog.at_level(logging.WARNING):
        read("a.bib", "@article{a title}")
    assert not caplog.records


# Letters and names


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"M\"{u}ller", "Müller"),
        (r"{\'e}t\'e", "été"),
        (r"S{\o}ren {\L}\'{o}d\'z", "Søren Łódź"),
        (r"\c{C}elik \v{s} \v s \k{a} \H{o}", "Çelik š š ą ő"),
        (r"na{\"\i}ve", "naïve"),
        (r"{\AA}ngstr\"om Stra{\ss}e", "Ångström Straße"),
        (r"$\beta$-cell \& 100\% of \{x\}", "β-cell & 100% of {x}"),
        (r"\textit{in vivo} 4--9", "in vivo 4–9"),
        (r"100% of", "100% of"),
    ],
)
def test_latex_becomes_letters(latex, letters):
    assert plain(latex) == letters


@settings(max_examples=100, deadline=500)
@given(st.text(alphabet="\\{}\"'`^~cvuij $%-ab ", max_size=300))
def test_no_latex_breaks_the_reader(text):
    assert "{" not in plain(text.replace("\\{", ""))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Müller, Jörg Hans", "Müller JH"),
        ("Jörg-Hans Müller", "Müller JH"),
        ("van der Berg, A.B.", "van der Berg AB"),
        ("WHO", "WHO"),
    ],
)
def test_a_name_has_the_form_of_reference_lists(name, short):
    assert name_from_one_text(name) == short


def test_a_long_byline_is_shortened():
    assert byline(tuple("ABCDEFGH")) == "A, B, C, D, E, F, et al."
    assert len(byline(("x" * 200, "y" * 200))) <= 300 and byline(()) == ""
