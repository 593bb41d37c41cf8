"""What each sentence is about: its subject, by a shallow look, and what "it" stands for.

No parser: the subject is the first thing spoken of after an opening phrase ("In lupus, ...",
"By calming the attack, ..."). A pronoun takes the subject of the sentence before, and failing
that the therapy spoken of last.
"""

from claims.checker.lexicon import Hit, Lexicon
from claims.checker.model import HEADING_KINDS
from claims.checker.reading import Reading

THERAPY, LIFESTYLE, STANDARD, PATIENTS, CONDITION, OTHER = (
    "therapy", "lifestyle", "standard", "patients", "condition", "other",
)  # fmt: skip
# In this order where two kinds stand at the same place; the more telling first.
_KINDS = (
    ("named_therapy", THERAPY),
    ("unproven", THERAPY),
    ("therapy_made", THERAPY),
    ("usual_care", STANDARD),
    ("standard_care", STANDARD),
    ("lifestyle", LIFESTYLE),
    ("patients", PATIENTS),
    ("she_word", PATIENTS),
    ("condition", CONDITION),
    ("workers", OTHER),
    ("body_parts", OTHER),
)
_OPENINGS = frozenset(
    "in when once by for as after because since although while with through unlike among despite "
    "beyond until if before over at on from within given thanks during instead rather compared "
    "however moreover furthermore additionally also even nonetheless nevertheless importantly "
    "thus therefore consequently ultimately today now recently currently so far derived used "
    "using aside apart notably remarkably without".split()
)
_REACH = 170  # characters an opening phrase may run to


class Subjects:
    """Finds the subject of each sentence of one text, in order."""

    def __init__(self, lexicon: Lexicon):
        self._kinds = [(lexicon.bit(name), kind) for name, kind in _KINDS]
        self._this = lexicon.bit("this_therapy")
        self._pronoun = lexicon.bit("pronoun") | self._this
        self._any = self._pronoun
        for bit, _ in self._kinds:
            self._any |= bit
        self._before = ""
        self._topic = ""

    def of(self, reading: Reading, plain: str) -> str:
        """The kind of the next sentence's subject, or an empty string."""
        kind = self._read(reading, plain) if reading.heard & self._any else ""
        if kind in (THERAPY, LIFESTYLE):
            self._topic = kind
        if kind:
            self._before = kind
        elif reading.sentence.kind in HEADING_KINDS:
            self._before = ""
        return kind

    def _read(self, reading: Reading, plain: str) -> str:
        start, begin = reading.start, reading.start
        word = plain[start : start + 16].split(None, 1)
        if word and word[0].rstrip(",").lower() in _OPENINGS:
            comma = plain.find(",", start, min(start + _REACH, reading.end))
            begin = comma if comma > 0 else start
        first: Hit | None = None
        for hit in reading.spoken:
            if hit.start >= begin and hit.bits & self._any:
                first = hit
                break
        if first is None:
            return ""
        bits = first.bits
        for hit in reading.spoken:
            if hit.start == first.start:
                bits |= hit.bits
        for bit, kind in self._kinds:
            if bits & bit:
                # "Standard care" hides in words that the text has made its own topic.
                return kind
        if bits & self._this and self._topic:
            return self._topic
        return self._before or self._topic
