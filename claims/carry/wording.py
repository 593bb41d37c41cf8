"""A sentence as the words its meaning hangs on: what is harmless has been taken out.

Two sentences with equal `keys` say the same. Taken out or made uniform are: letter case, marks of
punctuation, kinds of dash, quotation mark and blank, markup, citations, articles, connectives at
the start, British and American spelling, contractions, number words, units written out. Kept are
all other words and every number, sign, unit and symbol, in order, and a question mark.
"""

import html
import re
import unicodedata
from dataclasses import dataclass

from .grammar import BREAK, expand, reduce_words

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′ʼ`´"), "'") | dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―"), "-")
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_TO_SUPER = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹⁺⁻]+")
_AFTER_WORD = re.compile(r"(?:[.,;:!?)\"'’”]|[^\W\d_]{4})$")
_SUP_TAG = re.compile(r"<sup>([\d+-]{1,9})</sup>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|i|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{1,300}\)")
_EMPHASIS = re.compile(
    r"(?<![^\W_])(\*{1,3}|_{1,3})(?=[^\s*_])|(?<=[^\s*_])(\*{1,3}|_{1,3})(?![^\W_])"
)
_BULLET = re.compile(r"\s*(?:[-*•·‣▪●–—]\s+|\(?\d{1,2}[.)]\s+(?=[^\W\d_]))")

_KEY_CITATION = re.compile(r"\s*\[@[^\[\]]{1,300}\]")
_NUMBER_CITATION = re.compile(r"\s*\[\d{1,3}(?:\s?[,;-]\s?\d{1,3}){0,20}\]")
# Square brackets behind these words hold a result, not the number of a reference.
_RESULT_BEFORE = re.compile(
    r"(?:\b(?:ci|cri|interval|range|iqr|sd|se|mean|median|score|between|of|is|was|to)|[\d%=:])\s*$",
    re.IGNORECASE,
)
_NAME = r"[A-Z][^\W\d_]{1,30}(?:-[A-Z][^\W\d_]{1,30})?"
_ONE_WORK = rf"{_NAME}(?:(?: et al\.?|(?: and | & ){_NAME}),?|,) (?:19|20)\d\d[a-z]?"
_AUTHOR_CITATION = re.compile(rf"\s*\((?:see )?{_ONE_WORK}(?:; {_ONE_WORK}){{0,5}}\)")
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_ACRONYM = re.compile(r"\s*\(([A-Z][A-Za-z]{1,7})\)")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?![\d,])")
_PREFIX = re.compile(
    r"\b(anti|auto|bi|bio|co|extra|hyper|hypo|immuno|inter|intra|macro|micro|mid|mono|multi|neuro"
    r"|non|over|poly|post|pre|re|semi|sub|super|ultra|un|under)-(?=[a-z])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?<=\d)(\s?%)?\s?-\s?(?=\d)")
_MINUS = re.compile(r"(?<![^\s(\[=<>])-(?=\d)")
_BARE_POINT = re.compile(r"(?<![\w.])\.(?=\d)")
_TOKEN = re.compile(
    r"\d+(?:\.\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*'?|(?P<sign>(?<=[A-Z\d])-(?=[\s.,;:)]|$))|[^\w\s]"
)
_KEPT_MARKS = frozenset("%‰/&?^")
_LOST_SYMBOLS = frozenset("®™©|`´¨¯¸")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a sentence for comparing (`keys`) and as they were written (`raws`).

    `breaks` are the indexes of words with a comma, semicolon or colon before them.
    """

    keys: tuple[str, ...]
    raws: tuple[str, ...]
    breaks: frozenset[int] = frozenset()


def flat(sentence: str) -> str:
    """The sentence with its blanks, quotation marks, dashes and letter forms made uniform.

    Raised figures stay apart from the number before them: 10⁹ is not 109.
    """
    if sentence.isascii():
        return " ".join(sentence.replace("`", "'").split())
    text = _SUPERSCRIPT.sub(_raised, sentence.translate(_QUOTES)).translate(_DASHES)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_QUOTES).translate(_DASHES)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs"))
    return " ".join(text.split())


def _raised(hit: re.Match) -> str:
    figures = hit.group().translate(_SUPER)
    if figures in "+-":
        return figures
    # Raised figures after a sentence's end or a whole word are references; elsewhere powers.
    if _AFTER_WORD.search(hit.string, max(0, hit.start() - 4), hit.start()):
        return f" [{figures.strip('+-')}]"
    return f"^{figures}"


def read(sentence: str) -> Wording:
    """The words that carry a sentence's meaning. Any text gives an answer; none raises."""
    text = _acronyms(_without_citations(flat(_numbers(_plain(sentence)))))
    tokens = list(_tokens(_signs(text)))
    return Wording(*reduce_words(expand(tokens)))


def _plain(text: str) -> str:
    """Without inline markup, list marks and character references."""
    if "<" in text:
        text = _SUP_TAG.sub(lambda hit: hit[1].translate(_TO_SUPER), text)
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub("", text)
    return text[list_mark(text) :]


def list_mark(text: str) -> int:
    """How many characters at its start are the bullet or number of a list item."""
    hit = _BULLET.match(text)
    return hit.end() if hit else 0


def _numbers(text: str) -> str:
    if "," not in text and text.isascii():
        return text
    return _THOUSANDS.sub(lambda hit: re.sub(r"\D", "", hit.group()), text)


def _without_citations(text: str) -> str:
    if "[" in text:
        text = _KEY_CITATION.sub("", text)
        text = _NUMBER_CITATION.sub(_reference, text)
    if "(" in text:
        text = _AUTHOR_CITATION.sub(lambda h: h.group() if _MONTH.search(h.group()) else "", text)
    return text


def _reference(hit: re.Match) -> str:
    before = hit.string[max(0, hit.start() - 20) : hit.start()]
    return hit.group() if not before or _RESULT_BEFORE.search(before) else ""


def _acronyms(text: str) -> str:
    """Without an abbreviation in brackets whose letters begin the words before it."""
    return _ACRONYM.sub(_spelt_out, text) if "(" in text else text


def _spelt_out(hit: re.Match) -> str:
    letters = [c for c in hit[1] if c.isupper()]
    words = re.findall(r"[^\W\d_]+", hit.string[max(0, hit.start() - 200) : hit.start()])
    initials = [w[0].upper() for w in words[-len(letters) :]]
    return "" if len(letters) > 1 and initials == letters else hit.group()


def _signs(text: str) -> str:
    """Ranges, minus signs, comparisons and prefixes written in one way."""
    if "-" in text:
        text = _RANGE.sub(r"\1 to ", text)
        text = _PREFIX.sub(r"\1", _MINUS.sub("−", text))
    if "." in text[:-1]:
        text = _BARE_POINT.sub("0.", text)
    return text.replace("<=", "≤").replace(">=", "≥")


def _tokens(text: str):
    """Pairs (word in small letters, word as written); marks without a meaning are dropped."""
    for hit in _TOKEN.finditer(text):
        raw = hit.group()
        if len(raw) > 1 and raw.isascii() and raw.isalpha():  # most; what follows says the same
            yield raw.lower(), raw
        elif raw[0].isdecimal():
            yield raw, raw
        elif hit["sign"]:
            yield "negative-sign", raw
        elif raw in ",;:":
            yield BREAK, raw
        elif len(raw) > 1 or raw.isalnum():
            yield _letter(raw, text, hit) or _folded(raw), raw
        elif raw in _KEPT_MARKS or _is_symbol(raw):
            yield raw, raw


def _is_symbol(mark: str) -> bool:
    return mark not in _LOST_SYMBOLS and unicodedata.category(mark)[0] == "S"


def _letter(raw: str, text: str, hit: re.Match) -> str:
    """“A” as in hepatitis A or group A is a name, not an article."""
    if raw not in ("A", "a"):
        return ""
    beside = text[hit.end() : hit.end() + 1]
    is_name = raw == "A" and hit.start() > 2  # quotation marks may stand before the first word
    return "letter-a" if is_name or (beside and not beside.isspace()) else ""


def _folded(word: str) -> str:
    word = word.casefold()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    kept = [
        c for i, c in enumerate(parts) if not (unicodedata.combining(c) and _latin_before(parts, i))
    ]
    return unicodedata.normalize("NFC", "".join(kept))


def _latin_before(parts: str, at: int) -> bool:
    while at and unicodedata.combining(parts[at]):
        at -= 1
    return parts[at].isascii()
