"""A copy of the text made for matching, with a way back to the offsets of the original.

Case, quotation marks, dashes, look-alike letters, zero-width characters and runs of
white space are evened out, so that a cue is found however it was typed.
"""

import re
import unicodedata
from bisect import bisect_right

# Letters of other scripts that look like a Latin letter; used to slip past a word list.
_LOOKALIKES = dict(
    zip(
        "асеорхуіјѕһԁԛԝʟɡАВСЕНІЈКМОРЅТХУοαιυνκρτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧгѵӏϲսոօհցɑɩɪıʀᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱ",
        "aceopxyijshdqwlgABCEHIJKMOPSTXYoaiuvkptxABEZHIKMNOPTYXrvlcunohgaiiiracdejkmoptuvwzs",
        strict=True,
    )
)
# Soft hyphen, zero-width, direction and filling marks, variation selectors, tags, accents:
# they hold no place in a word, so the copy leaves them out.
UNSEEN_MARKS = (
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
UNSEEN = re.compile(f"(?:{UNSEEN_MARKS}|\\s)*")
_SPECIAL = re.compile(f"[{UNSEEN_MARKS[1:-1]}\u0300-\u036f]+|[ ]{{2,}}|[\ufb00-\ufb06]")
_RUNS = re.compile(" {2,}")
_PLANES = (range(0x10000), range(0xE0000, 0xE0200))
_LEFT_OUT = frozenset(c for plane in _PLANES for c in map(chr, plane) if _SPECIAL.fullmatch(c))
_SPACES = {ord(c): " " for c in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"}


def _single_equivalents() -> dict[int, str]:
    """Characters whose compatibility form is one plain ASCII character or one letter."""
    ranges = [
        (0xA0, 0x250), (0x2000, 0x2070), (0x2100, 0x2190), (0x24B6, 0x24EA), (0xFF01, 0xFF5F),
        (0x1D400, 0x1D7FF),
    ]  # fmt: skip
    table = {}
    for low, high in ranges:
        for code in range(low, high):
            plain = unicodedata.normalize("NFKD", chr(code))
            plain = "".join(c for c in plain if not unicodedata.combining(c))
            if len(plain) == 1 and plain != chr(code) and plain.isascii():
                table[code] = plain
    return table


def _table() -> dict[int, str]:
    table = _single_equivalents()
    table.update({ord(k): v for k, v in _LOOKALIKES.items()})
    table.update(_SPACES)
    table.update({ord(c): "'" for c in "‘’‚‛′`´ʼ"})
    table.update({ord(c): '"' for c in "“”„‟″«»"})
    table.update({ord(c): "-" for c in "‐‑‒–—―−"})
    table[ord("İ")] = "I"  # the one letter that lower() turns into two characters
    table[0x3000] = " "
    # Lone surrogates cannot be handed to compiled code.
    table.update(dict.fromkeys(range(0xD800, 0xE000), " "))
    return table


_PLAIN = _table()
_WORDS_ONLY = {code: " " for code in range(128) if not chr(code).isalnum()}
_WORDS_ONLY[ord("%")] = "%"
_WORDS_ONLY.update({ord(c): " " for c in "…•·®™©°€£¥§¶†‡"})


class Folded:
    """`plain` keeps the case, `words` is lower case with every mark turned into a space.

    Both have the same length; `words` has one space before and after, which `back` undoes.
    Where the text is a part of a longer one, `base` is the offset at which it begins there.
    """

    __slots__ = ("plain", "words", "_base", "_starts", "_shifts", "_origins", "_last")

    def __init__(self, text: str, base: int = 0):
        plain = text.translate(_PLAIN)
        self._base = base
        self._last = max(len(text) - 1, 0)
        self._starts: list[int] = []
        self._shifts: list[int] = []
        self._origins: list[int] = []
        odd = not (text.isascii() or _LEFT_OUT.isdisjoint(plain))
        if odd or "  " in plain:
            plain = self._squeeze(plain, _SPECIAL if odd else _RUNS)
        self.plain = plain
        self.words = f" {plain.lower().translate(_WORDS_ONLY)} "

    def _squeeze(self, plain: str, special: re.Pattern) -> str:
        """Drop what is unseen, noting where the offsets shift and by how much."""
        out, last, length, shift = [], 0, 0, 0
        for hit in special.finditer(plain):
            piece = hit.group()
            new = " " if piece[0] == " " else ""
            if "\ufb00" <= piece[0] <= "\ufb06":
                new = unicodedata.normalize("NFKC", piece)
            out += [plain[last : hit.start()], new]
            length += hit.start() - last + len(new)
            shift += len(piece) - len(new)
            last = hit.end()
            self._starts.append(length)
            self._shifts.append(shift)
            self._origins.append(length + shift)
        if not out:
            return plain
        out.append(plain[last:])
        return "".join(out)

    def back(self, offset: int) -> int:
        """The offset in the original text of a character of `plain`."""
        if not self._starts:
            return offset + self._base
        at = bisect_right(self._starts, offset)
        found = offset + (self._shifts[at - 1] if at else 0)
        if at < len(self._origins):
            # Two letters written as one sign ("ﬁ") both come of that sign.
            found = min(found, self._origins[at] - 1)
        return self._base + min(found, self._last)

    def into(self, offset: int) -> int:
        """The offset in `plain` of an offset in the original text; the inverse of `back`."""
        offset -= self._base
        if not self._starts:
            return offset
        low = bisect_right(self._origins, offset)
        inside = offset - (self._shifts[low - 1] if low else 0)
        return min(inside, self._starts[low]) if low < len(self._starts) else inside


def fold_phrase(phrase: str) -> str:
    """A cue or a name as it stands in `Folded.words`, with its two spaces."""
    words = Folded(phrase).words.split()
    return f" {' '.join(words)} " if words else ""
