"""What editors and strangers send: refused when it is too deep, and kept out when it is old."""

import re
import sys
import time
import tokenize
from pathlib import Path

import pytest
from django.conf import settings

from claims.rendering import render_body
from editorial import prose
from editorial.models import Page, Revision
from tests import factories

try:
    from re import _constants as words
    from re import _parser as parser
except ImportError:  # Python before 3.11
    import sre_constants as words
    import sre_parse as parser

ROOMS = ("articles", "autoimmune_site", "claims", "editorial", "evidence", "search", "therapies")
FILES = [
    path
    for room in ROOMS
    for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote"])
def test_a_text_nested_too_deep_is_refused_by_the_form_in_time(client, people, tag):
    client.force_login(people.author)
    body = f"<{tag}>" * 20_000 + "deep"
    began = time.process_time()
    form = factories.content(body=body) | {"tags": ""}
    answer = client.post("/admin/articles/article/add/", form)
    assert time.process_time() - began < 5
    assert "more than 120 deep" in answer.content.decode()
    assert not Revision.objects.exists()


def test_a_text_as_deep_as_people_write_is_taken():
    html = "<ul><li><p>one</p>" * 12 + "</li></ul>" * 12
    assert not prose.too_deep(html)
    assert not prose.too_deep("<p>short</p>" * 5000)


def test_what_an_older_allowlist_let_through_reaches_no_reader(client, people):
    page = factories.published_page(slug="old", body="<p>Kept before.</p>")
    old = '<p onclick="hit(1)">Kept before.</p><script>hit(2)</script><iframe src="x"></iframe>'
    # As if a rule of the past had allowed it: the guards of the database are about live changes.
    assert prose.as_allowed_now({"body": old})["body"] == "<p>Kept before.</p>"
    revision = page.live_revision
    revision.content = revision.content | {"body": old}
    page = Page.objects.get(pk=page.pk).specific
    page.live_revision = revision
    html = render_body(page).html
    assert "Kept before" in html
    assert "script" not in html and "onclick" not in html and "iframe" not in html


def test_a_form_that_is_far_too_large_or_has_far_too_many_fields_is_refused(client, people):
    client.force_login(people.author)
    client.raise_request_exception = False
    many = {f"field-{n}": "x" for n in range(2100)}
    large = {"body": "x" * (6 * 1024 * 1024)}
    for form in (many, large):
        answer = client.generic(
            "POST",
            "/admin/articles/article/add/",
            "&".join(f"{k}={v}" for k, v in form.items()),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code in (400, 413)
    assert not Revision.objects.exists()


CLIENTS = re.compile(
    r"^\s*(?:import|from) (?:http\.client|urllib\.request|socket|requests|httpx|urllib3)\b", re.M
)
# One client asks other machines; the other tells the operator's own cache what became stale.
MAY_ASK = {
    "evidence/outgoing.py",
    "autoimmune_site/page_cache/purge.py",
    "autoimmune_site/deadlines.py",  # only ends connections that the database's driver made
}


def test_only_one_client_asks_other_machines():
    asking = {
        str(path.relative_to(settings.BASE_DIR))
        for path in FILES
        if CLIENTS.search(path.read_text(encoding="utf-8"))
    }
    assert asking == MAY_ASK


def patterns() -> dict[str, str]:
    """Every text in our code that is given to `re`: place -> pattern."""
    found = {}
    for path in FILES:
        with tokenize.open(path) as file:
            tokens = list(tokenize.generate_tokens(file.readline))
        for place, token in enumerate(tokens[:-6]):
            called = "".join(t.string for t in tokens[place : place + 4])
            if not re.fullmatch(
                r"re\.(?:compile|sub|subn|match|search|fullmatch|split|findall|finditer)\(", called
            ):
                continue
            strings = []
            for later in tokens[place + 4 :]:
                if later.type == tokenize.STRING:
                    strings.append(later.string)
                elif later.type not in (tokenize.NL, tokenize.COMMENT):
                    break
            text = "".join(map(_text_of, strings))
            if text:
                found[f"{path.relative_to(settings.BASE_DIR)}:{token.start[0]}"] = text
    return found


def _text_of(literal: str) -> str:
    """A string literal's value; a formatted one with a letter in place of what is filled in."""
    prefix = literal[: len(literal) - len(literal.lstrip("rRbBuUfF"))].lower()
    body = literal[len(prefix) :]
    quotes = body[:3] if body[:3] in ('"""', "'''") else body[:1]
    text = body[len(quotes) : -len(quotes)]
    if "f" in prefix:
        text = re.sub(r"(?<!\{)\{[^{}]*\}(?!\})", "a", text).replace("{{", "{").replace("}}", "}")
    return (
        text
        if "r" in prefix
        else text.encode("latin-1", "backslashreplace").decode("unicode_escape")
    )


REPEATS = (words.MAX_REPEAT, words.MIN_REPEAT)


def nested(tree, inside=False) -> bool:
    """Whether something that repeats without end stands in something that does, with nothing
    between them that must be there: the shape whose time can grow as a power of two."""
    for kind, value in tree:
        if kind in REPEATS:
            _, most, inner = value
            endless = most == words.MAXREPEAT
            if endless and inside and len(tree) == 1:
                return True
            if nested(inner, inside=endless):
                return True
        elif kind == words.SUBPATTERN:
            if nested(value[3], inside and len(tree) == 1):
                return True
        elif kind == words.BRANCH and any(nested(branch, inside) for branch in value[1]):
            return True
    return False


def test_the_check_for_nested_repeats_knows_one():
    for bad in ("(a+)+b", "(?:a*)*", "((?:x+))+", "(?:a+|b)*c"):
        assert nested(parser.parse(bad)), bad
    for good in (r"\s+(?:a\s+)*", "(?:ab+c)*", "a+b+"):
        assert not nested(parser.parse(good)), good


def test_no_regular_expression_repeats_a_repeat():
    found = patterns()
    assert len(found) > 60
    bad = {}
    for place, text in found.items():
        try:
            tree = parser.parse(text, re.VERBOSE if "(?x)" in text else 0)
        except re.error:
            continue  # put together from parts; the test of time below reads the whole
        if nested(tree):
            bad[place] = text
    assert bad == {}


ATTACKS = (" ", "a", "1", "<", "-", ".", "\t", "a ", "1,", "&", "#", "[", "=", "/", '"', "é")


def seconds(pattern: re.Pattern, run: str, length: int) -> float:
    """What one search in a long run of the same few characters takes of the processor."""
    text = run * (length // len(run)) + "\x00"
    began = time.process_time()
    pattern.search(text)
    return time.process_time() - began


def grows_too_fast(pattern: re.Pattern, run: str) -> bool:
    """Whether four times the text costs more than the square of four and as much again. A ratio
    of two times on one machine, so that a slow or a busy one answers the same."""
    if seconds(pattern, run, 1000) < 0.1:
        return False
    short = max(min(seconds(pattern, run, 250) for _ in range(5)), 0.001)
    return min(seconds(pattern, run, 1000) for _ in range(2)) > 28 * short


def test_the_check_for_cost_that_grows_too_fast_knows_one():
    assert grows_too_fast(re.compile(r"\d+\d*x"), "1")
    assert not grows_too_fast(re.compile(r"\d+x"), "1")


def test_compiled_patterns_cost_at_most_the_square_of_a_long_run():
    slow = []
    for module_name, thing in list(sys.modules.items()):
        if module_name.split(".")[0] not in ROOMS:
            continue
        for name, pattern in vars(thing).items():
            if isinstance(pattern, re.Pattern) and not isinstance(pattern.pattern, bytes):
                slow += [f"{module_name}.{name}" for run in ATTACKS if grows_too_fast(pattern, run)]
    assert slow == []
