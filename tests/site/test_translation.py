"""Every word of a readers' template can be translated, and a translation is a file."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import trans_real

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SOURCE = ROOT / "locale" / "en_GB" / "LC_MESSAGES" / "django.po"
STAFF = {"claims/report_desk.html"}
FILES = sorted(
    path
    for folder in ("", "articles", "claims", "evidence", "therapies", "site")
    for path in (TEMPLATES / folder).glob("*.html")
    if str(path.relative_to(TEMPLATES)) not in STAFF
)
TOKEN = re.compile(
    r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(?:[^<>{]|\{%.*?%\}|\{\{.*?\}\}|\{(?![%{]))*>)", re.S
)
SPOKEN = re.compile(r'\b(?:aria-label|placeholder|alt|title)="([^"{]*[A-Za-z]{2}[^"{]*)"')
LITERAL = re.compile(r"""\{% translate (?:"([^"]*)"|'([^']*)')""")
# Addresses, and the kind of page as Open Graph names it, are the same in every language.
NO_WORDS = re.compile(r"\{% block (canonical|kind|body_class) %\}.*?\{% endblock %\}", re.S)
ADDRESS = re.compile(r"[?&]?[a-z_]+=\w*|versions/")
# So are names of formats and of the site's own tokens.
NAMES = {"BibTeX", "RIS", "CSL JSON"}


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


def test_no_readers_template_has_words_that_cannot_be_translated():
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
