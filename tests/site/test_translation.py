"""Every word that readers and editors see can be translated, and a translation is a file."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from tests.pseudo_locale import content, outside_brackets, pseudo_locale
from tests.safety.addresses import routes, world
from therapies import glossary
from therapies.body_systems import PICTURES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SOURCE = ROOT / "locale" / "en_GB" / "LC_MESSAGES" / "django.po"
FILES = sorted(TEMPLATES.rglob("*.html"))
SCRIPTS = sorted([*(ROOT / "static/editor").glob("*.js"), *(ROOT / "static/desk").glob("*.js")])
# In a script: what is handed to a translator, remarks, and texts that people read.
TRANSLATED = re.compile(r'\bn?gettext\(\s*"([^"]*)"(?:,\s*"([^"]*)")?')
REMARK = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)
COMPARED = re.compile(r'[!=]== "[^"]*"')
LITERALS = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
SENTENCE = re.compile(r"[A-Z][a-z]+[ ,.:]|[a-z] [a-z]+")
CODE = re.compile(r"\+Alt\+|[<>\[\]=]|--|__|: \$\{|-\$\{|\}px|^[.#]|\bdesk-")
TOKEN = re.compile(
    r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(?:[^<>{]|\{%.*?%\}|\{\{.*?\}\}|\{(?![%{]))*>)", re.S
)
SPOKEN = re.compile(r'\b(?:aria-label|placeholder|alt|title)="([^"{]*[A-Za-z]{2}[^"{]*)"')
LITERAL = re.compile(r"""\{% translate (?:"([^"]*)"|'([^']*)')""")
# Addresses, and the kind of page as Open Graph names it, are the same in every language.
NO_WORDS = re.compile(r"\{% block (canonical|kind|body_class) %\}.*?\{% endblock %\}", re.S)
ADDRESS = re.compile(r"[?&]?[a-z_]+=\w*|versions/")
# So are names of formats and of the site's own tokens.
NAMES = {"BibTeX", "RIS", "CSL JSON", "DOI", "PMID", "NCT", "manage.py import_sources"}


def untranslated(template: str) -> list[str]:
    """Words of a template that stand outside translate and blocktranslate; a heuristic."""
    found, is_inside = [], False
    for token in TOKEN.split(NO_WORDS.sub("", template)):
        if token.startswith("{%"):
            if "blocktranslate" in token:
                is_inside = "endblocktranslate" not in token
        elif token.startswith("<"):
            found += SPOKEN.findall(token)
        elif not token.startswith(("{{", "{#")) and not is_inside:
            text = re.sub(r"&\w+;|--[a-z-]+", "", token).strip()
            is_word = re.search(r"[A-Za-z]{2}", text) and not ADDRESS.fullmatch(text)
            if is_word and text not in NAMES:
                found.append(text)
    return found


def test_no_template_has_words_that_cannot_be_translated():
    left = {str(path.relative_to(TEMPLATES)): untranslated(path.read_text()) for path in FILES}
    assert {name: words for name, words in left.items() if words} == {}


def test_the_heuristic_sees_a_bare_word_and_a_bare_label():
    bare = '<p aria-label="Steps">{% translate "One" %} two</p>'
    assert untranslated(bare) == ["Steps", "two"]


def test_translators_find_every_word_in_the_source_file():
    known = SOURCE.read_text().replace('"\n"', "").replace('\\"', '"')
    words = {a or b for path in FILES for a, b in LITERAL.findall(path.read_text())}
    missing = [w for w in words if f'msgid "{w}"' not in known]
    assert missing == []


def bare_words(script: str) -> list[str]:
    """What a script may show that no translator is asked about; a heuristic."""
    left = COMPARED.sub("", TRANSLATED.sub("", REMARK.sub("", script)))
    texts = [plain or template for plain, template in LITERALS.findall(left)]
    return [text for text in texts if SENTENCE.search(text) and not CODE.search(text)]


def test_no_script_of_the_desk_has_words_that_cannot_be_translated():
    left = {path.name: bare_words(path.read_text()) for path in SCRIPTS}
    assert {name: words for name, words in left.items() if words} == {}


def test_the_heuristic_sees_a_bare_sentence_in_a_script():
    script = 'say(gettext("One two.")) // “Not this”\nsay("Three four.")\nsay(`now ${n} of five`)'
    assert bare_words(script) == ["Three four.", "now ${n} of five"]


def test_translators_find_every_word_of_the_scripts_in_their_source_file():
    known = SOURCE.with_name("djangojs.po").read_text().replace('"\n"', "")
    pairs = [pair for path in SCRIPTS for pair in TRANSLATED.findall(path.read_text())]
    words = {word for pair in pairs for word in pair if word}
    assert len(words) > 80
    assert [word for word in words if f'"{word}"' not in known] == []


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext's msgfmt is not installed")
def test_the_scripts_speak_another_language_too(admin_client, settings, tmp_path):
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    po += '\nmsgid "Cite a source"\nmsgstr "Dyfynnu ffynhonnell"\n'
    (folder / "djangojs.po").write_text(po)
    subprocess.run(["msgfmt", "-o", folder / "djangojs.mo", folder / "djangojs.po"], check=True)
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("cy"):
        shown = admin_client.get("/admin/jsi18n/").content.decode()
    assert '"Cite a source": "Dyfynnu ffynhonnell"' in shown


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext's msgfmt is not installed")
def test_another_language_is_a_file(client, db, settings, tmp_path):
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    po += '\nmsgid "Words explained"\nmsgstr "Geirfa"\n'
    (folder / "django.po").write_text(po)
    subprocess.run(["msgfmt", "-o", folder / "django.mo", folder / "django.po"], check=True)
    settings.LOCALE_PATHS = [tmp_path]
    trans_real._translations.pop("cy", None)
    try:
        with translation.override("cy"):
            shown = client.get("/glossary/").content.decode()
    finally:
        trans_real._translations.pop("cy", None)
    assert "<h1>Geirfa</h1>" in shown


# The checker reads English, so its rules and their examples are in English whatever the language.
ENGLISH = {"/rules/", "/admin/claims/rules/", "/admin/claims/rule-add/"}
NAME_OF_THE_SITE = {"Autoimmune Evidence"}
STAFF = ("/admin/", "/accounts/")


def _texts_of_files() -> set[str]:
    terms = glossary.terms()
    return {term.term for term in terms} | {term.means for term in terms} | set(PICTURES)


def test_every_word_on_a_readers_page_can_be_translated(client, site, people):
    """In a made-up language every translation stands in brackets: what stands outside them is
    content, or a word that no translator can reach."""
    there = world(site)
    addresses = [there.address(route) for route in routes() if not route.startswith("^")]
    known = content() | _texts_of_files() | NAME_OF_THE_SITE
    left, seen = {}, 0
    with pseudo_locale():
        for address in addresses:
            if address.startswith(STAFF) or any(address.startswith(e) for e in ENGLISH):
                continue
            answer = client.get(address)
            if "html" in answer.headers.get("Content-Type", ""):
                seen += 1
                left[address] = outside_brackets(answer.content.decode(), known)
    assert {address: words for address, words in left.items() if words} == {}
    assert seen > 25


def test_a_word_outside_the_brackets_is_seen():
    page = '<p aria-label="Steps">⟦One <a href="/">of</a> two⟧ three</p><p>Lupus</p>'
    assert outside_brackets(page, {"Lupus"}) == ["Steps", "three"]
