"""What each sentence is about: its subject, by a shallow look, and what "it" stands for.

No parser: the subject is the first thing spoken of after an opening phrase ("In lupus, ...",
"By calming the attack, ..."). A pronoun takes the subject of the sentence before, and failing
that the therapy spoken of last.
"""

from claims.checker.lexicon import Hit, Lexicon
from claims.checker.model import HEADING_KINDS
from claims.checker.reading import Reading

THERAPY, LIFESTYLE, STANDARD, PATIENTS, CONDITION, BODY, RESEARCH = (
    "therapy", "lifestyle", "standard", "patients", "condition", "body", "research",
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
    ("workers", RESEARCH),
    ("body_parts", BODY),
)
_OPENINGS = frozenset(
    "in when once by for as after because since although while with through unlike among despite "
    "beyond until if before over at on from within given thanks during instead rather compared "
    "however moreover furthermore additionally also even nonetheless nevertheless importantly "
    "thus therefore consequently ultimately today now recently currently so far derived used "
    "using aside apart notably remarkably without".split()
)
_BARE = frozenset("this these can could may might help helps leads to allows has have such".split())
_REACH = 170  # characters an opening phrase may run to


class Subjects:
    """Finds the subject of each sentence of one text, in order."""

    def __init__(self, lexicon: Lexicon):
        self._kinds = [(lexicon.bit(name), kind) for name, kind in _KINDS]
        self._this = lexicon.bit("this_therapy")
        self._pronoun = lexicon.bit("pronoun") | self._this
        self._made = lexicon.bit("therapy_made")
        self._named = 0
        for bit, _ in self._kinds:
            self._named |= bit
        self._any = self._pronoun | self._named
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
        first = self._first(reading, begin, self._any)
        if first is None:
            return ""
        if not first.bits & self._pronoun or self._names_itself(first, plain):
            return self._kind(first, reading)
        if begin > start:
            # "When the immune system works, it protects": the opening says who "it" is.
            named = self._first(reading, start, self._named)
            if named is not None and named.start < begin:
                return self._kind(named, reading)
        # "Studies have shown ... . It can also ...": the studies are not what it stands for.
        if self._before == RESEARCH and self._topic:
            return self._topic
        return self._before or self._topic

    def _first(self, reading: Reading, begin: int, wanted: int) -> Hit | None:
        """The first cue of the wanted kinds; the longest where several begin together."""
        found = None
        for hit in reading.spoken:
            if found is not None and hit.start > found.start:
                break
            if hit.start >= begin and hit.bits & wanted:
                found = hit
        return found

    def _names_itself(self, hit: Hit, plain: str) -> bool:
        """Whether it is a noun ("these cells"), not a bare "it can" or "they help"."""
        if not hit.bits & (self._this | self._named):
            return False
        words = plain[hit.start : hit.end].lower().split()
        return words[0] not in ("it", "they") and words[-1] not in _BARE

    def _kind(self, first: Hit, reading: Reading) -> str:
        bits = first.bits
        for hit in reading.spoken:
            if hit.start == first.start:
                bits |= hit.bits
        if bits & self._this and (
            self._before in (THERAPY, LIFESTYLE)
            or (self._before == STANDARD and not bits & self._made)
        ):
            return self._before
        for bit, kind in self._kinds:
            if bits & bit:
                return kind
        return self._topic or self._before
