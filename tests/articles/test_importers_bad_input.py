"""Files that cannot become articles get one plain sentence, quickly; files in disguise are read."""

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importers import files
from articles.importers.article import MAX_FILE_BYTES, MAX_TEXT, Unreadable
from articles.importers.reading import read

WORDS = "Wenn Gelenke schmerzen – “für” Menschen über fünfzig é gilt es, früh zu fragen."
TITLE = "A title here"


def reason(data, name="page.txt"):
    with pytest.raises(Unreadable) as refusal:
        read(data, name)
    assert refusal.value.reason.endswith((".", "?"))
    return refusal.value.reason


@pytest.mark.parametrize(
    "data",
    [
        f"{TITLE}\n{WORDS}".encode(),
        f"{TITLE}\n{WORDS}".encode("utf-8-sig"),
        f"{TITLE}\n{WORDS}".encode("cp1252"),
        f"{TITLE}\n{WORDS}".encode("utf-16"),
        b"\xfe\xff" + f"{TITLE}\n{WORDS}".encode("utf-16-be"),
        f"{TITLE}\n{WORDS}".encode("utf-16-le"),
        f"{TITLE}\n{WORDS}".encode("utf-16-be"),
        f"{TITLE}\r\n{WORDS}".encode("utf-32"),
        f"{TITLE}\r{WORDS}".encode(),
    ],
)
def test_texts_in_other_encodings_read_the_same(data):
    article = read(data, "page.txt")
    assert (article.title, article.body_html) == (TITLE, f"<p>{WORDS}</p>")


def test_a_page_may_declare_its_charset():
    html = "<meta charset='iso-8859-2'><p>Łódź jest dość dużym miastem w środku kraju.</p>"
    assert "Łódź" in read(html.encode("iso-8859-2"), "page.html").body_html


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04" + b"x" * 100, "zip archive"),
        (b"%PDF-1.7 xxxxx", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        (bytes(range(256)) * 20, "binary"),
        (b"text with one \0 null in it and more words", "binary"),
        (b"\x01\x02\x03\x04 words" * 50, "binary"),
        ("für alle".encode() + b" und \xff noch", "broken byte"),
        (b"\xff\xfe" + b"a", "does not fit"),
        ("Боль в суставах начинается постепенно".encode("cp1251"), "cannot be recognised"),
        ("関節の痛みはゆっくり始まる".encode("shift-jis"), "cannot be recognised"),
        (b"words \x81\x8d\x8f words", "cannot be recognised"),
    ],
)
def test_what_is_no_text_is_refused(data, says):
    assert says in reason(data)


@pytest.mark.parametrize("suffix", ["odt", "pdf", "exe"])
def test_other_formats_are_named(suffix):
    assert f"“.{suffix}” are not supported" in reason(b"words", f"page.{suffix}")


def test_a_file_without_an_ending_is_named():
    assert "without an ending" in reason(b"words", "README")


def test_a_large_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "large.txt"
    with open(path, "wb") as file:
        file.truncate(50 * 1024 * 1024)
    monkeypatch.setattr("builtins.open", None)  # opening it would fail the test
    assert "50.0 MB, where 5 MB is the limit" in reason(path, "large.txt")


def test_large_bytes_are_refused_too():
    assert "more than 5 MB" in reason(b"x" * (MAX_FILE_BYTES + 1))


@pytest.mark.parametrize("name", ["page.txt", "page.md", "page.html"])
def test_a_text_longer_than_a_book_is_refused(name):
    assert "too long for one article" in reason(b"word " * (MAX_TEXT // 4), name)


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote", "x-y"])
@pytest.mark.parametrize("name", ["page.html", "page.md"])
def test_ten_thousand_nested_tags_are_refused_at_once(tag, name):
    started = time.process_time()
    assert "nested more than" in reason(f"<{tag}>".encode() * 10_000 + b"words", name)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("piece", "name"),
    [
        ("<p>a", "page.html"),
        ("<b>a</b> ", "page.html"),
        ("<a b=c ", "page.html"),
        ("<!--", "page.html"),
        ("<script>", "page.html"),
        ("a<br>", "page.html"),
        ("<div class=share>a</div>", "page.html"),
        ("<table><tr><td>", "page.html"),
        ("wor\n", "page.txt"),
        ("1. a 2. b ", "page.txt"),
        (": - a - b ", "page.txt"),
        ("Check also\n", "page.txt"),
        ("By Aa Aa Aa and ", "page.txt"),
        ("a-\nb", "page.txt"),
        ("[", "page.md"),
        ("*a **b ", "page.md"),
        ("> ", "page.md"),
        ("- ", "page.md"),
        ("![a](", "page.md"),
        ("`a``", "page.md"),
        ("[@a; ", "page.md"),
        ("<a ", "page.md"),
    ],
)
def test_repetition_without_end_takes_no_time_without_end(piece, name):
    started = time.process_time()
    data = (TITLE + "\n\n" + piece * (20_000 // len(piece))).encode()
    try:
        read(data, name)
    except Unreadable as refusal:
        assert refusal.reason
    assert time.process_time() - started < 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([".txt", ".md", ".html"]))
def test_any_bytes_are_read_or_refused(data, suffix):
    try:
        article = read(data, f"page{suffix}")
    except Unreadable as refusal:
        assert refusal.reason
    else:
        assert article.title and article.body_html


def names(*paths):
    return [(found.name, bool(found.problem)) for found in files.find(paths)]


def test_a_folder_is_walked_in_order_and_hidden_files_are_passed_over(tmp_path):
    top = tmp_path / "seeds"
    (top / "b").mkdir(parents=True)
    for name in ("z.txt", "a.txt", ".hidden.txt", "b/c.txt"):
        (top / name).write_text("x")
    wanted = [("seeds/a.txt", False), ("seeds/z.txt", False), ("seeds/b/c.txt", False)]
    assert names(top) == wanted
    assert names(top / "a.txt", top) == wanted  # each once, under the same name


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_read_once(tmp_path):
    top = tmp_path / "seeds"
    top.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (top / "a.txt").write_text("x")
    os.symlink(tmp_path / "secret.txt", top / "b.txt")
    os.symlink(tmp_path, top / "c")
    os.symlink(top / "a.txt", top / "d.txt")
    os.symlink(top, top / "e")
    assert names(top) == [("seeds/a.txt", False), ("seeds/b.txt", True), ("seeds/c", True)]


def test_missing_paths_and_files_that_would_hang_are_refused(tmp_path):
    (missing,) = files.find([tmp_path / "none.txt"])
    assert missing.problem == "There is no such file or folder."
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not an ordinary file" in reason(tmp_path / "pipe.txt", "pipe.txt")
    assert "no such file" in reason(tmp_path / "gone.txt", "gone.txt")
