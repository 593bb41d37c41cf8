"""`manage.py check_claims` on what is piped in, on web pages, and what its reports name."""

import io
import json
import os
import sys
from contextlib import ExitStack

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from claims.models import Flag
from claims.texts import report_on
from tests import factories

pytestmark = pytest.mark.django_db
BOLD = "Studies show that stem cells cure lupus."
PAGE = f"""<!doctype html>
<html lang="en"><head><title>Stem cells cure lupus</title><style>p {{ color: red }}</style>
<script>say("Stem cells cure lupus.")</script></head>
<body><header><a href="/">Home</a></header>
<h1>What stem cells can do</h1><!-- Stem cells cure lupus. -->
<section><p>It <b>rained</b>.</p><p hidden>Stem cells cure lupus.</p>
<p>Studies &#115;how that
   stem <em>cells</em> cure lupus.</p></section><dl><dt>Rest</dt><dd>{BOLD}</dd></dl></body></html>
"""


def check(*given):
    """What the command says, also on standard error, and its exit status."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_claims", *given, stdout=out, stderr=err)
    except SystemExit as stop:
        return out.getvalue(), err.getvalue(), stop.code
    return out.getvalue(), err.getvalue(), 0


@pytest.fixture
def piped(monkeypatch):
    """Puts bytes on standard input, through a real pipe that was closed behind them."""

    with ExitStack() as opened:

        def pipe(data: bytes):
            reading, writing = os.pipe()
            with os.fdopen(writing, "wb") as end:
                end.write(data)
            monkeypatch.setattr(sys, "stdin", opened.enter_context(os.fdopen(reading)))

        yield pipe


# Standard input


def test_a_hyphen_reads_one_text_from_standard_input(piped):
    piped(f"It rained.\r\n\r\n{BOLD}\n".encode())
    said, _, status = check("-")
    assert status == 0
    assert said.startswith("standard input: 2 sentences, ") and f"“{BOLD}”" in said
    assert said.splitlines()[-1].startswith("1 of 1 files read, ")


def test_standard_input_is_told_as_json_too(piped):
    piped(BOLD.encode())
    (text,) = json.loads(check("-", "--json")[0])["texts"]
    assert text["name"] == "standard input" and text["findings"]


def test_standard_input_that_is_no_text_is_named(piped):
    piped(b"\xff\x00\xfe")
    _, err, status = check("-")
    assert (err, status) == ("standard input: not read, it is not UTF-8 text.\n", 1)


def test_what_is_piped_in_without_a_word_never_checks_the_site_again(piped):
    flag = Flag.objects.filter(claim__anchors__revision=factories.draft(body=f"<p>{BOLD}</p>"))
    flag.update(explanation="As it was.")
    piped(BOLD.encode())
    with pytest.raises(CommandError, match="Give - to check it as one text"):
        check()
    assert flag.get().explanation == "As it was."


def test_a_file_put_on_standard_input_without_a_word_is_refused_too(monkeypatch, tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(BOLD, encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        with pytest.raises(CommandError, match="Something is piped in"):
            check()


def test_the_site_is_checked_again_where_the_pipe_is_empty_or_stays_silent(piped, monkeypatch):
    piped(b"")
    assert check()[0].startswith("0 of 0 texts checked again")
    reading, writing = map(os.fdopen, os.pipe(), "rw")
    with reading, writing:
        monkeypatch.setattr(sys, "stdin", reading)
        assert check()[0].startswith("0 of 0 texts checked again")
    with open(os.devnull, encoding="utf-8") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert check()[0].startswith("0 of 0 texts checked again")


# Web pages


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page.txt"])
def test_of_a_web_page_the_visible_text_is_read_and_offsets_count_in_it(tmp_path, name):
    path = tmp_path / name
    path.write_text(PAGE, encoding="utf-8")
    (text,) = json.loads(check(str(path), "--json")[0])["texts"]
    visible = text["text"]
    assert "\n".join(line.strip() for line in visible.splitlines()) == (
        f"Home\nWhat stem cells can do\nIt rained.\n{BOLD}\nRest\n{BOLD}"
    )
    stopped = {visible[f["start"] : f["end"]] for f in text["findings"]}
    assert BOLD in stopped and "It rained." not in stopped
    for finding in text["findings"]:
        assert [visible[a:b] for a, b in finding["trigger_spans"]] == finding["triggers"]


def test_a_page_like_our_own_is_read_as_our_own(tmp_path):
    body = (
        "<h2>What stem cells do</h2><ul><li>They cure lupus</li><li>They calm the attack</li></ul>"
        f'<blockquote><p>{BOLD}</p></blockquote><p>{BOLD}<cite data-source="a"></cite></p>'
    )
    path = tmp_path / "page.html"
    path.write_text(body, encoding="utf-8")
    (text,) = json.loads(check(str(path), "--json")[0])["texts"]
    document, report = report_on({"body": body})
    assert text["text"] == document.text
    here = [(f["start"], f["rule"], f["severity"]) for f in text["findings"]]
    assert here == [(f.start, f.rule, f.severity) for f in report.findings]


@pytest.mark.parametrize("text", ["<name> said: ", "<5 mg a day. ", "< p > 0.05. ", "a <p> b. "])
def test_text_that_begins_with_no_tag_is_read_as_it_stands(tmp_path, text):
    path = tmp_path / "page.txt"
    path.write_text(text + BOLD, encoding="utf-8")
    (read,) = json.loads(check(str(path), "--json")[0])["texts"]
    assert "text" not in read
    assert {f["end"] for f in read["findings"]} == {len(text + BOLD)}


def test_a_page_nested_too_deep_is_named_and_the_rest_go_on(tmp_path):
    deep, good = tmp_path / "deep.html", tmp_path / "good.html"
    deep.write_text("<div>" * 5000 + "deep", encoding="utf-8")
    good.write_text(PAGE, encoding="utf-8")
    said, err, status = check(str(deep), str(good))
    assert status == 1 and f"{deep}: not read, its tags stand more than 120 deep" in err
    assert said.splitlines()[-1].startswith("1 of 2 files read, ")


MARKS = "<p> </p> <h1> < & &#0; \0 <!-- --> <script> <div\xa0hidden> <svg> <td> <dt> <html> <head>"


@bounds(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*MARKS.split(" "), "Rest helps. ", "é🙂"]), max_size=12))
def test_any_page_gets_an_answer(tmp_path, pieces):
    path = tmp_path / "page.html"
    path.write_text("".join(pieces).replace("\xa0", " "), encoding="utf-8")
    _, err, status = check(str(path))
    assert (err, status) == ("", 0)


# Reports


def test_the_report_for_people_names_rule_words_and_place(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(f"It rained. {BOLD}", encoding="utf-8")
    said, _, _ = check(str(path))
    assert f"“{BOLD}” (characters 11 to {11 + len(BOLD)})" in said
    (text,) = json.loads(check(str(path), "--json")[0])["texts"]
    for finding in text["findings"]:
        assert f"Rule {finding['rule']}, set off by “" in said
        for word, (start, end) in zip(finding["triggers"], finding["trigger_spans"], strict=True):
            assert f"“{word}” ({start} to {end})" in said


def test_the_site_report_lists_sentences_with_rule_and_page_where_asked():
    factories.draft(title="Cells and lupus", body=f"<p>{BOLD}</p><p>It rained.</p>")
    assert BOLD not in check()[0]
    lines = check("--list")[0].splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("Cells and lupus (article"))
    flag = Flag.objects.get()
    named = ", ".join(f"{f['rule']} ({f['severity']})" for f in flag.findings)
    assert lines[at + 1] == f"  “{BOLD}”: {named}"
    assert not any("It rained" in line for line in lines)
    assert lines[-1].startswith("1 of 1 texts checked again, ")


def test_the_site_report_as_json_holds_each_sentence():
    factories.draft(title="Cells and lupus", body=f"<p>{BOLD}</p>")
    (text,) = json.loads(check("--json")[0])["texts"]
    assert {f["sentence"] for f in text["findings"]} == {BOLD}
