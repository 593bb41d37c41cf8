"""One sentence as the rules see it: its live cues, its properties, how it speaks."""

from dataclasses import dataclass, field

from claims.checker.lexicon import Hit, Lexicon, bits_of
from claims.checker.model import HEADING_KINDS, Sentence
from claims.checker.pattern import PROPERTIES, property_bit

_BIT = {name: property_bit(name) for name in PROPERTIES}
_HEDGED, _NEGATED, _QUESTION, _QUOTATION, _ATTRIBUTED = (
    _BIT[name] for name in ("hedged", "negated", "question", "quotation", "attributed")
)
_HEADING, _PARAGRAPH, _TITLE, _CITED, _SHORT, _SOURCED = (
    _BIT[name] for name in ("heading", "paragraph", "title", "cited", "short", "sourced")
)
_SHORT_SENTENCE = 90  # characters
_WORD = 20
_TO_THE_END = 10_000
_MARKS = 2  # quotation marks or a bullet that may stand before the first word
_SUBJECT = 6  # words between who says it and the verb of saying
_ASKING = frozenset(
    "can could does do is are will would should may might what which who how why when where "
    "whether".split()
)


UNPROVEN, LIFESTYLE, STANDARD = "unproven", "lifestyle", "standard"
_ABOUT = {
    UNPROVEN: _BIT["about_unproven"],
    LIFESTYLE: _BIT["lifestyle_topic"],
    STANDARD: _BIT["about_standard"],
}


@dataclass(slots=True)
class Reading:
    """A sentence with its hits; `present` joins their bits.

    `spoken` and `heard` are the same before denials and aims have silenced any.
    """

    sentence: Sentence
    start: int
    end: int
    hits: list[Hit] = field(default_factory=list)
    spoken: list[Hit] = field(default_factory=list)
    present: int = 0
    heard: int = 0
    properties: int = 0


def hits_of(reading: Reading, *groups: str) -> list[Hit]:
    """The live cues of some groups of the shipped lexicon, in order."""
    bits = bits_of(*groups)
    return [hit for hit in reading.hits if hit.bits & bits]


def read_sentence(sentence: Sentence, start: int, end: int, hits: list[Hit], words: str,
                  lexicon: Lexicon) -> Reading:  # fmt: skip
    """The reading of one sentence; `hits` are those inside `start`..`end` of the folded text."""
    heard = 0
    for hit in hits:
        heard |= hit.bits
    if heard & lexicon.verbs:
        hits = _finite(hits, words, lexicon.verbs)
    if heard & lexicon.masking:
        hits = _unmasked(hits, lexicon.masking)
        heard = 0
        for hit in hits:
            heard |= hit.bits
    live = _silenced(hits, words, lexicon, heard, start) if heard & lexicon.silencing else hits
    present = 0
    for hit in live:
        present |= hit.bits
    return Reading(sentence, start, end, live, hits, present, heard)


_OPENS_A_CLAIM = frozenset(
    "helps help helped helping able ability potential power capacity capability shown appear "
    "appears seem seems known proven found continue continues begin begins began likely allows "
    "enable enables works unable set poised promises promise demonstrated way ways".split()
)


def _finite(hits: list[Hit], words: str, verbs: int) -> list[Hit]:
    """Without the verbs of benefit that a bare "to" turns into a purpose ("used to calm")."""
    out = []
    for hit in hits:
        # `words` stands one place to the right of the offsets of hits.
        if hit.bits & verbs and words.startswith(" to ", hit.start - 3):
            before = words.rfind(" ", max(0, hit.start - _WORD), hit.start - 3) + 1
            if words[before : hit.start - 3] not in _OPENS_A_CLAIM:
                hit = Hit(hit.start, hit.end, hit.bits & ~verbs)
                if not hit.bits:
                    continue
        out.append(hit)
    return out


def _unmasked(hits: list[Hit], masking: int) -> list[Hit]:
    """Without the cues that lie inside a longer phrase which means something else."""
    out: list[Hit] = []
    covers = [(h.start, h.end) for h in hits if h.bits & masking]
    at = 0
    for hit in hits:
        while at < len(covers) and covers[at][1] <= hit.start:
            at += 1
        if at < len(covers) and not hit.bits & masking:
            start, end = covers[at]
            if start <= hit.start and hit.end <= end and end - start > hit.end - hit.start:
                continue
        out.append(hit)
    return out


def _silenced(hits: list[Hit], words: str, lexicon: Lexicon, heard: int, start: int) -> list[Hit]:
    bits = [h.bits for h in hits]
    breaks = lexicon.bit("clause_break")
    for silencer in lexicon.silencers:
        group, silenced = silencer.group, silencer.silenced
        if not (heard & group and heard & silenced):
            continue
        if silencer.after and not heard & silencer.after:
            continue
        for index, hit in enumerate(hits):
            if not hit.bits & group:
                continue
            if silencer.opens and hit.start > start + _MARKS:
                break
            if silencer.after and not _follows(hits, index, silencer.after, words):
                continue
            reach = silencer.reach or _TO_THE_END
            _quiet(hits, bits, index, 1, reach, silenced, breaks, words)
            if silencer.backwards:
                _quiet(hits, bits, index, -1, silencer.backwards, silenced, breaks, words)
    return [h if b == h.bits else Hit(h.start, h.end, b) for h, b in zip(hits, bits, strict=True)]


def _follows(hits: list[Hit], index: int, wanted: int, words: str) -> bool:
    """Whether a cue of the wanted groups ends within a few words before this one."""
    start = hits[index].start
    for other in reversed(hits[max(0, index - 12) : index]):
        if other.bits & wanted and other.end < start:
            return words.count(" ", other.end + 1, start) <= _SUBJECT
    return False


def _quiet(hits, bits, index, step, reach, silenced, breaks, words) -> None:
    """Take the silenced groups from the cues on one side of a hit, within reach."""
    here = hits[index]
    at = index + step
    # Only the nearest cues can be meant, which also keeps the cost of a sentence bounded.
    for _ in range(40):
        if not 0 <= at < len(hits):
            return
        other = hits[at]
        near, far = (here.end, other.start) if step > 0 else (other.end, here.start)
        if far >= near:
            if other.bits & breaks:
                return
            if far - near > reach * _WORD or words.count(" ", near + 1, far) > reach:
                return
            bits[at] &= ~silenced
        at += step


def set_properties(reading: Reading, lexicon: Lexicon, sourced: bool, about: str) -> None:
    """Fill in how the sentence speaks, on the sentence itself and as bits for the rules."""
    sentence, has = reading.sentence, reading.heard
    sentence.hedged = bool(has & lexicon.bit("hedge"))
    sentence.negated = bool(has & lexicon.bit("negation"))
    sentence.attributed = bool(has & lexicon.bit("attribution"))
    sentence.question = _is_question(sentence)
    sentence.quotation = sentence.kind == "quote" or _is_quoted(sentence.text)
    heading = sentence.kind in HEADING_KINDS
    bits = _HEADING if heading else _PARAGRAPH
    if sentence.hedged:
        bits |= _HEDGED
    if sentence.negated:
        bits |= _NEGATED
    if sentence.question:
        bits |= _QUESTION
    if sentence.quotation:
        bits |= _QUOTATION
    if sentence.attributed:
        bits |= _ATTRIBUTED
    if sentence.kind == "title":
        bits |= _TITLE
    if sentence.cited:
        bits |= _CITED
    if len(sentence.text) < _SHORT_SENTENCE:
        bits |= _SHORT
    reading.properties |= bits | _ABOUT.get(about, 0) | (_SOURCED if sourced else 0)


def mark_absolute(readings: list[Reading], lexicon: Lexicon) -> None:
    """Note on each sentence whether it or a neighbour says "so many in so many"."""
    frequency = lexicon.bit("natural_frequency")
    for index, reading in enumerate(readings):
        if reading.heard & frequency:
            for near in readings[max(0, index - 1) : index + 2]:
                near.properties |= _BIT["absolute_near"]


class Topics:
    """What kind of therapy each sentence is about; "this treatment" means the one before."""

    def __init__(self, lexicon: Lexicon):
        self._unproven, self._lifestyle, self._standard, self._this = (
            lexicon.bit(n) for n in ("unproven", "lifestyle", "standard_care", "this_therapy")
        )
        self._carried = ""

    def of(self, reading: Reading) -> str:
        """The kind of the next sentence, or an empty string."""
        kinds = self._lifestyle | self._standard
        if reading.heard & self._unproven:
            self._carried = UNPROVEN
        elif reading.heard & kinds:
            first = next(h.bits for h in reading.hits if h.bits & (kinds | self._this))
            if not first & self._this:
                self._carried = STANDARD if first & self._standard else LIFESTYLE
        return self._carried


def _is_question(sentence: Sentence) -> bool:
    text = sentence.text.rstrip("\"”’') ")
    if text.endswith("?"):
        return True
    first = text.split(None, 1)[0].lower() if text.strip() else ""
    return sentence.kind in HEADING_KINDS and first in _ASKING and first not in ("how", "why")


def _is_quoted(text: str) -> bool:
    if text.startswith(('"', "“", "«", "„")):
        return True
    return text.rstrip(" .,").endswith(('"', "”", "»")) and not any(c in text for c in "“«„")
