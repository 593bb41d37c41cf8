"""What shows only in a whole page: benefits told, and not a word of harms."""

import re
from collections.abc import Iterable
from itertools import pairwise

from claims.checker.lexicon import Hit, Lexicon
from claims.checker.model import ADVISE, Finding, Sentence
from claims.checker.normal import Folded
from claims.checker.pattern import property_bit
from claims.checker.reading import Reading

_ENOUGH = 2  # sentences that promise a benefit before silence on harms is worth a word
_ENOUGH_CITED = 3  # the same over the whole page, once those with a source are counted too
_BENEFIT = frozenset({"EFFICACY", "GRADE"})
_STATED = 2  # the strength from which a sentence says that one thing changes another
_ABOUT_CONDITION = property_bit("subject_condition")
_ABOUT_THERAPY = property_bit("subject_therapy")
_LOOK_BACK = 70  # characters before a word of harm
_FILL = (
    "(?:(?:an?|the|any|its?|their|your|of|to|with|or|and|known|real|serious|significant|severe|"
    "major|lasting|long|term|harmful|dangerous|unwanted|nasty|adverse|such|other|further|new|"
    "treatment|drug|related|cause[sd]?|causing|have|has|had|having|produced?|lead|leads|led|carry|"
    "carries|come|comes|bring|brings|pose|poses|involve|involves|give|gives|show|shows|shown|"
    "evidence of|signs? of|reports? of|cases? of|risks?|rates?|chance|side) ){0,4}$"
)
# Immediately before a word of harm: what says that there is none, or that there will be less.
_DENIED = re.compile(
    "(?: (?:no|not|never|cannot|neither|nor|none|zero|minimal|negligible|nil|hardly|free of|"
    r"free from|[a-z]{2,5}n t)|(?<! not)(?<! never)(?<! rarely) without) " + _FILL
)
_LESSENED = re.compile(
    " (?:reduc(?:es?|ed|ing|tion)|lower(?:s|ed|ing)?|cut(?:s|ting)?|decreas(?:es?|ed|ing)|fewer|"
    "less|halv(?:es?|ed|ing)|slash(?:es|ed)?|minimi[sz](?:es?|ed|ing)|eliminat(?:es?|ed|ing)) "
    + _FILL
)
# Immediately after one: what says that there was none.
_ABSENT = re.compile(
    r" (?:(?:have|has|had|are|is|were|was|do|does|did) (?:not|never)|[a-z]{2,5}n t|never)"
    "(?: ever| yet)?(?: been)? (?:seen|found|observed|detected|happen(?:ed)?|occur(?:red)?|an? "
    "(?:issue|problem|concern)) | (?:were|was|are|is) (?:absent|nil|zero|non ?existent) "
)
# "No treatment is free of side effects" tells of harms.
_NONE_FREE = re.compile(r" (?:no|not|none|nothing|never|few|rarely)(?: (?!and )\w+){0,5} $")
_FREE = re.compile(" (?:without|free (?:of|from)) ")


class HarmsTold:
    """Notes sentence by sentence where sections begin, what is promised with a source, and
    whether anything is said of harms."""

    def __init__(self, lexicon: Lexicon):
        bit = lexicon.bit
        self._harms = bit("harms_told") | bit("harm_claim") | bit("harms_further")
        self._few = bit("few_harms")
        self._therapy = bit("therapy")
        self._condition = bit("condition")
        self._pronoun = bit("pronoun")
        self._gains = bit("benefit") | bit("mends") | bit("acts_on")
        self._told = False
        self._count = 0
        self._starts = [0]
        self._promising: dict[int, Sentence] = {}

    def note(self, reading: Reading) -> None:
        """Take in the next sentence."""
        if self._count and reading.sentence.kind == "heading":
            self._starts.append(self._count)
        if not self._told and reading.heard & self._harms:
            self._told = self._tells(reading)
        if reading.sentence.cited and self._promises(reading):
            self._promising[self._count] = reading.sentence
        self._count += 1

    def silent_sections(self, findings: Iterable[Finding]) -> list[Finding]:
        """One finding for each section that promises benefits, on a page that names no harm.

        It stands on the first sentence already found to promise a benefit without a source, so
        that no sentence is flagged for this alone. Sections begin at headings; a text without any
        is one section. Failing that there is one for a page that promises often enough with
        sources, on the first such sentence.
        """
        if self._told:
            return []
        uncited: dict[int, Finding] = {}
        every = {i: _of_sentence(i, s) for i, s in self._promising.items()}
        for finding in findings:
            if finding.category in _BENEFIT:
                every[finding.sentence] = finding
                if not finding.cited:
                    uncited.setdefault(finding.sentence, finding)
        out = []
        for start, end in pairwise([*self._starts, self._count]):
            mine = [uncited[i] for i in range(start, end) if i in uncited]
            if len(mine) >= _ENOUGH:
                out.append(_finding(mine[0], "section"))
        if not out and len(every) >= _ENOUGH_CITED:
            out.append(_finding(every[min(every)], "page"))
        return out

    def _promises(self, reading: Reading) -> bool:
        """Whether a sentence, however careful, says that a therapy helps."""
        sentence = reading.sentence
        if sentence.strength < _STATED or sentence.negated or sentence.question:
            return False
        therapy = reading.heard & self._therapy or reading.properties & _ABOUT_THERAPY
        return bool(therapy and reading.present & self._gains)

    def _tells(self, reading: Reading) -> bool:
        """Whether a word of harm is neither denied nor about the disease alone."""
        if self._is_of_the_disease(reading):
            return False
        words = Folded(reading.sentence.text).words
        few = [h for h in reading.spoken if h.bits & self._few]
        for hit in reading.spoken:
            if hit.bits & self._harms:
                around = next((h for h in few if _overlap(hit, h)), hit)
                start, end = around.start - reading.start, around.end - reading.start
                if _stands(words, start, end) if around is hit else _is_denied_itself(words, start):
                    return True
        return False

    def _is_of_the_disease(self, reading: Reading) -> bool:
        """Whether a sentence is about a disease, and that is not the harm itself ("infections")."""
        if not reading.properties & _ABOUT_CONDITION:
            return False
        # A word for a therapy that opens it ("it can") is the subject, hence the disease.
        if any(h.bits & self._therapy and h.start > reading.start for h in reading.spoken):
            return False
        first = next((h for h in reading.spoken if h.bits & self._condition), None)
        return bool(reading.heard & self._pronoun or first and not first.bits & self._harms)


# In these two `words` stands one place to the right of the offsets.


def _stands(words: str, start: int, end: int) -> bool:
    """Whether a word of harm still tells of one among the words around it."""
    before = words[max(0, start - _LOOK_BACK) : start + 1]
    if _LESSENED.search(before) or _ABSENT.match(words, end + 1):
        return False
    denied = _DENIED.search(before)
    return denied is None or _is_denied_itself(words, start + 1 - len(before) + denied.start())


def _is_denied_itself(words: str, start: int) -> bool:
    """Whether what denies harms is denied in turn: no treatment is free of them."""
    if not _FREE.match(words, start):
        return False
    return _NONE_FREE.search(words[max(0, start - _LOOK_BACK) : start + 1]) is not None


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _of_sentence(index: int, sentence: Sentence) -> Finding:
    return Finding(
        sentence.start, sentence.end, index, "", "", ADVISE, "",
        [(sentence.start, sentence.end)], cited=True,
    )  # fmt: skip


def _finding(first: Finding, where: str) -> Finding:
    return Finding(
        first.start,
        first.end,
        first.sentence,
        "framing-silent-harm",
        "FRAMING",
        ADVISE,
        f"This {where} tells of benefits and names no harm, cost or risk.",
        list(first.triggers),
        "Say beside the benefits what harms are known and how common, or that they are not known.",
        cited=first.cited,
        therapy=first.therapy,
        condition=first.condition,
    )
