"""Broken files for every importer: articles or records, or one plain sentence, and in time.

    DEBUG=true DJANGO_SETTINGS_MODULE=tests.settings python -m tests.fuzz.importers [ROUNDS] [SEED]

Files are grown from a good one of each format by cutting, repeating, swapping and planting what
parsers trip over; the parts of Word files are broken inside an archive that is whole, too.
"""

import random
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from docx import Document

from articles.importers.article import MAX_TITLE, ImportedArticle, Unreadable
from articles.importers.reading import read_all
from evidence.importers.opening import as_text, lines_of
from evidence.importers.reading import read_references
from evidence.importers.record import Unreadable as NoReferences
from evidence.importers.retraction_watch import read_notices

LONGEST = 5.0  # seconds of processor time for one small file
HTML = (
    "<html><head><title>Rest</title></head><body><h1>Rest and lupus</h1><p>Some <b>rest</b> "
    "helps. <a href='https://example.org'>More</a></p><ul><li>one<li>two</ul><table><tr><td>x"
    "</table></body></html>"
)
ARTICLES = {
    "a.txt": "Rest and lupus\n\nSome people rest. It helps a little.\n\n- one\n- two\n",
    "a.md": "---\ntitle: Rest\ntags: [sleep]\n---\n# Rest\n\nSome *rest* [helps](https://example."
    "org). [@doe-2020]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "a.html": HTML,
    "a.jsonl": '{"slug": "rest", "title": "Rest", "summary": "", "body_html": "<p>Rest.</p>", '
    '"tags": ["sleep"], "published_at": "2024-03-05T10:00:00Z"}\n' * 2,
    "a.xml": '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content='
    '"http://purl.org/rss/1.0/modules/content/"><channel><wp:wxr_version>1.2</wp:wxr_version><item>'
    "<title>Rest</title><content:encoded><![CDATA[<p>Rest.</p>]]></content:encoded>"
    "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item></channel></rss>",
}
REFERENCES = {
    "a.ris": "TY  - JOUR\nAU  - Doe, Jo\nTI  - A trial\nPY  - 2020/03/01/\nER  - \n" * 2,
    "a.nbib": "PMID- 1\nTI  - A trial [in\n      mice].\nAU  - Doe J\nDP  - 2020 Mar 1\n",
    "a.bib": '@string{j="J"}\n@article{a, title={A {T}rial}, author={Doe, Jo and M{\\"u}ller, J},'
    " journal=j, year=2020}\n",
    "a.json": '[{"title": "A trial", "author": [{"family": "Doe", "given": "Jo"}], "issued": '
    '{"date-parts": [[2020, 3, 1]]}}]',
    "a.csv": "Record ID,Title,RetractionDOI,OriginalPaperDOI,RetractionNature,RetractionDate,Reason"
    "\n1,A trial,10.1000/a,10.1000/b,Retraction,3/1/2020,+Error;\n",
}
TRAPS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"]]>",
    b"<![CDATA[", b"<script>", b"{" * 40, b"[" * 400, b"<div>" * 200, b"\\", b'"', b"'", b"\r\n\n",
    b"---\n", b"- " * 50, b"> " * 50, b"*" * 60, b"\xed\xa0\x80", "\u202e\u2028".encode(), b"1e999",
    b"99999999999999999999", b"null", b"PK\x03\x04", b"TY  - ", b"@article{", b"&#1114112;",
    b"&#0;",
)  # fmt: skip


def word_file(broken) -> bytes:
    """A Word file whose parts were each put through `broken`."""
    whole, out = BytesIO(), BytesIO()
    document = Document()
    document.add_heading("Rest and lupus", 0)
    document.add_paragraph("Some people rest. It helps a little.")
    document.save(whole)
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(out, "w") as packed:
        for name in parts.namelist():
            data = parts.read(name)
            packed.writestr(name, broken(data) if name.startswith("word/") else data)
    return out.getvalue()


def broken(data: bytes, chance: random.Random) -> bytes:
    """The bytes after a handful of random steps."""
    for _ in range(chance.randint(1, 6)):
        at, to = (chance.randint(0, len(data)) for _ in range(2))
        first, last = sorted((at, to))
        step = chance.randrange(5)
        if step == 0:
            data = data[:first] + data[last:]
        elif step == 1:
            data = data[:at] + data[first:last] * chance.choice((1, 2, 30)) + data[at:]
        elif step == 2:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        else:
            data = data[:at] + chance.choice(TRAPS) + data[at:]
        data = data[:200_000]
    return data


def hold(name: str, data: bytes, folder: Path) -> None:
    """Read one file; AssertionError, or whatever an importer let out, when it is not held."""
    began = time.process_time()
    if name in REFERENCES:
        _references(name, data, folder)
    else:
        for found in read_all(data, name):
            assert isinstance(found, ImportedArticle | Unreadable)
            if isinstance(found, Unreadable):
                assert found.reason.endswith((".", "?")), found.reason
            else:
                assert 0 < len(found.title) <= MAX_TITLE and found.body_html
                assert not any(bad in found.body_html for bad in ("<script", "\x00", "<!ENTITY"))
    assert time.process_time() - began < LONGEST


def _references(name: str, data: bytes, folder: Path) -> None:
    try:
        if name.endswith(".csv"):
            entries = list(read_notices(lines_of(as_text(BytesIO(data)))))
        else:
            path = folder / name
            path.write_bytes(data)
            entries = list(read_references(path))
    except NoReferences as refusal:
        assert str(refusal)
    else:
        assert all(entry.line >= 1 for entry in entries)


def run(rounds: int, seed: int) -> None:
    """Read that many files; AssertionError names the first that is not held."""
    chance = random.Random(seed)
    good = {name: text.encode() for name, text in (ARTICLES | REFERENCES).items()}
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            name = chance.choice((*good, "a.docx"))
            if name == "a.docx":
                data = word_file(lambda part: broken(part, chance))
                data = broken(data, chance) if chance.random() < 0.3 else data
            else:
                data = broken(good[name], chance)
            try:
                hold(name, data, Path(folder))
            except Exception as error:
                shown = data if len(data) < 2000 else data[:2000] + b"..."
                raise AssertionError(f"seed {seed}, round {number}, {name}: {shown!r}") from error


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    rounds, seed = (given + [20_000, random.randrange(1 << 30)][len(given) :])[:2]
    print(f"{rounds} files, seed {seed}")
    run(rounds, seed)
