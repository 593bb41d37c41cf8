r"""LaTeX in BibTeX fields to plain letters: `M{\"u}ller` is Müller.

Own code, for bounds: the general decoders recurse into braces and drop what follows a “%”.
"""

from __future__ import annotations

import re
import unicodedata

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "ss": "ß", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "th": "þ",
    "TH": "Þ", "dj": "đ", "DJ": "Đ", "textendash": "–", "textemdash": "—", "ldots": "…",
    "dots": "…", "textregistered": "®", "texttrademark": "™", "textdegree": "°", "pm": "±",
    "times": "×", "leq": "≤", "geq": "≥", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ",
    "epsilon": "ε", "kappa": "κ", "lambda": "λ", "mu": "μ", "omega": "ω", "Delta": "Δ",
    "Gamma": "Γ", "textquoteright": "’", "textquoteleft": "‘", "textasciitilde": "~",
    "textbackslash": " ", "textunderscore": "_", "textpercent": "%", "textdollar": "$",
}  # fmt: skip
# \"u  \"{u}  \'\i  \c{c}  \v s : an accent of a letter needs a brace or a space after it.
_ACCENT = re.compile(
    r"""\\(?:(?P<sign>[`'^~"=.])[ ]{0,3}|(?P<word>[uvHckrdb])(?:[ ]{1,3}|(?=\{)))"""
    r"""(?:\{[ ]?(?:\\(?P<dotless1>[ij])|(?P<braced>\w?))[ ]?\}|\\(?P<dotless2>[ij])(?![A-Za-z])"""
    r"""[ ]?|(?P<plain>\w))"""
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?(?:\{\}|[ ]|(?=[^A-Za-z])|$)")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_DASHES = re.compile(r"(?<!-)(---?)(?!-)")


def plain(text: str) -> str:
    """Accents become letters, commands that only shape the text and braces go. Linear time."""
    if "\\" in text:
        text = _ACCENT.sub(_accented, text)
        text = _ESCAPED.sub(lambda found: _kept(found[1]), text)
        text = _COMMAND.sub(lambda found: _LETTERS.get(found[1], ""), text)
        text = text.replace("\\\\", " ").replace("\\-", "").replace("\\", "")
    text = _DASHES.sub(lambda found: "–" if found[1] == "--" else "—", text)
    text = text.replace("``", "“").replace("''", "”").replace("~", "\u00a0")
    text = text.replace("{", "").replace("}", "").replace("$", "")
    return unicodedata.normalize("NFC", _restored(text)).replace("\u00a0", " ")


def _accented(found: re.Match) -> str:
    letter = found["dotless1"] or found["dotless2"] or found["braced"] or found["plain"] or ""
    return letter + _COMBINING[found["sign"] or found["word"]] if letter else ""


# An escaped brace or dollar must outlast the ones that are taken away.
_HIDDEN = {"{": "\ue000", "}": "\ue001", "$": "\ue002"}


def _kept(sign: str) -> str:
    return _HIDDEN.get(sign, sign)


def _restored(text: str) -> str:
    for sign, hidden in _HIDDEN.items():
        text = text.replace(hidden, sign)
    return text
